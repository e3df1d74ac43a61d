"""Limits for handed-in files; a file or packet above them is refused."""

import os
from dataclasses import dataclass

MOST_COLUMNS = 100
"""Of a sheet so many columns are read."""

MEBIBYTE = 1024 * 1024

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""So many things this process, and those it starts, can do at once."""


@dataclass(frozen=True)
class Limits:
    """Upper limits for handed-in files, all inclusive."""

    max_bytes_file: int = 50 * MEBIBYTE
    max_bytes_packet: int = 200 * MEBIBYTE
    max_files: int = 100
    max_pages: int = 200
    """Pages in one packet, all files together."""
    max_rows: int = 200_000
    """Filled rows of one sheet."""
    max_pixels: int = 60_000_000
    """Pixels of one page; a PDF page that would have more is rendered smaller."""
    seconds: int = 30
    """Processor time for looking into one file or drawing one page."""
    patience: int = 180
    """Wall time for the same: longer, since a busy machine is no fault of the file."""
    seconds_packet: int = 600
    """Wall time for looking into all files of one packet."""
    memory: int = 2048 * MEBIBYTE
    """Address space of the process that looks into one file."""
    seconds_reading: int = 90
    """Processor time for reading the letters on one page."""
    memory_reading: int = 6144 * MEBIBYTE
    """Address space of the process that reads letters, its models included."""
    pages_at_once: int = 1
    """So many pages of a packet are read side by side, each by a process of its own; no more than
    `CORES`."""
    isolation: str = "auto"
    """How that process is kept apart: one of `Isolation`, or the strongest this machine has."""
    scanner: str = ""
    """Where clamd listens, which looks for malware in all that is handed in; empty: nobody does."""


USUAL_LIMITS = Limits()
"""For a file of one's own, where no office says how much is let in."""
