"""Erases what need not be kept any more: one member, claim, roster or batch at a time.

Killed at any instant it goes on with the next night or command: what was not erased to the end is
due again.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Select
from sqlalchemy.orm import Session

from models import BankStatement, Batch, Claim, Enrolment, Member, Renewal, User
from workflows.engine.office import Office
from workflows.engine.turns import OneAtATime, wait_for
from workflows.people.rights import Act, require
from workflows.retention import copies, persons, vouchers
from workflows.retention.due import due_claims, due_copies, due_members, due_vouchers

AT_ONCE = 50
"""How many ids are looked for at a time."""


class ErasedKind(NamedTuple):
    """A kind of thing that is erased as a whole: which are due, how many rows of each table that
    is, and the erasing itself, which does nothing where the thing is due no more. The last argument
    is the account of the person who erases."""

    due: Callable[[date], Select[int]]
    counted: Callable[[Session, int], Counter[str]]
    erase: Callable[[Session, Office, int, int | None], Counter[str]]


def _kind_of_vouchers(row: vouchers.OfVouchers) -> ErasedKind:
    return ErasedKind(
        lambda today: due_vouchers(row, today),
        lambda session, id_: vouchers.count(session, row, id_),
        lambda session, office, id_, by: vouchers.erase(session, office, row, id_, by),
    )


KINDS = (
    ErasedKind(due_copies, copies.count, copies.erase),
    _kind_of_vouchers(BankStatement),
    _kind_of_vouchers(Batch),
    _kind_of_vouchers(Enrolment),
    _kind_of_vouchers(Renewal),
    ErasedKind(
        due_members,
        lambda session, id_: persons.count(session, Member, id_),
        lambda session, office, id_, by: persons.erase(session, office, Member, id_, by),
    ),
    ErasedKind(
        due_claims,
        lambda session, id_: persons.count(session, Claim, id_),
        lambda session, office, id_, by: persons.erase(session, office, Claim, id_, by),
    ),
)


def counted(office: Office) -> Counter[str]:
    """How many rows of each table would be erased today."""
    found: Counter[str] = Counter()
    for kind in KINDS:
        for id_ in _due(office, kind):
            with office.sessions.read_only() as session:
                found += kind.counted(session, id_)
    return found


def erase_by(office: Office, person: User, at_most: int | None = None) -> Counter[str]:
    """Erase what is due as this person; the events name him."""
    require(person, Act.ERASE)
    return erase_due(office, at_most, person.id)


def erase_due(office: Office, at_most: int | None = None, by: int | None = None) -> Counter[str]:
    """Erase what is due, at most so many members, claims and rosters; how many rows by table."""
    erased: Counter[str] = Counter()
    due = ((kind, id_) for kind in KINDS for id_ in _due(office, kind))
    for kind, id_ in islice(due, at_most):
        with office.sessions.unit_of_work() as session:
            # Before any row: a hold on anybody that is asked for meanwhile is seen, or waits.
            wait_for(session, OneAtATime.HOLD_OR_ERASE)
            erased += kind.erase(session, office, id_, by)
    return erased


def _due(office: Office, kind: ErasedKind) -> Iterator[int]:
    """The ids that are due now, looked for a few at a time."""
    query = kind.due(office.today())
    [id_column] = query.selected_columns
    last = 0
    while True:
        with office.sessions.read_only() as session:
            ids = session.scalars(query.where(id_column > last).limit(AT_ONCE)).all()
        if not ids:
            return
        yield from ids
        last = ids[-1]
