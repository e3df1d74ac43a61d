"""The failed list: parked rows grouped by cause, and retries."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from language import _
from models import User, Worked
from rules.errors import BadInput, Refused
from workflows.engine.history import record
from workflows.engine.moves import MACHINE_OF, ROW_OF, make_due
from workflows.engine.office import Office
from workflows.people.rights import Act, require
from workflows.pipeline import STEPS


@dataclass(frozen=True)
class Failure:
    """A cause on the failed list: which step, how many rows, since when."""

    machine: str
    step: str
    cause: str
    count: int
    since: datetime
    ids: tuple[int, ...]


def failures(session: Session) -> list[Failure]:
    """The parked rows by machine, step and cause; the most frequent cause first."""
    found = []
    for row in dict.fromkeys(step.row for step in STEPS):
        rows = session.execute(
            select(
                row.parked_step,
                row.parked_cause,
                func.count(),
                func.min(row.parked_at),
                func.array_agg(row.id),
            )
            .where(row.parked_at.is_not(None))
            .group_by(row.parked_step, row.parked_cause)
        )
        name = MACHINE_OF[row].name
        found += [
            Failure(name, s or "", c or "", n, at, tuple(ids))
            for s, c, n, at, ids in rows
            if at is not None
        ]
    return sorted(found, key=lambda failure: -failure.count)


def retry(session: Session, office: Office, person: User, machine: str, subject_id: int) -> None:
    """Make one parked row due again at the step where it stopped; Refused if it is not parked."""
    require(person, Act.RETRY)
    subject = session.get(
        _row_of(machine), subject_id, with_for_update=True, populate_existing=True
    )
    if subject is None or subject.parked_at is None:
        raise Refused(_("这一项不在失败清单上"))
    _go_on(session, office, person, subject)


def retry_all(
    session: Session, office: Office, person: User, machine: str, step: str, cause: str
) -> int:
    """Make every row that was parked for this cause due again; return how many."""
    require(person, Act.RETRY)
    row = _row_of(machine)
    parked = session.scalars(
        select(row)
        .where(row.parked_at.is_not(None), row.parked_step == step, row.parked_cause == cause)
        .order_by(row.id)
        .with_for_update(skip_locked=True)
    ).all()
    for subject in parked:
        _go_on(session, office, person, subject)
    return len(parked)


def _row_of(machine: str) -> type[Worked]:
    if machine not in ROW_OF:
        raise BadInput(_("没有这种事项：%(machine)s") % {"machine": machine})
    return ROW_OF[machine]


def _go_on(session: Session, office: Office, person: User, subject: Worked) -> None:
    cause = subject.parked_cause
    make_due(session, subject, office)
    record(session, subject, "retry", office.clock(), person.id, cause=cause)
