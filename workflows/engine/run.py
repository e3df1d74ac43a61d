"""Runs any step: takes the row, does the work, moves it on, and answers for every failure."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models import StepRun, Worked
from workflows.engine.belongings import Path, read_its
from workflows.engine.causes import cause_of, frames_of, kind_and_place, will_pass
from workflows.engine.history import record
from workflows.engine.moves import MACHINE_OF
from workflows.engine.office import Office
from workflows.engine.origin import correlation
from workflows.engine.rows import NewRow, any_of, append
from workflows.engine.session import Bell
from workflows.engine.steps import Lease, LeasePassed, Quick, Slow, Step, within_reach

log = logging.getLogger("huzhu.steps")


@dataclass(frozen=True)
class NewStepRun(NewRow):
    """A step run to append."""

    table = StepRun

    machine: str
    subject_id: int
    step: str
    attempt: int
    started_at: datetime
    ended_at: datetime
    outcome: str
    cause: str | None
    correlation: str | None


class Ended(StrEnum):
    """How one run ended. `gone` means there was nothing to do: moved on, held or parked."""

    DONE = "done"
    GONE = "gone"
    RETRY = "retry"
    FAILED = "failed"


def run(office: Office, step: Step, *ids: int) -> Ended:
    """Run one step on these rows, which may be in any state by now; how the last one ended.

    1. Several moves are made in one transaction (`_together`): it takes the rows that are this
       step's to do, moves them, goes on with the step's `then`, and commits all or nothing.
    2. If anything in it fails, everything is undone. The fault may be one row's, and the others
       must not fail, wait or be parked for it. So each row is then run alone, one step in one
       transaction, and the failure is noted at the row that caused it.
    3. What the first transaction left where it was is run alone too: a slow step moves together
       only what needs no work. The rest of such work is shared out among the workers.

    A row may have been moved, taken or parked by another worker at any point between these. Each
    transaction therefore takes its rows anew, and a row that is no longer there to do is `GONE`.
    The faults of a step are noted and never raised from here.
    """
    several_moves = len(ids) > 1 or step.then is not None
    ended, left = _together(office, step, ids) if several_moves else (Ended.GONE, ids)
    for subject_id in _share_out(office, step, left):
        ended = _alone(office, step, subject_id)
    return ended


def _share_out(office: Office, step: Step, ids: Sequence[int]) -> Sequence[int]:
    """What is left to do here: of slow work one row, for each of the others a bell is rung.

    A bell that is lost costs time only: the rows are due, so the sweep rings again. Without a
    ringer, in a command or a test, all of them are done here.
    """
    ringer = office.sessions.ringer
    if isinstance(step, Quick) or ringer is None:
        return ids
    machine = MACHINE_OF[step.row].name
    joined = correlation()
    ringer([Bell(machine, step.source, other, True, joined) for other in ids[1:]])
    return ids[:1]


def _together(office: Office, step: Step, ids: Sequence[int]) -> tuple[Ended, Sequence[int]]:
    """Move what can be moved at once; how that ended, and the ids that need a run of their own.

    A failure here is only logged. It counts as no attempt and parks nothing, since it does not
    show which row is at fault; the runs one by one will show.
    """
    began, started = office.clock(), time.monotonic()
    try:
        with office.sessions.unit_of_work(_first_act(step)) as session:
            subjects = _take(session, office, step, ids, began, _reads(step))
            done = _carry(session, office, step, subjects, began)
    except Exception as error:  # noqa: BLE001 - whose fault it was shows when each is run alone
        log.warning("undone: step=%s ids=%s cause=%s", step.name, ids, kind_and_place(error))
        return Ended.GONE, ids
    for name, moved_ids in done.items():
        if moved_ids:
            _log_end(name, moved_ids, Ended.DONE, started)
    moved = set(done.get(step.name, ()))
    left = [subject.id for subject in subjects if subject.id not in moved]
    return Ended.DONE if moved else Ended.GONE, left


def _carry(
    session: Session, office: Office, step: Step, subjects: Sequence[Worked], began: datetime
) -> dict[str, list[int]]:
    """Let the step, and those after it, move what they can; which rows each step has moved.

    `attempts` is read before the move, which sets it back to nought.
    """
    attempts = [subject.attempts + 1 for subject in subjects]
    move = step.do if isinstance(step, Quick) else step.pass_on
    if move is None or not subjects:
        return {}
    move(session, subjects, office)
    moved = [pair for pair in zip(subjects, attempts, strict=True) if pair[0].state != step.source]
    for subject, attempt in moved:
        note_run(session, office, step, subject.id, attempt, began, Ended.DONE)
    done = {step.name: [subject.id for subject, _attempt in moved]}
    if step.then is None:
        return done
    ready = [subject for subject, _attempt in moved if subject.state == step.then.source]
    return done | _carry(session, office, step.then, ready, office.clock())


def _alone(office: Office, step: Step, subject_id: int) -> Ended:
    began, started = office.clock(), time.monotonic()
    try:
        done = (
            _quick(office, step, subject_id, began)
            if isinstance(step, Quick)
            else _slow(office, step, subject_id, began)
        )
        ended = Ended.DONE if done else Ended.GONE
    except LeasePassed:
        ended = Ended.GONE
    except Exception as error:  # noqa: BLE001 - a fault of the step is an outcome of the run
        ended = _note_failure(office, step, subject_id, began, error)
    _log_end(step.name, [subject_id], ended, started)
    return ended


def _log_end(step: str, ids: Sequence[int], ended: Ended, started: float) -> None:
    milliseconds = round((time.monotonic() - started) * 1000)
    log.info("step=%s ids=%s ended=%s ms=%s", step, ids, ended, milliseconds)


def _quick(office: Office, step: Quick[Any], subject_id: int, began: datetime) -> bool:
    with office.sessions.unit_of_work(_first_act(step)) as session:
        subjects = _take(session, office, step, [subject_id], began, step.reads)
        for subject in subjects:
            attempt = subject.attempts + 1
            step.do(session, subjects, office)
            if subject.state == step.source:
                raise AssertionError(f"{step.name} left its row where it was")
            note_run(session, office, step, subject_id, attempt, began, Ended.DONE)
    return bool(subjects)


def _slow(office: Office, step: Slow[Any, Any, Any], subject_id: int, began: datetime) -> bool:
    """Take the row under a lease, work with no transaction open, and record if it is still ours.

    The attempt is counted and committed before the work begins: work that kills its process must
    be seen to have been tried. A worker that is slower than its lease may meet another one at the
    row; the fence, which grows with each lease, tells them apart when they record, and the slower
    one's result is dropped (`LeasePassed`).
    """
    with office.sessions.unit_of_work(_first_act(step)) as session:
        subjects = _take(session, office, step, [subject_id], began, step.reads)
        if not subjects:
            return False
        [subject] = subjects
        attempt = subject.attempts = subject.attempts + 1
        subject.fence += 1
        subject.held_until = subject.due_at = began + timedelta(seconds=step.seconds)
        lease = Lease(office, step, subject_id, subject.fence)
        # May find that nothing is left to work on, and move the row itself.
        job = step.gather(session, subject, office)
        if subject.state != step.source:
            note_run(session, office, step, subject_id, attempt, began, Ended.DONE)
            return True
    result = step.work(job, office, lease)
    with office.sessions.unit_of_work(f"{step.name} recorded") as session:
        subject = lease.lock(session)
        step.record(session, subject, result, office)
        if subject.state == step.source:
            raise AssertionError(f"{step.name} left its row where it was")
        note_run(session, office, step, subject_id, attempt, began, Ended.DONE)
    return True


def _first_act(step: Step) -> str:
    return step.name if isinstance(step, Quick) else f"{step.name} taken"


def _take(
    session: Session,
    office: Office,
    step: Step,
    ids: Sequence[int],
    now: datetime,
    reads: Sequence[Path],
) -> Sequence[Worked]:
    """Those of the rows that are this step's to do, locked, and with them what belongs to them.

    The message may be old, doubled or forged, so the row itself says whether there is anything to
    do: it is in the step's state and within reach, not parked, and under no lease or back-off. A
    row that is locked is skipped, not waited for: the session that holds it is moving it and
    rings for what comes next. The order of ids keeps two workers with the same rows from waiting
    for each other.
    """
    row = step.row
    taken = session.scalars(
        select(row)
        .where(
            any_of(row.id, ids),
            row.state == step.source,
            within_reach(step, office),
            row.parked_at.is_(None),
            or_(row.held_until.is_(None), row.held_until <= now),
        )
        .order_by(row.id)
        .with_for_update(skip_locked=True)
    ).all()
    read_its(session, taken, *reads)
    return taken


def _reads(step: Step) -> tuple[Path, ...]:
    """What belongs to the rows, for this step and those that go on in the same transaction."""
    return (*step.reads, *(_reads(step.then) if step.then else ()))


def note_run(
    session: Session,
    office: Office,
    step: Step,
    subject_id: int,
    attempt: int,
    began: datetime,
    outcome: str,
    cause: str | None = None,
) -> None:
    """Remember one attempt at the step: done, retry, failed or lost."""
    machine, ended_at = MACHINE_OF[step.row].name, office.clock()
    facts = (machine, subject_id, step.name, attempt, began, ended_at, outcome, cause)
    append(session, NewStepRun(*facts, correlation() or None))


def _note_failure(
    office: Office, step: Step, subject_id: int, began: datetime, error: Exception
) -> Ended:
    """Put the row back for later, or park it; if even that fails, the sweep will find it.

    The step's own transaction is undone by now, and with it the lock. So the row is locked anew,
    and another worker or a person may have moved it on meanwhile: then there is nothing to note.
    """
    cause = cause_of(error)
    place, frames = kind_and_place(error), frames_of(error)
    log.warning("step=%s id=%s cause=%s frames=%s", step.name, subject_id, place, frames)
    try:
        with office.sessions.unit_of_work("failure noted") as session:
            subject = session.get(step.row, subject_id, with_for_update=True)
            if subject is None or subject.state != step.source:
                return Ended.GONE
            # A slow step counted its attempt when it took the row; that is committed.
            if isinstance(step, Quick):
                subject.attempts += 1
            attempt = subject.attempts
            if will_pass(error) and attempt < step.retry.attempts:
                until = office.clock() + step.retry.delay(attempt)
                subject.held_until = subject.due_at = until
                ended = Ended.RETRY
            else:
                park(session, subject, step, cause, office)
                ended = Ended.FAILED
            note_run(session, office, step, subject_id, attempt, began, ended, cause)
        return ended
    except (DBAPIError, OSError) as second:
        log.warning("not noted: step=%s id=%s cause=%s", step.name, subject_id, cause_of(second))
        return Ended.RETRY


def park(session: Session, subject: Worked, step: Step, cause: str, office: Office) -> None:
    """Put the row on the failed list: no worker takes it until a person sends it on."""
    subject.due_at = subject.held_until = None
    subject.parked_at = office.clock()
    subject.parked_step = step.name
    subject.parked_cause = cause
    record(session, subject, "park", subject.parked_at, step=step.name, cause=cause)
