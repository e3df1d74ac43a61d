"""Has the letters on pages read by a process of its own, which reaches nothing but their pixels."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from documents.packets.child_program import READY
from documents.packets.confined_child import ENDED_BY_OTHERS, ProcessKilled, ending_of
from documents.packets.file_limits import CORES, Limits
from documents.packets.isolation import ENVIRONMENT, ROOT, code_folders, isolation, start
from documents.reading.page import PageReading, TextLine
from language import _
from rules.errors import Transient

if TYPE_CHECKING:
    from PIL.Image import Image

_PART = 1024 * 1024
_MOST = 64 * 1024 * 1024

_waiting: defaultdict[Limits, list[subprocess.Popen[bytes]]] = defaultdict(list)
"""The processes without a page, by the limits they keep: as many as pages have been read side by
side."""


def read_page(image: Image, text_layer: Sequence[TextLine] | None, limits: Limits) -> PageReading:
    """See `documents.reading.read_page`; the pages of several threads are read side by side.
    Transient if the process could not start; ProcessKilled if it died over this page or took too
    long."""
    waiting = _waiting[limits]
    reader = _alive(waiting) or _started(limits)
    try:
        seen = _answered(reader, image, text_layer, limits)
    except (OSError, EOFError) as error:
        is_of_page = _end(reader) not in ENDED_BY_OTHERS
        raise (ProcessKilled if is_of_page else Transient)(_sentence(error)) from error
    waiting.append(reader)
    return seen


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


def _alive(waiting: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes] | None:
    """One of those that wait; none if others took them or they have died meanwhile."""
    with suppress(IndexError):
        while (reader := waiting.pop()).poll() is not None:
            pass
        return reader
    return None


def _started(limits: Limits) -> subprocess.Popen[bytes]:
    """One more process that reads; it has loaded its models."""
    level = isolation(limits.isolation)
    code = [str(path) for path in code_folders()]
    threads = CORES // limits.pages_at_once
    told = [level, *map(str, (threads, limits.seconds_reading, limits.memory_reading))]
    program = [sys.executable, "-E", "-s", "-m", "documents.packets.reader_program", *told, *code]
    try:
        reader = subprocess.Popen(
            [*start(level), *program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=ENVIRONMENT,
            start_new_session=True,
        )
    except OSError as error:
        raise Transient(_sentence(error)) from error
    try:
        if _line(reader, limits.patience) != READY:
            raise EOFError
    except (OSError, EOFError) as error:
        _end(reader)
        raise Transient(_sentence(error)) from error
    return reader


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


def _end(reader: subprocess.Popen[bytes]) -> int:
    """End it; the code with which it ended, its own if it was dead before."""
    reader.kill()
    return ending_of(reader.wait())


def _sentence(error: Exception) -> str:
    why = str(error) or type(error).__name__
    return _("识读页面的进程没能运行：%(why)s") % {"why": why}
