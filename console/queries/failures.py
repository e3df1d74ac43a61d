"""The failed list with the rows of each cause, and the results of retries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import labels
from documents.masks import mask_numbers
from models import AuditEvent, Claim, Enrolment, Letter, User, Worked
from models.machines import MACHINES
from workflows import failures
from workflows.engine.moves import ROW_OF
from workflows.engine.office import Office

_SHOWN = 20
_BACK = timedelta(days=7)


@dataclass(frozen=True)
class FailedRow:
    """One parked row; `number` and `path` are of the claim or roster it belongs to, if any."""

    id: int
    number: str
    path: str


@dataclass(frozen=True)
class FailureGroup:
    """All rows parked for one cause."""

    machine: str
    machine_word: str
    step: str
    step_word: str
    cause: str
    shown_cause: str
    way_on: str
    count: int
    since: datetime
    rows: tuple[FailedRow, ...]


@dataclass(frozen=True)
class Tried:
    """One retry and how the row stands now."""

    at: datetime
    actor: str
    machine: str
    number: str
    path: str
    result: str
    is_trouble: bool


def failure_groups(session: Session) -> list[FailureGroup]:
    """The parked rows by cause."""
    return [
        FailureGroup(
            machine=found.machine,
            machine_word=labels.machine(found.machine),
            step=found.step,
            step_word=labels.step(found.step),
            cause=found.cause,
            shown_cause=mask_numbers(found.cause),
            way_on=labels.way_on(found.step),
            count=found.count,
            since=found.since,
            rows=tuple(
                FailedRow(id_, *_place(session, found.machine, id_)) for id_ in found.ids[:_SHOWN]
            ),
        )
        for found in failures.failures(session)
    ]


def retried_lately(session: Session, office: Office) -> list[Tried]:
    """The retries of the last days, newest first."""
    events = session.execute(
        select(AuditEvent, User.name)
        .join(User, User.id == AuditEvent.actor_id)
        .where(
            AuditEvent.verb == "retry",
            AuditEvent.subject.in_(MACHINES),
            AuditEvent.at > office.clock() - _BACK,
        )
        .order_by(AuditEvent.at.desc())
        .limit(50)
    )
    return [_tried(session, event, name) for event, name in events]


def _tried(session: Session, event: AuditEvent, actor: str) -> Tried:
    row = session.get_one(ROW_OF[event.subject], event.subject_id)
    number, path = _place(session, event.subject, event.subject_id)
    return Tried(
        at=event.at,
        actor=actor,
        machine=labels.machine(event.subject),
        number=number,
        path=path,
        result=labels.after_retry(
            labels.state(MACHINES[event.subject], row.state),
            is_parked=row.parked_at is not None,
            is_due=row.due_at is not None and row.version == event.seq,
        ),
        is_trouble=row.parked_at is not None,
    )


def _place(session: Session, machine: str, id_: int) -> tuple[str, str]:
    """The number by which people know the row, and the path of its page."""
    row: Worked = session.get_one(ROW_OF[machine], id_)
    if isinstance(row, Enrolment):
        return row.number, f"/enrolments/{row.number}"
    claim = row.claim if isinstance(row, Letter) else row
    return (claim.number, f"/claims/{claim.number}") if isinstance(claim, Claim) else ("", "")
