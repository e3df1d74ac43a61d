"""Makes moves: the only place that assigns a state, writes its event and asks for the next bell."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from language import _
from models import (
    Batch,
    Claim,
    Enrolment,
    Letter,
    Objection,
    Packet,
    Payment,
    Recovery,
    Relief,
    Renewal,
    User,
    Worked,
)
from models.machines.claims import CLAIM, LETTER, OBJECTION, PACKET, RELIEF
from models.machines.enrolment import ENROLMENT, RENEWAL
from models.machines.machine import Machine, Move
from models.machines.money import BATCH, PAYMENT, RECOVERY
from rules.errors import Refused
from workflows.engine.history import first_event, record
from workflows.engine.office import Office
from workflows.engine.rows import NewWorked, append, insert_rows, next_id, next_ids
from workflows.engine.session import Bell, bell_after_commit, no_bell

MACHINE_OF: dict[type[Worked], Machine] = {
    Packet: PACKET,
    Claim: CLAIM,
    Letter: LETTER,
    Payment: PAYMENT,
    Batch: BATCH,
    Enrolment: ENROLMENT,
    Renewal: RENEWAL,
    Relief: RELIEF,
    Objection: OBJECTION,
    Recovery: RECOVERY,
}
ROW_OF = {machine.name: row for row, machine in MACHINE_OF.items()}


def advance(
    session: Session,
    subject: Worked,
    verb: str,
    office: Office,
    actor: User | None = None,
    **detail: object,
) -> None:
    """Make a move of the subject's machine: state, history, next bell. Refused if not permitted."""
    move = permitted(subject, verb)
    now = office.clock()
    subject.state = move.target
    actor_id = actor.id if actor else None
    record(session, subject, verb, now, actor_id, move.source, move.target, **detail)
    make_due(session, subject, office)


def permitted(subject: Worked, verb: str) -> Move:
    """The move with this verb out of the subject's state; Refused where it is not permitted."""
    machine = MACHINE_OF[type(subject)]
    move = machine.move(verb, subject.state)
    if move is None:
        act = next((m.word for m in machine.moves if m.verb == verb), verb)
        words = {"state": _(machine.states[subject.state]), "act": _(act)}
        raise Refused(_("现在是“%(state)s”，不能“%(act)s”") % words)
    return move


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
    subject.id = subject.id or next_id(session, type(subject))
    session.add(subject)
    actor_id = actor.id if actor else None
    record(session, subject, verb, office.clock(), actor_id, None, machine.start, **detail)
    make_due(session, subject, office)


def start_all(
    session: Session,
    rows: Sequence[NewWorked],
    verb: str,
    office: Office,
    tells: Sequence[str] = (),
) -> None:
    """Do what `start` does for many new rows of one kind, in one statement.

    `tells` are the columns that the event repeats.
    """
    if not rows:
        return
    table = rows[0].table
    machine, now = MACHINE_OF[table], office.clock()
    due_at = _due(machine, machine.start, office)
    started = []
    for id_, row in zip(next_ids(session, table, len(rows)), rows, strict=True):
        told = {name: getattr(row, name) for name in tells}
        event = first_event(session, machine.name, id_, verb, now, machine.start, None, **told)
        append(session, event)
        row = replace(row, id=id_, state=machine.start, due_at=due_at)
        started.append(replace(row, version=event.seq, chain=event.hash))
        if due_at:
            bell_after_commit(session, Bell(machine.name, machine.start, id_))
    insert_rows(session, started)


def make_due(session: Session, subject: Worked, office: Office) -> None:
    """Make the row due again and reset its retry state: its bell rings after the commit, and the
    sweep rings after the grace if that bell was lost."""
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
