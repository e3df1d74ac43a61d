"""Attempts to log in: wrong ones slow their sender down, never the account they were aimed at.

A sender is a network address, or a browser in which the same person was logged in before. A
stranger who types wrong passwords holds up himself; the person still comes in from his own desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from language import _
from models import LogInAttempt
from rules.errors import Refused
from workflows.engine.office import Office

_FORGET_ONE_AFTER = timedelta(minutes=10)
_FORGET_ALL_AFTER = timedelta(days=1)
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class _FreeTries:
    """How many wrong attempts are free; each one more doubles the wait."""

    free: int

    def wait(self, failures: int) -> timedelta | None:
        """How long to wait after so many; None while more are free."""
        over = failures - self.free
        return None if over < 0 else min(_FIRST_WAIT * 2 ** min(over, 10), _LONGEST_WAIT)


_OF_ONE_LOGIN = _FreeTries(5)
# A whole office may stand behind one address.
_OF_ALL_LOGINS = _FreeTries(50)


class TryLater(Refused):
    """Too many wrong attempts came from there; what is given now is not looked at."""


@dataclass(frozen=True)
class LogInSender:
    """Who tries: his address, and the browser he is known by, empty if he is not known."""

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
        forgotten = (now - row.tried_at) // _FORGET_ONE_AFTER
        row.failures, row.tried_at = max(row.failures - forgotten, 0) + 1, now
        wait = limit.wait(row.failures)
        row.held_until = None if wait is None else now + wait


def forgive(session: Session, office: Office, login: str, sender: LogInSender) -> None:
    """The attempt was right: the sender's wrong ones at this name are forgotten, and what was
    counted for all names is taken back for this attempt alone."""
    (own, _limit), *whole = _counters(office, login, sender)
    session.execute(delete(LogInAttempt).where(_is(own)))
    for key, limit in whole:
        row = session.get(LogInAttempt, key, with_for_update=True)
        if row is not None:
            row.failures = max(row.failures - 1, 0)
            if limit.wait(row.failures) is None:
                row.held_until = None
    session.execute(delete(LogInAttempt).where(_is_old(office.clock())))


def _counters(
    office: Office, login: str, sender: LogInSender
) -> Sequence[tuple[tuple[bytes, str], _FreeTries]]:
    """What the attempt counts for: the name at this sender, and a stranger's address for all."""
    own = ((office.keys.fingerprint(login), sender.name()), _OF_ONE_LOGIN)
    return [own] if sender.known_as else [own, ((b"", sender.name()), _OF_ALL_LOGINS)]


def _locked(session: Session, key: tuple[bytes, str], now: datetime) -> LogInAttempt:
    fresh = insert(LogInAttempt).values(login_print=key[0], sender=key[1], failures=0, tried_at=now)
    session.execute(fresh.on_conflict_do_nothing())
    return session.get_one(LogInAttempt, key, with_for_update=True)


def _is(key: tuple[bytes, str]) -> ColumnElement[bool]:
    return (LogInAttempt.login_print == key[0]) & (LogInAttempt.sender == key[1])


def _is_old(now: datetime) -> ColumnElement[bool]:
    held = or_(LogInAttempt.held_until.is_(None), LogInAttempt.held_until <= now)
    return (LogInAttempt.tried_at <= now - _FORGET_ALL_AFTER) & held
