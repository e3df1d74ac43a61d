"""Odd lines of replies beside the payments that they may be about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from console import formatting, labels
from console.not_found import NotFound
from language import N_, _
from models import BankWord, Batch, Payment, ReplyCase, ReplyFile, User
from models.bank_words import LineAnswer
from models.machines.money import PAYMENT
from models.states import AT_THE_BANK_STATES
from rules.money import Fen
from workflows.engine.office import Office
from workflows.sealed_values.claims import payee_of

ROWS = 100
_CLOSED = 30
_CANDIDATES = 5
_ANSWERS = {
    LineAnswer.MATCHED: N_("匹配"),
    LineAnswer.LEFT: N_("保留"),
    LineAnswer.REJECTED: N_("退回银行更正"),
}


@dataclass(frozen=True)
class PaymentSide:
    """A payment as it stands beside a line; name and account are masked."""

    reference: str
    claim: str
    name: str
    account: str
    amount: Fen
    state: str
    word: str


@dataclass(frozen=True)
class ReplyCaseRow:
    """A line that waits: what the bank wrote, why it does not fit, and the payment that it names,
    else those of its batch without an answer and of the same sum."""

    id: int
    batch: str
    place: str
    loaded_at: datetime
    days: int
    name: str
    account: str
    amount: Fen | None
    said: str
    why: str
    payments: tuple[PaymentSide, ...]
    waits: bool


@dataclass(frozen=True)
class ClosedCase:
    """A line that a person dealt with."""

    batch: str
    place: str
    reference: str
    word: str
    reason: str
    by: str
    at: datetime


def open_cases(session: Session, office: Office) -> list[ReplyCaseRow]:
    """The lines that wait, oldest first."""
    waiting = select(BankWord.reply_case_id).where(BankWord.agreed.is_(None))
    asked = set(session.scalars(waiting))
    rows = session.execute(
        select(ReplyCase, ReplyFile, Batch.number)
        .join(ReplyFile, ReplyFile.id == ReplyCase.reply_file_id)
        .join(Batch, Batch.id == ReplyFile.batch_id)
        .where(ReplyCase.answer.is_(None))
        .order_by(ReplyCase.id)
        .limit(ROWS)
    )
    return [
        ReplyCaseRow(
            id=case.id,
            batch=number,
            place=case.place,
            loaded_at=file.loaded_at,
            days=(office.clock() - file.loaded_at).days,
            name=case.name,
            account=case.account,
            amount=case.amount,
            said=" ".join(filter(None, (case.result_code, case.result_text))),
            why=case.why,
            payments=tuple(_sides(session, office, case, file.batch_id)),
            waits=case.id in asked,
        )
        for case, file, number in rows
    ]


def count_open(session: Session) -> int:
    """How many lines wait."""
    waiting = select(func.count()).select_from(ReplyCase).where(ReplyCase.answer.is_(None))
    return session.scalar(waiting) or 0


def count_of_file(session: Session, file: ReplyFile) -> int:
    """How many lines of this reply wait."""
    return session.scalar(select(func.count()).where(ReplyCase.reply_file_id == file.id)) or 0


def closed_cases(session: Session) -> list[ClosedCase]:
    """The lines that were dealt with last."""
    rows = session.execute(
        select(ReplyCase, Batch.number, Payment.reference, User.name)
        .join(ReplyFile, ReplyFile.id == ReplyCase.reply_file_id)
        .join(Batch, Batch.id == ReplyFile.batch_id)
        .join(User, User.id == ReplyCase.answered_by)
        .outerjoin(Payment, Payment.id == ReplyCase.payment_id)
        .order_by(ReplyCase.answered_at.desc())
        .limit(_CLOSED)
    )
    return [
        ClosedCase(
            batch=number,
            place=case.place,
            reference=reference or "",
            word=_(_ANSWERS[LineAnswer(case.answer)]),
            reason=case.reason or "",
            by=name,
            at=case.answered_at,
        )
        for case, number, reference, name in rows
        if case.answer and case.answered_at
    ]


def case_of(session: Session, id_: int) -> ReplyCase:
    """The line of this id; NotFound where there is none."""
    found = session.get(ReplyCase, id_)
    if found is None:
        raise NotFound(str(id_))
    return found


def side_of(office: Office, payment: Payment) -> PaymentSide:
    """The payment as it is shown beside a line."""
    payee = payee_of(office.keys, payment)
    return PaymentSide(
        reference=payment.reference,
        claim=payment.claim.number,
        name=formatting.name(payee.name),
        account=formatting.value("bank_card_number", payee.account),
        amount=payment.amount,
        state=payment.state,
        word=labels.state(PAYMENT, payment.state),
    )


def _sides(
    session: Session, office: Office, case: ReplyCase, batch_id: int
) -> Iterator[PaymentSide]:
    if case.payment:
        yield side_of(office, case.payment)
        return
    same = select(Payment).where(
        Payment.batch_id == batch_id,
        Payment.amount == case.amount,
        Payment.state.in_(AT_THE_BANK_STATES),
    )
    same = same.order_by(Payment.id).limit(_CANDIDATES).options(joinedload(Payment.claim))
    for payment in session.scalars(same):
        yield side_of(office, payment)
