"""Judges failures: whether trying again can help, and what to call the cause."""

import os
import traceback

from sqlalchemy.exc import DBAPIError, OperationalError

from rules.errors import HuzhuError, Transient


def will_pass(error: Exception) -> bool:
    """Whether trying again can help: the database, the disk or a lock, not a bug or bad data."""
    if isinstance(error, DBAPIError):
        return isinstance(error, OperationalError) or error.connection_invalidated
    return isinstance(error, (Transient, OSError, MemoryError, TimeoutError))


def cause_of(error: Exception) -> str:
    """What went wrong, for grouping and for a screen: kind and place, never a value."""
    return str(error) if isinstance(error, HuzhuError) else kind_and_place(error)


def kind_and_place(error: Exception) -> str:
    """The same for the log, which has no sentences: one may repeat what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "site-packages" not in f.filename] or frames
    place = f" @ {os.path.basename(ours[-1].filename)}:{ours[-1].lineno}" if ours else ""  # noqa: PTH119
    origin = getattr(error, "orig", None)
    kind = type(origin).__name__ if origin is not None else type(error).__name__
    return f"{kind}{place}"


def frames_of(error: Exception) -> str:
    """Where the error was raised, without its message, which may carry what a person wrote."""
    return "".join(traceback.format_tb(error.__traceback__))
