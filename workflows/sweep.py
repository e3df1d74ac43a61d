"""Finds rows whose bell was lost and rings again; parks a row after too many rings."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import N_
from models import Worked
from workflows.engine.moves import MACHINE_OF
from workflows.engine.office import Office
from workflows.engine.run import note_run, park
from workflows.engine.session import Bell, bell_after_commit
from workflows.engine.steps import Step
from workflows.pipeline import STEPS

LIMIT = 200

LOST = N_("多次响铃仍未办成：可能每次都使工作进程崩溃")


def sweep(office: Office, limit: int = LIMIT) -> int:
    """Ring for at most this many overdue rows of each machine; return for how many."""
    rung = 0
    for row in dict.fromkeys(step.row for step in STEPS):
        with office.sessions.unit_of_work("sweep") as session:
            rung += _sweep(session, office, row, limit)
    return rung


def _sweep(session: Session, office: Office, row: type[Worked], limit: int) -> int:
    now = office.clock()
    steps = {step.source: step for step in STEPS if step.row is row}
    overdue = session.scalars(
        select(row)
        .where(row.due_at <= now, row.due_at.is_not(None))
        .order_by(row.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    rung = 0
    for subject in overdue:
        step = steps.get(subject.state)
        if step is None:
            subject.due_at = None
        else:
            rung += _ring(session, office, subject, step)
    return rung


def _ring(session: Session, office: Office, subject: Worked, step: Step) -> int:
    now = office.clock()
    if subject.attempts >= step.retry.attempts:
        note_run(session, office, step, subject.id, subject.attempts, now, "lost", LOST)
        park(session, subject, step, LOST, office)
        return 0
    subject.attempts += 1
    grace = timedelta(seconds=office.settings.grace_seconds)
    subject.due_at = now + min(grace * 2**subject.attempts, step.retry.longest)
    subject.held_until = None
    # After one lost bell the row is rung normally. After two it may be the row that kills workers,
    # so it gets a message of its own.
    alone = subject.attempts > 1
    bell = Bell(MACHINE_OF[step.row].name, subject.state, subject.id, alone)
    bell_after_commit(session, bell)
    return 1
