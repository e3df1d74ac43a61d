"""What one does at a time where no row could be locked: who comes second waits for the commit."""

from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session


class OneAtATime(IntEnum):
    """What that is. The numbers are those of the advisory locks, of which migrations use 7241."""

    LOOK_INTO_FOLDER = 7242
    NUMBER_BATCH = 7243
    CHANGE_PAYING_ACCOUNTS = 7247
    GRANT_ROLES = 7248
    CLEAR_OLD_SHELVES = 7249
    ROTATE_KEYS = 7250
    SIGN_ROOT = 7251
    STAMP_ROWS = 7252
    HOLD_OR_ERASE = 7253
    COMPARE_PAGES = 7254
    LOOK_INTO_MAILBOX = 7255
    TAKE_SETTLEMENTS = 7256
    CHECK_ALIKE = 7257


def wait_for(session: Session, what: OneAtATime) -> None:
    """Wait until nobody else is at it; it is ours until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(what.value)))


def take_if_free(session: Session, what: OneAtATime, of: str = "") -> bool:
    """Whether nobody else is at it; then it is ours until the transaction ends. `of` tells apart
    what several do each for itself."""
    numbers = (what.value, func.hashtext(of)) if of else (what.value,)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(*numbers))))
