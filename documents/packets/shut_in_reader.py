"""Has the letters on pages read by a process of its own, which reaches nothing but their pixels."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from documents.packets.child_program import READY
from documents.packets.confined_child import ENDED_BY_OTHERS, ProcessKilled, ending_of
from documents.packets.file_limits import Limits
from documents.packets.isolation import ENVIRONMENT, ROOT, code_folders, isolation, start
from documents.reading.page import PageReading, TextLine
from language import _
from rules.errors import Transient

if TYPE_CHECKING:
    from PIL.Image import Image

_PART = 1024 * 1024
_MOST = 64 * 1024 * 1024

_reading = threading.Lock()
_readers: dict[tuple[str, int, int], subprocess.Popen[bytes]] = {}
"""The process for each isolation, and limits of time and memory, that is wanted."""


def read_page(image: Image, text_layer: Sequence[TextLine] | None, limits: Limits) -> PageReading:
    """See `documents.reading.read_page`; safe to call from several threads, which take turns.
    Transient if the process could not start; ProcessKilled if it died over this page or took too
    long."""
    with _reading:
        started = None
        try:
            started = _reader(limits)
            return _answered(started, image, text_layer, limits)
        except (OSError, EOFError) as error:
            code = _stop(limits)
            words = {"why": str(error) or type(error).__name__}
            sentence = _("识读页面的进程没能运行：%(why)s") % words
            is_of_page = started is not None and code not in ENDED_BY_OTHERS
            raise (ProcessKilled if is_of_page else Transient)(sentence) from error


def _answered(
    reader: subprocess.Popen[bytes],
    image: Image,
    text_layer: Sequence[TextLine] | None,
    limits: Limits,
) -> PageReading:
    lines = None if text_layer is None else [(line.text, line.box) for line in text_layer]
    told = {"width": image.width, "height": image.height, "lines": lines}
    assert reader.stdin is not None
    reader.stdin.write(json.dumps(told).encode() + b"\n" + image.convert("RGB").tobytes())
    reader.stdin.flush()
    return PageReading.from_json(_line(reader, limits.patience).decode())


def _reader(limits: Limits) -> subprocess.Popen[bytes]:
    """The process that reads; it starts at the first page, and again after it has died."""
    found = _readers.get(_wanted(limits))
    if found is not None and found.poll() is None:
        return found
    level = isolation(limits.isolation)
    code = [str(path) for path in code_folders()]
    told = [level, str(limits.seconds_reading), str(limits.memory_reading)]
    program = [sys.executable, "-E", "-s", "-m", "documents.packets.reader_program", *told, *code]
    started = subprocess.Popen(
        [*start(level), *program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    _readers[_wanted(limits)] = started
    if _line(started, limits.patience) != READY:
        raise EOFError
    return started


def _line(reader: subprocess.Popen[bytes], patience: float) -> bytes:
    """The next line that it says; EOFError if it ends, says too much, or does not end the line."""
    assert reader.stdout is not None
    source = reader.stdout.fileno()
    deadline, said = time.monotonic() + patience, b""
    while not said.endswith(b"\n"):
        if not wait([source], max(deadline - time.monotonic(), 0)):
            raise EOFError(_("超时"))
        part = os.read(source, _PART)
        if not part or len(said) > _MOST:
            raise EOFError
        said += part
    return said


def _wanted(limits: Limits) -> tuple[str, int, int]:
    return limits.isolation, limits.seconds_reading, limits.memory_reading


def _stop(limits: Limits) -> int | None:
    """End the process; the code with which it ended, if there was one."""
    reader = _readers.pop(_wanted(limits), None)
    if reader is None:
        return None
    reader.kill()
    return ending_of(reader.wait())
