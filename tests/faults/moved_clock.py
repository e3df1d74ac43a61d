"""Starts a command of the program with a clock that a test can move while it runs.

With HUZHU_TWICE set, every message is sent twice.
"""

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from celery import Celery

from huzhu import main
from workflows.engine import office


class MovedClock(datetime):
    """Real time, moved by as many seconds as the file HUZHU_CLOCK says."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + moved_by(Path(os.environ["HUZHU_CLOCK"]))


def moved_by(file: Path) -> timedelta:
    """How far the clock is moved: not at all while there is no file."""
    try:
        return timedelta(seconds=float(file.read_text() or 0))
    except FileNotFoundError:
        return timedelta()


def send_twice() -> None:
    """From now on every message is sent to its queue twice."""
    send = Celery.send_task

    def twice(self: Celery, *arguments: object, **options: object) -> object:
        send(self, *arguments, **options)
        return send(self, *arguments, **options)

    Celery.send_task = twice


if __name__ == "__main__":
    if os.environ.get("HUZHU_TWICE"):
        send_twice()
    office.datetime = MovedClock  # type: ignore[attr-defined]
    main()
