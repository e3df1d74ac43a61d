"""Attempts to log in: wrong ones slow their sender down, never the account they were aimed at.

A sender is a network address, or a browser in which the same person was logged in before. A
stranger who types wrong passwords holds up himself; the person still comes in from his own desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from language import _
from models import LogInAttempt
from rules.errors import Refused
from workflows.engine.office import Office

_FORGET_ALL_AFTER = timedelta(days=1)
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class _FreeTries:
    """How many wrong attempts are free; each one more doubles the wait. One is forgotten after each
    `forget_one_after` in which the sender was free to try, whether he did or not."""

    free: int
    forget_one_after: timedelta

    def wait(self, failures: int) -> timedelta | None:
        """How long to wait after so many; None while more are free."""
        over = failures - self.free
        return None if over < 0 else min(_FIRST_WAIT * 2 ** min(over, 10), _LONGEST_WAIT)

    def forget(self, row: LogInAttempt, now: datetime) -> None:
        """Take off what is old enough by now; the rest of a period counts for the next one."""
        free_since = max(row.tried_at, row.held_until or row.tried_at)
        periods = max(now - free_since, timedelta()) // self.forget_one_after
        row.failures = max(row.failures - periods, 0)
        row.tried_at = free_since + periods * self.forget_one_after if row.failures else now


_OF_ONE_LOGIN = _FreeTries(5, timedelta(minutes=10))
# A whole office may stand behind one address.
_OF_ALL_LOGINS = _FreeTries(50, timedelta(minutes=2))


class TryLater(Refused):
    """Too many wrong attempts came from there; what is given now is not looked at."""


@dataclass(frozen=True)
class LogInSender:
    """Who tries: his address, empty where all addresses are one; and the browser he is known by,
    empty if he is not known."""

    address: str
    known_as: str = ""

    def name(self) -> str:
        """As what his attempts are counted."""
        return f"browser {self.known_as}" if self.known_as else f"address {self.address}"


def count_attempt(session: Session, office: Office, login: str, sender: LogInSender) -> None:
    """Count one more attempt, before it is known whether it is right: of many at once each counts.

    Refused while the sender must wait. The answer is the same for a name that nobody has.
    """
    now = office.clock()
    for key, limit in _counters(office, login, sender):
        row = _locked(session, key, now)
        if row.held_until is not None and row.held_until > now:
            seconds = int((row.held_until - now).total_seconds()) + 1
            raise TryLater(_("尝试次数过多，请在 %(seconds)s 秒后再试") % {"seconds": seconds})
        limit.forget(row, now)
        row.failures += 1
        wait = limit.wait(row.failures)
        row.held_until = None if wait is None else now + wait


def forgive(session: Session, office: Office, login: str, sender: LogInSender) -> None:
    """The attempt was right: the sender's wrong ones at this name are forgotten, also where they
    were counted for all names."""
    counters = _counters(office, login, sender)
    rows = [_locked(session, key, office.clock()) for key, _limit in counters]
    own = rows[-1]
    for row, (_key, limit) in zip(rows[:-1], counters, strict=False):
        row.failures = max(row.failures - own.failures, 0)
        if limit.wait(row.failures) is None:
            row.held_until = None
    session.delete(own)
    _delete_old(session, office.clock())


def _counters(
    office: Office, login: str, sender: LogInSender
) -> Sequence[tuple[tuple[bytes, str], _FreeTries]]:
    """What the attempt counts for: a stranger's address for all names, and last the name at this
    sender. Rows are locked in this order by everybody, so that no two wait for each other."""
    own = ((office.keys.fingerprint(login), sender.name()), _OF_ONE_LOGIN)
    if sender.known_as or not sender.address:
        return [own]
    return [((b"", sender.name()), _OF_ALL_LOGINS), own]


def _locked(session: Session, key: tuple[bytes, str], now: datetime) -> LogInAttempt:
    """The row under lock, made if there is none; one that is being deleted is made anew."""
    fresh = insert(LogInAttempt).values(login_print=key[0], sender=key[1], failures=0, tried_at=now)
    # Writing what stands there locks the row in the same statement: nobody deletes it meanwhile.
    locked = fresh.on_conflict_do_update(
        index_elements=["login_print", "sender"], set_={"failures": LogInAttempt.failures}
    ).returning(LogInAttempt)
    return session.scalars(locked, execution_options={"populate_existing": True}).one()


def _delete_old(session: Session, now: datetime) -> None:
    """Rows that others hold are left: to wait for them while holding others would be a circle."""
    held = or_(LogInAttempt.held_until.is_(None), LogInAttempt.held_until <= now)
    key = tuple_(LogInAttempt.login_print, LogInAttempt.sender)
    old = (
        select(LogInAttempt.login_print, LogInAttempt.sender)
        .where(LogInAttempt.tried_at <= now - _FORGET_ALL_AFTER, held)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(LogInAttempt).where(key.in_(old)))
