"""Writes the log: one JSON object a line into files, one plain line on a terminal.

Standard logging with a formatter, and no library for it: a statement such as
`log.info("step=%s ids=%s ms=%s", …)` names its values already, and the formatter takes them from
there. Whatever else the libraries below us say goes through the same formatter.

Our own statements hold ids, steps and milliseconds only. As a second line of defence each text
loses its long numbers and its Chinese, which in an English log can only be a value, and of an
exception the message, but for the few kinds whose words cannot be of a person.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from documents.masks import mask_numbers

LogLine = dict[str, Any]

_NAMED = re.compile(r"(\w+)=%s")
_PLACE = re.compile(r"%(?:\((\w+)\))?[a-z]")
_NAMELESS = frozenset({"name", "id", "hostname", "description"})
"""Values of a library's statement about a failed task that say nothing of a person."""
_SPEAK = frozenset(
    {
        "celery.beat.SchedulingError",
        "billiard.exceptions.WorkerLostError",
        "billiard.exceptions.TimeLimitExceeded",
        "kombu.exceptions.OperationalError",
        "redis.exceptions.ConnectionError",
        "redis.exceptions.TimeoutError",
    }
)
"""Kinds of errors whose words are the library's own, of processes and connections alone."""
_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_LONG = 10**10


class LogLines(logging.Formatter):
    """A line is told by `write`; `correlation` says to which request or task it belongs."""

    def __init__(self, write: Callable[[LogLine], str], correlation: Callable[[], str]) -> None:
        super().__init__()
        self._write, self._correlation = write, correlation

    def format(self, record: logging.LogRecord) -> str:
        """The line of this record."""
        return self._write(self.fields(record))

    def fields(self, record: logging.LogRecord) -> LogLine:
        """What the line says, by the names of its fields."""
        return dict(self._told(record))

    def _told(self, record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
        yield "at", _as_text(datetime.fromtimestamp(record.created, UTC))
        yield "level", record.levelname
        yield "log", record.name
        yield "pid", record.process
        if joined := self._correlation():
            yield "correlation", joined
        is_ours = record.name.split(".")[0] == "huzhu"
        yield from _of_ours(record) if is_ours else _of_a_library(record)
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            yield "error", type(error).__name__
            if words := words_of(error):
                yield "words", words
            yield "frames", "".join(traceback.format_tb(error.__traceback__))


def as_json(line: LogLine) -> str:
    """The line as files have it."""
    return json.dumps(line, ensure_ascii=False, default=str)


def in_words(line: LogLine) -> str:
    """The line as a person reads it."""
    rest = (f"{name}={value}" for name, value in line.items() if name not in _HEAD)
    words = (line["at"], line["log"], line.get("text", ""), *rest)
    return " ".join(word for word in words if word)


def note_error(file: Path, log: str, sentence: str) -> None:
    """Add a line to a log in which other processes write too."""
    line = {"at": _as_text(datetime.now(UTC)), "level": "ERROR", "log": log, "text": sentence}
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"{as_json(line)}\n")


_HEAD = ("at", "level", "log", "pid", "text")


def _as_text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def begin(correlation: Callable[[], str] = str) -> None:
    """Let this process, and those forked from it, write such lines to its standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines(in_words if sys.stderr.isatty() else as_json, correlation))
    root = logging.getLogger()
    root.handlers, root.level = [handler], logging.INFO
    # They say at length what they do, and these words are of what they do it with.
    for name in ("rapidocr", "celery", "kombu", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    # What cannot be written is lost: the report of it would show what the line was to hold.
    logging.raiseExceptions = False
    sys.excepthook = lambda kind, error, trace: _died((kind, error, trace))
    threading.excepthook = lambda thread: _died(
        (thread.exc_type, thread.exc_value, thread.exc_traceback)
    )


def _died(error: Any) -> None:
    if not issubclass(error[0], KeyboardInterrupt):
        logging.getLogger("huzhu").critical("died", exc_info=error)


def _of_ours(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    """The values by their names, and the words around them."""
    template = str(record.msg)
    if text := _NAMED.sub("", template).strip():
        yield "text", text
    values = record.args if isinstance(record.args, tuple) else ()
    for name, value in zip(_NAMED.findall(template), values, strict=False):
        yield name, without_persons(value)


def words_of(error: BaseException) -> str:
    """What the error says, where that is nothing of a person; else nothing."""
    kind = type(error)
    if isinstance(error, OSError) and kind.__module__ == "builtins":
        return error.strerror or ""  # without the name of a file
    said = str(error) if f"{kind.__module__}.{kind.__qualname__}" in _SPEAK else ""
    return str(without_persons(said))


def _of_a_library(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    """Beside an exception the words with few values: others repeat the exception's message."""
    if not record.exc_info:
        yield "text", without_persons(record.getMessage())
        return
    values = iter(record.args if isinstance(record.args, tuple) else ())
    named = record.args if isinstance(record.args, dict) else {}

    def fill(place: re.Match[str]) -> str:
        value = named.get(place[1]) if place[1] in _NAMELESS else next(values, None)
        if isinstance(value, BaseException):
            return type(value).__name__
        return str(without_persons(value)) if place[1] and value else "…"

    yield "text", _PLACE.sub(fill, str(record.msg))


def without_persons(value: Any) -> Any:
    """The value without what may be of a person: long numbers and Chinese."""
    if isinstance(value, int | float | None):
        return "*" if isinstance(value, int) and abs(value) >= _LONG else value
    if isinstance(value, list | tuple):
        return [without_persons(each) for each in value]
    return _CHINESE.sub("*", mask_numbers(str(value)))
