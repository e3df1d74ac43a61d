"""Late returns: payments that the bank called both credited and returned."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from console.not_found import NotFound
from console.queries.reply_cases import PaymentSide, side_of
from documents.masks import mask_numbers
from models import Batch, LateReturn, Payment
from models.states import PaymentState
from workflows.engine.office import Office


@dataclass(frozen=True)
class LateReturnRow:
    """A payment of which the bank said both: when, and in which words; `is_credit` where it called
    it returned first. `place` is the line of the second word, empty where that came on paper."""

    id: int
    payment: PaymentSide
    batch: str
    place: str
    is_credit: bool
    first_at: datetime | None
    first: str
    second_at: datetime
    second: str
    days: int


def late_returns(session: Session, office: Office) -> list[LateReturnRow]:
    """Those that no person has dealt with yet, oldest first."""
    query = (
        select(LateReturn, Payment, Batch.number)
        .join(Payment, Payment.id == LateReturn.payment_id)
        .join(Batch, Batch.id == Payment.batch_id)
        .where(LateReturn.dealt_at.is_(None))
        .order_by(LateReturn.id)
        .options(joinedload(Payment.claim))
    )
    return [
        LateReturnRow(
            id=late.id,
            payment=side_of(office, payment),
            batch=number,
            place=late.place or "",
            is_credit=payment.state == PaymentState.RETURNED,
            first_at=payment.result_at,
            first=_said(payment.result_code, payment.result_text),
            second_at=late.noted_at,
            second=_said(late.result_code, late.result_text),
            days=(office.clock() - late.noted_at).days,
        )
        for late, payment, number in session.execute(query)
    ]


def count_late_returns(session: Session) -> int:
    """How many no person has dealt with yet."""
    waiting = select(func.count()).where(LateReturn.dealt_at.is_(None))
    return session.scalar(waiting) or 0


def _said(code: str | None, text: str | None) -> str:
    """What the bank said: its code and its words."""
    return mask_numbers(" ".join(filter(None, (code, text))))


def late_return_of(session: Session, id_: int) -> LateReturn:
    """The late return of this id; NotFound where there is none."""
    found = session.get(LateReturn, id_)
    if found is None:
        raise NotFound(str(id_))
    return found
