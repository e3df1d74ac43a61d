"""When this process last took or sent a message; `servers/pulse.py` tells the database."""

from datetime import UTC, datetime, timedelta

_MINUTE = timedelta(minutes=1)
_at: list[datetime] = []


def note_progress(**_: object) -> None:
    """A message was taken or sent now; what the signals of Celery call."""
    _at[:] = [datetime.now(UTC)]


def last_progress() -> datetime | None:
    """When something was done last; None: nothing yet."""
    return _at[0] if _at else None


def is_busy() -> bool:
    """Whether something was done within a minute."""
    at = last_progress()
    return at is not None and datetime.now(UTC) - at < _MINUTE
