"""Runs any step: takes the row, does the work, moves it on, and answers for every failure."""

import logging
import os
import random
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from language import _
from models import (
    AuditEvent,
    Batch,
    Claim,
    Enrolment,
    Letter,
    Packet,
    Payment,
    Relief,
    Renewal,
    StepRun,
    User,
    Worked,
)
from models.states import (
    BATCH,
    CLAIM,
    ENROLMENT,
    LETTER,
    PACKET,
    PAYMENT,
    RELIEF,
    RENEWAL,
    Machine,
)
from rules.errors import HuzhuError, Refused, Transient
from workflows.among import among
from workflows.appended import append
from workflows.bulk import insert_all
from workflows.history import first_event, record
from workflows.office import Office
from workflows.row_ids import expect_rows, next_id
from workflows.session import Bell, bell_after_commit, no_bell

log = logging.getLogger("huzhu.steps")

MACHINE_OF: dict[type[Worked], Machine] = {
    Packet: PACKET,
    Claim: CLAIM,
    Letter: LETTER,
    Payment: PAYMENT,
    Batch: BATCH,
    Enrolment: ENROLMENT,
    Renewal: RENEWAL,
    Relief: RELIEF,
}
ROW_OF = {machine.name: row for row, machine in MACHINE_OF.items()}


@dataclass(frozen=True)
class Retry:
    """How often a step is tried and how long it waits in between: doubling, with jitter."""

    attempts: int = 8
    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=10)

    def delay(self, attempt: int) -> timedelta:
        """How long to wait after this attempt (from 1): between half and the whole of the step."""
        whole = min(self.first * 2 ** min(attempt - 1, 30), self.longest)
        return timedelta(seconds=whole.total_seconds() * random.uniform(0.5, 1.0))  # noqa: S311


@dataclass(frozen=True)
class Quick:
    """A step that is one function in one transaction under the locks of its rows.

    `do` is given any number of rows and asks as few questions about all as about one; what belongs
    to them has been read with them as `reads` says. With the rows it has moved the step `then`
    goes on in the same transaction.
    """

    name: str
    row: type[Worked]
    source: str
    queue: str
    do: Callable[[Session, Sequence[Any], Office], None]
    reads: Sequence[ORMOption] = ()
    then: "Quick | None" = None
    retry: Retry = field(default_factory=Retry)
    limit: int = 60


@dataclass(frozen=True)
class Slow:
    """A step that gathers, works with no transaction held, and records.

    `gather` moves the row on itself where nothing is left to work on; `pass_on` does so for many
    rows at once, with which the step `then` goes on in the same transaction. `work` may be
    repeated without harm. It extends the lease it is given now and then; `Lost` flies when another
    worker has taken over. `seconds` is the lease, `limit` the whole run.
    """

    name: str
    row: type[Worked]
    source: str
    queue: str
    gather: Callable[[Session, Any, Office], Any]
    work: Callable[[Any, Office, "Lease"], Any]
    record: Callable[[Session, Any, Any, Office], None]
    pass_on: Callable[[Session, Sequence[Any], Office], None] | None = None
    reads: Sequence[ORMOption] = ()
    then: Quick | None = None
    retry: Retry = field(default_factory=Retry)
    seconds: int = 120
    limit: int = 3600


Step = Quick | Slow


class Ended(StrEnum):
    """How one run ended. `gone` means there was nothing to do: moved on, held or parked."""

    DONE = "done"
    GONE = "gone"
    RETRY = "retry"
    FAILED = "failed"


class Lost(HuzhuError):
    """Another worker has taken the row; whatever this one found is dropped."""


def advance(
    session: Session,
    subject: Worked,
    verb: str,
    office: Office,
    actor: User | None = None,
    **detail: object,
) -> None:
    """Make a move of the subject's machine: state, history, next bell. Refused if not permitted."""
    machine = MACHINE_OF[type(subject)]
    move = machine.move(verb, subject.state)
    if move is None:
        act = next((m.word for m in machine.moves if m.verb == verb), verb)
        words = {"state": _(machine.states[subject.state]), "act": _(act)}
        raise Refused(_("现在是“%(state)s”，不能“%(act)s”") % words)
    now = office.clock()
    subject.state = move.target
    actor_id = actor.id if actor else None
    record(session, subject, verb, now, actor_id, move.source, move.target, **detail)
    make_due(session, subject, office)


def start(
    session: Session,
    subject: Worked,
    verb: str,
    office: Office,
    actor: User | None = None,
    **detail: object,
) -> None:
    """Put a new row into its machine's first state, with the event that says how it came."""
    machine = MACHINE_OF[type(subject)]
    subject.state = machine.start
    subject.version = 0
    # Known beforehand, so that the row can be written later, together with others.
    subject.id = subject.id or next_id(session, machine.name)
    session.add(subject)
    actor_id = actor.id if actor else None
    record(session, subject, verb, office.clock(), actor_id, None, machine.start, **detail)
    make_due(session, subject, office)


def start_all(
    session: Session,
    table: type[Worked],
    rows: Sequence[dict[str, Any]],
    verb: str,
    office: Office,
    tells: Sequence[str] = (),
) -> None:
    """Do what `start` does for many rows given by column, in one statement.

    `tells` are the columns that the event repeats.
    """
    machine, now = MACHINE_OF[table], office.clock()
    due_at = _due(machine, machine.start, office)
    started = []
    for row in rows:
        id_ = next_id(session, machine.name)
        told = {name: row[name] for name in tells}
        event = first_event(machine.name, id_, verb, now, machine.start, **told)
        append(session, AuditEvent, event)
        own = {"id": id_, "state": machine.start, "version": event["seq"], "chain": event["hash"]}
        started.append(own | {"attempts": 0, "fence": 0, "due_at": due_at} | row)
        if due_at:
            bell_after_commit(session, Bell(machine.name, machine.start, id_))
    insert_all(session, table, started)


def make_due(session: Session, subject: Worked, office: Office) -> None:
    """Let the row be taken up afresh: by the bell at once, by the sweep after the grace."""
    machine = MACHINE_OF[type(subject)]
    subject.attempts = 0
    subject.held_until = subject.parked_at = subject.parked_step = subject.parked_cause = None
    subject.due_at = _due(machine, subject.state, office)
    if subject.due_at:
        bell_after_commit(session, Bell(machine.name, subject.state, subject.id))
    else:
        no_bell(session, machine.name, subject.id)


def _due(machine: Machine, state: str, office: Office) -> datetime | None:
    grace = timedelta(seconds=office.settings.grace_seconds)
    return office.clock() + grace if state in machine.automatic else None


def run(office: Office, step: Step, *ids: int) -> Ended:
    """Run one step on these rows, whatever states they are in; how the last one ended.

    Several moves are made in one transaction. The rows it leaves behind, or all of them if it
    fails, are run one by one and step by step, so that each answers for itself; where that is
    slow work, others are rung for to share it. A step's own faults never fly out of here.
    """
    several_moves = len(ids) > 1 or step.then is not None
    ended, left = _together(office, step, ids) if several_moves else (Ended.GONE, ids)
    for subject_id in _share_out(office, step, left):
        ended = _alone(office, step, subject_id)
    return ended


def _share_out(office: Office, step: Step, ids: Sequence[int]) -> Sequence[int]:
    """What is left to do here: of slow work one row, for each of the others a bell is rung."""
    ringer = office.sessions.ringer
    if isinstance(step, Quick) or ringer is None:
        return ids
    machine = MACHINE_OF[step.row].name
    ringer([Bell(machine, step.source, subject_id, alone=True) for subject_id in ids[1:]])
    return ids[:1]


def _together(office: Office, step: Step, ids: Sequence[int]) -> tuple[Ended, Sequence[int]]:
    """Move what can be moved at once; how that ended, and the ids that need a run of their own."""
    began, started = office.clock(), time.monotonic()
    try:
        with office.sessions.unit_of_work(_first_act(step)) as session:
            subjects = _take(session, step, ids, began, _reads(step))
            done = _carry(session, office, step, subjects, began)
    except Exception as error:  # noqa: BLE001 - whose fault it was shows when each is run alone
        log.warning("step=%s ids=%s cause=%s", step.name, ids, cause_of(error))
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
    """Let the step, and those after it, move what they can; which rows each step has moved."""
    expect_rows(session, len(subjects))
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
    except Lost:
        ended = Ended.GONE
    except Exception as error:  # noqa: BLE001 - a fault of the step is an outcome of the run
        ended = _note_failure(office, step, subject_id, began, error)
    _log_end(step.name, [subject_id], ended, started)
    return ended


def _log_end(step: str, ids: Sequence[int], ended: Ended, started: float) -> None:
    milliseconds = round((time.monotonic() - started) * 1000)
    log.info("step=%s ids=%s ended=%s ms=%s", step, ids, ended, milliseconds)


def _quick(office: Office, step: Quick, subject_id: int, began: datetime) -> bool:
    with office.sessions.unit_of_work(_first_act(step)) as session:
        subjects = _take(session, step, [subject_id], began, step.reads)
        for subject in subjects:
            attempt = subject.attempts + 1
            step.do(session, subjects, office)
            if subject.state == step.source:
                raise AssertionError(f"{step.name} left its row where it was")
            note_run(session, office, step, subject_id, attempt, began, Ended.DONE)
    return bool(subjects)


def _slow(office: Office, step: Slow, subject_id: int, began: datetime) -> bool:
    with office.sessions.unit_of_work(_first_act(step)) as session:
        subjects = _take(session, step, [subject_id], began, step.reads)
        if not subjects:
            return False
        [subject] = subjects
        attempt = subject.attempts = subject.attempts + 1
        subject.fence += 1
        subject.held_until = subject.due_at = began + timedelta(seconds=step.seconds)
        lease = Lease(office, step, subject_id, subject.fence)
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


@dataclass(frozen=True)
class Lease:
    """A slow step's hold on its row, good as long as nobody has a higher fence."""

    office: Office
    step: Slow
    subject_id: int
    fence: int

    def extend(self) -> None:
        """Say that the work goes on; raises Lost."""
        with self.office.sessions.unit_of_work(f"{self.step.name} extended") as session:
            self.keep(self.lock(session))

    def keep(self, subject: Worked) -> None:
        """Say so of the row that the caller has locked, together with what else he writes."""
        until = self.office.clock() + timedelta(seconds=self.step.seconds)
        subject.held_until = subject.due_at = until

    def lock(self, session: Session) -> Worked:
        """The row, locked, if it is still ours; raises Lost."""
        subject = session.get(self.step.row, self.subject_id, with_for_update=True)
        if subject is None or subject.fence != self.fence or subject.state != self.step.source:
            raise Lost(self.step.name)
        return subject


def _take(
    session: Session,
    step: Step,
    ids: Sequence[int],
    now: datetime,
    reads: Sequence[ORMOption],
) -> Sequence[Worked]:
    """Those of the rows that are this step's to do, locked, always in the same order, and what
    belongs to them."""
    row = step.row
    return session.scalars(
        select(row)
        .where(
            among(row.id, ids),
            row.state == step.source,
            row.parked_at.is_(None),
            or_(row.held_until.is_(None), row.held_until <= now),
        )
        .order_by(row.id)
        .options(*reads)
        .with_for_update(of=row, skip_locked=True)
    ).all()


def _reads(step: Step) -> tuple[ORMOption, ...]:
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
    append(
        session,
        StepRun,
        {
            "machine": MACHINE_OF[step.row].name,
            "subject_id": subject_id,
            "step": step.name,
            "attempt": attempt,
            "started_at": began,
            "ended_at": office.clock(),
            "outcome": outcome,
            "cause": cause,
        },
    )


def _note_failure(
    office: Office, step: Step, subject_id: int, began: datetime, error: Exception
) -> Ended:
    """Put the row back for later, or park it; if even that fails, the sweep will find it."""
    cause = cause_of(error)
    log.warning("step=%s id=%s cause=%s\n%s", step.name, subject_id, cause, _frames(error))
    try:
        with office.sessions.unit_of_work("failure noted") as session:
            subject = session.get(step.row, subject_id, with_for_update=True)
            if subject is None or subject.state != step.source:
                return Ended.GONE
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
        log.warning("step=%s id=%s not noted: %s", step.name, subject_id, cause_of(second))
        return Ended.RETRY


def park(session: Session, subject: Worked, step: Step, cause: str, office: Office) -> None:
    """Put the row on the failed list: nobody takes it up until a person says so."""
    subject.due_at = subject.held_until = None
    subject.parked_at = office.clock()
    subject.parked_step = step.name
    subject.parked_cause = cause
    record(session, subject, "park", subject.parked_at, step=step.name, cause=cause)


def will_pass(error: Exception) -> bool:
    """Whether trying again can help: the database, the disk or a lock, not a bug or bad data."""
    if isinstance(error, DBAPIError):
        return isinstance(error, OperationalError) or error.connection_invalidated
    return isinstance(error, (Transient, OSError, MemoryError, TimeoutError))


def cause_of(error: Exception) -> str:
    """What went wrong, for grouping and for a screen: kind and place, never a value."""
    if isinstance(error, HuzhuError):
        return f"{type(error).__name__}: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "site-packages" not in f.filename] or frames
    place = f" @ {os.path.basename(ours[-1].filename)}:{ours[-1].lineno}" if ours else ""  # noqa: PTH119
    origin = getattr(error, "orig", None)
    kind = type(origin).__name__ if origin is not None else type(error).__name__
    return f"{kind}{place}"


def _frames(error: Exception) -> str:
    # Frames only: the message of an exception may carry what a person wrote.
    return "".join(traceback.format_tb(error.__traceback__))
