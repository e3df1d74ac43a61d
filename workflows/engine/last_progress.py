"""When this process last did something for anybody; `servers/pulse.py` tells the database."""

from datetime import UTC, datetime, timedelta

_MINUTE = timedelta(minutes=1)
_at: list[datetime] = []


def note_progress(**_: object) -> None:
    """Something was done now; also what a signal of Celery calls."""
    _at[:] = [datetime.now(UTC)]


def last_progress() -> datetime | None:
    """When something was done last; None: nothing yet."""
    return _at[0] if _at else None


def is_busy() -> bool:
    """Whether something was done within a minute."""
    at = last_progress()
    return at is not None and datetime.now(UTC) - at < _MINUTE
