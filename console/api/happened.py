"""What happened, from a cursor on: changes of states for every program, the log for the auditor's.

An event is told once a signed root covers it, within a minute or so: before that one with a lower
position may still be on its way, and a program that has gone on would never hear of it.
"""

from collections.abc import Iterator
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from console.api.caller import NAMES_NOBODY, AnyCaller, Caller, LogCaller
from console.api.pages import ROWS, Cursor, row_after
from console.queries.logged_subjects import NUMBERED, numbers_of
from models import AuditEvent, Claim, Enrolment
from workflows.audit.roots import settled_upto
from workflows.people.rights import Act, may
from workflows.people.visibility import claims_seen_by, sees_own_unit_only

router = APIRouter(dependencies=[NAMES_NOBODY], tags=["events"])


class StateChange(BaseModel):
    """A row came into a state: what it is, its number of ours, and which move led there."""

    position: int
    at: datetime
    subject: str
    number: str
    verb: str
    source: str | None
    target: str


class StateChanges(BaseModel):
    """Some changes in their order; `next` is the cursor to go on from, also where there is none."""

    events: list[StateChange]
    next: str


class LoggedRow(BaseModel):
    """An event of the log, without what people wrote: that is read on the auditor's page."""

    position: int
    at: datetime
    subject: str
    subject_id: int
    verb: str
    source: str | None
    target: str | None
    person: str | None
    channel: str | None
    correlation: str | None


class LoggedPage(BaseModel):
    """Some events in their order; `next` is the cursor to go on from."""

    events: list[LoggedRow]
    next: str


@router.get("/events")
def changes(who: AnyCaller, after: Cursor = "") -> StateChanges:
    """Changes of the states of claims, rosters and batches that the account sees."""
    with who.office.sessions.read_only() as session:
        which = (AuditEvent.target.is_not(None), or_(false(), *_seen(who)))
        found, cursor = _after(session, after, *which)
        numbers = {
            subject: numbers_of(session, subject, [e.subject_id for e in found])
            for subject in NUMBERED
        }
        told = [
            StateChange(
                position=each.position,
                at=each.at,
                subject=each.subject,
                number=numbers[each.subject].get(each.subject_id, ""),
                verb=each.verb,
                source=each.source,
                target=each.target or "",
            )
            for each in found
        ]
    return StateChanges(events=told, next=cursor)


@router.get("/log")
def log(who: LogCaller, after: Cursor = "") -> LoggedPage:
    """Every event of the log in its order."""
    with who.office.sessions.read_only() as session:
        found, cursor = _after(session, after)
        told = [LoggedRow.model_validate(each, from_attributes=True) for each in found]
    return LoggedPage(events=told, next=cursor)


def _seen(who: Caller) -> Iterator[ColumnElement[bool]]:
    """The events that the account may know of, by what its token lets it see."""
    own = sees_own_unit_only(who.person)
    if may(who.person, Act.SEE_CLAIMS):
        seen = select(Claim.id).where(claims_seen_by(who.person))
        is_seen = AuditEvent.subject_id.in_(seen) if own else AuditEvent.subject == "claim"
        yield (AuditEvent.subject == "claim") & is_seen
    if may(who.person, Act.SEE_ENROLMENTS):
        of_unit = select(Enrolment.id).where(Enrolment.unit_id == who.person.unit_id)
        is_seen = AuditEvent.subject_id.in_(of_unit) if own else AuditEvent.subject == "enrolment"
        yield (AuditEvent.subject == "enrolment") & is_seen
    if may(who.person, Act.SEE_BATCHES):
        yield AuditEvent.subject.in_(("batch", "payment"))


def _after(
    session: Session, cursor: str, *which: ColumnElement[bool]
) -> tuple[list[AuditEvent], str]:
    """The next events, and from where to go on: the last of a full page, else all was seen."""
    begin, end = row_after(cursor), settled_upto(session)
    query = select(AuditEvent).where(
        AuditEvent.position > begin, AuditEvent.position <= end, *which
    )
    found = list(session.scalars(query.order_by(AuditEvent.position).limit(ROWS)))
    upto = found[-1].position if len(found) == ROWS else max(begin, end)
    return found, str(upto)
