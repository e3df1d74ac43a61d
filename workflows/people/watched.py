"""What people looked at and what was refused to them, and log-ins at names that nobody has.

The edges call this for every request and command: pages and acts need not think of it. The same
again within some minutes is one event. Of the refusals of one person, and of the log-ins of all
strangers together, no more than so many are kept in an hour: these cost nothing to make, and fill
the log. What somebody is given is noted however much it is.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from models import AuditEvent, User
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.office_events import installation

VIEW, REFUSAL, STRANGER = "see_file", "refuse_act", "fail_unknown_log_in"

SAME_WITHIN = timedelta(minutes=10)
MOST_REFUSALS = 100
"""Refusals of one person that are kept in an hour."""
MOST_STRANGERS = 600
"""Log-ins at names that nobody has that are kept in an hour, from all addresses together."""

# Numbers that we gave, ids, hashes, days, months and words of ours. A number of a person is longer
# than an id and shorter than a hash, or begins with one letter.
_OURS = re.compile(
    r"(HZ|CB|YY|ZH|JZ|B)\d{8,14}(-\d{1,3}){0,2}|\d{1,9}|\d{4}-\d\d(-\d\d)?"
    r"|[a-z]{1,20}([_-][a-z0-9]{1,12}){0,4}"
    r"|[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)

log = logging.getLogger("huzhu.watched")


@dataclass(frozen=True)
class AskedFor:
    """What was asked for: a route of the console or a command, and the numbers it was asked with.

    Only numbers that the program gave out are kept of those: what a person types may be anything.
    """

    what: str
    told: Mapping[str, str]

    @classmethod
    def of(cls, what: str, numbers: Mapping[str, object]) -> Self:
        texts = {name: str(number) for name, number in numbers.items()}
        return cls(what, {name: text for name, text in texts.items() if _OURS.fullmatch(text)})


def note_view(session: Session, office: Office, person_id: int, asked: AskedFor) -> None:
    """Note that the person is given this file; call it before he gets it."""
    user = _locked(session, person_id)
    before = _before(session, office, VIEW, _of_it(asked), AuditEvent.actor_id == user.id)
    if not before.same:
        record(session, user, VIEW, office.clock(), user.id, **_told(asked))


def note_refusal(
    session: Session, office: Office, person_id: int, why: str, asked: AskedFor
) -> None:
    """Note what the person may not do, in a transaction of its own: the act's is rolled back."""
    user = _locked(session, person_id)
    same = and_(_of_it(asked), AuditEvent.detail["why"].astext == why)
    before = _before(session, office, REFUSAL, same, AuditEvent.actor_id == user.id)
    if before.in_an_hour >= MOST_REFUSALS:
        log.warning("refusals over the limit: person=%s", user.id)
    elif not before.same:
        record(session, user, REFUSAL, office.clock(), user.id, why=why, **_told(asked))


def note_stranger(session: Session, office: Office, login: str, way: str) -> None:
    """Note that somebody tried a name that nobody has. What was typed may be a password, so that
    its fingerprint alone is kept: the same again is told from another."""
    this = installation(session)
    told: dict[str, Any] = {"login_print": office.keys.fingerprint(login).hex(), "way": way}
    before = _before(session, office, STRANGER, AuditEvent.detail.contains(told))
    if before.in_an_hour >= MOST_STRANGERS:
        log.warning("log-ins at unknown names over the limit: way=%s", way)
    elif not before.same:
        record(session, this, STRANGER, office.clock(), **told)


def _locked(session: Session, person_id: int) -> User:
    return session.get_one(User, person_id, with_for_update={"key_share": True})


def _told(asked: AskedFor) -> dict[str, Any]:
    return {"what": asked.what, "asked": dict(asked.told)}


def _of_it(asked: AskedFor) -> ColumnElement[bool]:
    numbers = AuditEvent.detail["asked"] == dict(asked.told)
    return and_(AuditEvent.detail["what"].astext == asked.what, numbers)


class _Before(NamedTuple):
    """How many events there were in the last hour, and how many of the last minutes are the
    same."""

    in_an_hour: int
    same: int


def _before(
    session: Session,
    office: Office,
    verb: str,
    same: ColumnElement[bool],
    *which: ColumnElement[bool],
) -> _Before:
    now = office.clock()
    lately = AuditEvent.at > now - SAME_WITHIN
    counts = select(func.count(), func.count().filter(lately & same)).select_from(AuditEvent)
    of_an_hour = (AuditEvent.verb == verb, AuditEvent.at > now - timedelta(hours=1))
    return _Before(*session.execute(counts.where(*which, *of_an_hour)).one())
