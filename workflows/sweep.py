"""Finds rows whose bell was lost and rings again; parks a row after too many rings."""

from collections.abc import Callable, Mapping, Set
from datetime import timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from language import N_
from models import Worked
from workflows.engine.moves import MACHINE_OF
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.run import note_run, park
from workflows.engine.session import Bell, bell_after_commit
from workflows.engine.steps import Step, within_reach
from workflows.pipeline import QUEUES, STEPS

LIMIT = 200

Waiting = Callable[[str], Mapping[str, Set[int]] | None]
"""The rows whose bells lie in this queue, by the name of their step; None where it is too long to
be looked through: then the workers are slow, and nothing of it is overdue."""

LOST = N_("多次响铃仍未办成：可能每次都使工作进程崩溃")


def nothing_waits(_queue: str) -> Mapping[str, Set[int]]:
    """Where there is no queue, in a command or a test."""
    return {}


def sweep(office: Office, waiting: Waiting = nothing_waits, limit: int = LIMIT) -> int:
    """Ring for at most this many overdue rows of each step; return for how many.

    A row whose bell lies in the queue only waits: it is neither rung for nor counted. Each step is
    asked for by its own queue, so that a long one holds up no other.
    """
    lying = {queue: waiting(queue) for queue in QUEUES}
    rung = 0
    for step in STEPS:
        there = lying[step.queue]
        if there is not None:
            _put_off(office, step, there.get(step.name, frozenset()))
            with office.sessions.unit_of_work("sweep") as session:
                rung += _sweep(session, office, step, limit)
    _let_rest(office, limit)
    return rung


def _put_off(office: Office, step: Step, lying: Set[int]) -> None:
    """Give the rows that only wait another grace.

    A worker skips a row that is locked, and its bell is spent. So these are written by one
    statement in a transaction of its own, and not while the sweep looks at the others.
    """
    if not lying:
        return
    now, row = office.clock(), step.row
    late = select(row.id).where(any_of(row.id, lying), row.state == step.source, row.due_at <= now)
    free = late.with_for_update(skip_locked=True)
    until = now + timedelta(seconds=office.settings.grace_seconds)
    with office.sessions.unit_of_work("sweep") as session:
        session.execute(update(row).where(row.id.in_(free)).values(due_at=until))


def _sweep(session: Session, office: Office, step: Step, limit: int) -> int:
    row = step.row
    theirs = row.state == step.source, within_reach(step, office)
    overdue = session.scalars(_due(office, row, limit).where(*theirs)).all()
    return sum(_ring(session, office, each, step) for each in overdue)


def _let_rest(office: Office, limit: int) -> None:
    """Rows in a state that no step takes up are not due."""
    for row in dict.fromkeys(step.row for step in STEPS):
        sources = [step.source for step in STEPS if step.row is row]
        with office.sessions.unit_of_work("sweep") as session:
            for subject in session.scalars(
                _due(office, row, limit).where(row.state.not_in(sources))
            ):
                subject.due_at = None


def _due(office: Office, row: type[Worked], limit: int) -> Select[Worked]:
    """The rows that have been due longest, locked."""
    due = select(row).where(row.due_at <= office.clock(), row.due_at.is_not(None))
    return due.order_by(row.due_at).limit(limit).with_for_update(skip_locked=True)


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
