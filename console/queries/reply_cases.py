"""Odd lines of replies beside the payments that they may be about."""

from collections.abc import Collection, Iterator
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
from workflows.claims.paying.reply_cases import mark_of_set_aside
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.sealed_values.claims import payee_of

ROWS = 100
_CLOSED = 30
_CANDIDATES = 5
_ANSWERS = {
    LineAnswer.MATCHED: N_("匹配"),
    LineAnswer.LEFT: N_("保留"),
    LineAnswer.REJECTED: N_("有误，另请银行更正"),
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
class AskedSetAside:
    """How a cashier asks to close a line without a match."""

    by: str
    word: str
    reason: str
    mark: str


@dataclass(frozen=True)
class LineOfBank:
    """What a line says of a payment, and what people made of it; empty while they made nothing."""

    batch: str
    place: str
    name: str
    account: str
    amount: Fen | None
    said: str
    why: str
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
    waits_on: str
    """The reference of the payment with which a supervisor is asked to match it; empty: none."""
    asked: AskedSetAside | None


@dataclass(frozen=True)
class ClosedCase:
    """A line that a person dealt with."""

    batch: str
    place: str
    name: str
    account: str
    amount: Fen | None
    reference: str
    word: str
    reason: str
    by: str
    at: datetime


def open_cases(session: Session, office: Office) -> list[ReplyCaseRow]:
    """The lines that wait, oldest first."""
    waiting = select(BankWord.reply_case_id, Payment.reference).join(BankWord.payment)
    asked = dict(session.execute(waiting.where(BankWord.agreed.is_(None))).all())
    rows = session.execute(
        select(ReplyCase, ReplyFile, Batch.number, User.name)
        .join(ReplyFile, ReplyFile.id == ReplyCase.reply_file_id)
        .join(Batch, Batch.id == ReplyFile.batch_id)
        .outerjoin(User, User.id == ReplyCase.asked_by)
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
            said=_said(case),
            why=case.why,
            payments=tuple(_sides(session, office, case, file.batch_id)),
            waits_on=asked.get(case.id, ""),
            asked=_asked_set_aside(case, by),
        )
        for case, file, number, by in rows
    ]


def lines_of(session: Session, payment_ids: Collection[int]) -> dict[int, list[LineOfBank]]:
    """By payment, every odd line that names it, was matched with it or is asked to be."""
    word = (BankWord.reply_case_id == ReplyCase.id) & BankWord.agreed.is_(None)
    payment_id = func.coalesce(BankWord.payment_id, ReplyCase.payment_id)
    rows = session.execute(
        select(ReplyCase, Batch.number, payment_id)
        .join(ReplyFile, ReplyFile.id == ReplyCase.reply_file_id)
        .join(Batch, Batch.id == ReplyFile.batch_id)
        .outerjoin(BankWord, word)
        .where(any_of(ReplyCase.payment_id, payment_ids) | any_of(BankWord.payment_id, payment_ids))
        .order_by(ReplyCase.id)
    )
    lines: dict[int, list[LineOfBank]] = {}
    for case, number, id_ in rows:
        lines.setdefault(id_, []).append(_line(case, number))
    return lines


def _line(case: ReplyCase, batch: str) -> LineOfBank:
    word = _(_ANSWERS[LineAnswer(case.answer)]) if case.answer else ""
    told = (case.name, case.account, case.amount, _said(case), case.why)
    return LineOfBank(batch, case.place, *told, word)


def _said(case: ReplyCase) -> str:
    return " ".join(filter(None, (case.result_code, case.result_text)))


def _asked_set_aside(case: ReplyCase, by: str | None) -> AskedSetAside | None:
    if by is None or case.asked_answer is None:
        return None
    word = _(_ANSWERS[LineAnswer(case.asked_answer)])
    return AskedSetAside(by, word, case.asked_reason or "", mark_of_set_aside(case))


def count_asked(session: Session) -> int:
    """How many lines a supervisor is asked to set aside."""
    asked = select(func.count()).where(ReplyCase.answer.is_(None), ReplyCase.asked_by.is_not(None))
    return session.scalar(asked) or 0


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
            name=case.name,
            account=case.account,
            amount=case.amount,
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
