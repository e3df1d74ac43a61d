"""Recoveries: what is asked back, what came in, and what waits to be written off."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from console import formatting, labels
from console.not_found import NotFound
from models import Claim, Recovery, User
from models.machines.money import RECOVERY
from models.states import RecoveryState
from rules.money import Fen
from workflows.claims.recovery import open_amount

ROWS = 200


@dataclass(frozen=True)
class RecoveryRow:
    number: str
    state: str
    word: str
    claim: str
    unit: str
    member: str
    amount: Fen
    received: Fen
    left: Fen
    due_on: date
    is_late: bool
    waits_for_second: bool


@dataclass(frozen=True)
class RecoveryReceiptRow:
    received_on: date
    amount: Fen
    bank_reference: str
    booked_by: str


@dataclass(frozen=True)
class RecoveryView:
    """One recovery; `proposed_by_me` tells the person that another one must confirm."""

    row: RecoveryRow
    receipts: tuple[RecoveryReceiptRow, ...]
    write_off_reason: str
    proposed_by: str
    confirmed_by: str
    proposed_by_me: bool


def recoveries(session: Session, today: date) -> list[RecoveryRow]:
    """Those that are open, the first due first; then the others, newest first."""
    is_open = Recovery.state == RecoveryState.OPEN
    query = (
        select(Recovery)
        .order_by(is_open.desc(), case((is_open, Recovery.id), else_=-Recovery.id))
        .limit(ROWS)
        .options(
            joinedload(Recovery.claim).joinedload(Claim.unit),
            joinedload(Recovery.claim).joinedload(Claim.member),
        )
    )
    return [_row(each, today) for each in session.scalars(query)]


def recoveries_of(session: Session, claim: Claim) -> list[RecoveryRow]:
    """What is asked back of this claim, oldest first."""
    query = select(Recovery).filter_by(claim_id=claim.id).order_by(Recovery.id)
    return [_row(each, None) for each in session.scalars(query)]


def open_sum(session: Session) -> tuple[int, Fen]:
    """How many recoveries are open, and what is still to come in."""
    left = func.coalesce(func.sum(Recovery.amount - Recovery.received), 0)
    query = select(func.count(), left).where(Recovery.state == RecoveryState.OPEN)
    count, total = session.execute(query).one()
    return count, Fen(int(total))


def recovery_numbered(session: Session, number: str) -> Recovery:
    """The recovery of this number; NotFound where there is none."""
    found = session.scalar(select(Recovery).filter_by(number=number))
    if found is None:
        raise NotFound(number)
    return found


def recovery_view(session: Session, today: date, person: User, each: Recovery) -> RecoveryView:
    """All of one recovery."""
    return RecoveryView(
        row=_row(each, today),
        receipts=tuple(
            RecoveryReceiptRow(
                receipt.received_on,
                receipt.amount,
                receipt.bank_reference,
                _name(session, receipt.booked_by),
            )
            for receipt in each.receipts
        ),
        write_off_reason=each.write_off_reason or "",
        proposed_by=_name(session, each.proposed_by),
        confirmed_by=_name(session, each.confirmed_by),
        proposed_by_me=each.proposed_by == person.id,
    )


def _name(session: Session, user_id: int | None) -> str:
    return session.get_one(User, user_id).name if user_id else ""


def _row(each: Recovery, today: date | None) -> RecoveryRow:
    claim, is_open = each.claim, each.state == RecoveryState.OPEN
    return RecoveryRow(
        number=each.number,
        state=each.state,
        word=labels.state(RECOVERY, each.state),
        claim=claim.number,
        unit=claim.unit.name if claim.unit else "",
        member=formatting.name(claim.member.name) if claim.member else "",
        amount=each.amount,
        received=each.received,
        left=open_amount(each),
        due_on=each.due_on,
        is_late=is_open and today is not None and each.due_on < today,
        waits_for_second=is_open and each.proposed_by is not None,
    )
