"""Tells how old what lies in a folder is, while others may remove it."""

from datetime import datetime
from pathlib import Path


def is_older(path: Path, than: datetime) -> bool:
    """Whether what lies here was last changed before then; not where it has just gone."""
    try:
        return path.stat().st_mtime < than.timestamp()
    except FileNotFoundError:
        return False
