"""Payments without an answer of the bank, as people follow them up."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from banking.results import BankOutcome, advice_on
from console.not_found import NotFound
from console.queries.reply_cases import LineOfBank, PaymentSide, lines_of, side_of
from documents.masks import mask_numbers
from language import N_, _
from models import AuditEvent, BankWord, Batch, Payment, User
from models.bank_words import BankWay
from models.states import AT_THE_BANK_STATES
from workflows.claims.paying.bank_words import codes_of, mark_of_word
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.sealed_details import detail_of

ROWS = 200
WAYS = {
    BankWay.LETTER: N_("书面答复"),
    BankWay.COUNTER: N_("柜台办理"),
    BankWay.LINE: N_("回盘中的行"),
}


@dataclass(frozen=True)
class AskedBank:
    """The last time that somebody asked the bank about a payment."""

    at: datetime
    by: str
    note: str


@dataclass(frozen=True)
class WaitingWord:
    """A word of the bank that waits for a supervisor, with every odd line about the payment."""

    by: str
    way: str
    is_credit: bool
    said: str
    sha256: str | None
    lines: tuple[LineOfBank, ...]
    mark: str


@dataclass(frozen=True)
class UnansweredRow:
    """A payment without an answer: since when, what the bank said so far, what the office does."""

    payment: PaymentSide
    batch: str
    released_at: datetime | None
    days: int
    said: str
    advice: str
    asked: AskedBank | None
    waiting: WaitingWord | None


def unanswered_rows(
    session: Session, office: Office, before: int
) -> tuple[list[UnansweredRow], bool]:
    """The payments that the bank may have and has not answered for: first those of which a word
    waits, then the oldest; after so many pages, and whether more follow."""
    waits = Payment.id.in_(select(BankWord.payment_id).where(BankWord.agreed.is_(None)))
    found = session.execute(
        select(Payment, Batch)
        .join(Batch, Batch.id == Payment.batch_id)
        .where(Payment.state.in_(AT_THE_BANK_STATES) | waits)
        .order_by(waits.desc(), Batch.released_at, Payment.id)
        .offset(ROWS * before)
        .limit(ROWS + 1)
        .options(joinedload(Payment.claim))
    ).all()
    shown = found[:ROWS]
    ids = [payment.id for payment, _batch in shown]
    asked, words = _asked(session, ids), _waiting(session, ids)
    rows = [
        UnansweredRow(
            payment=side_of(office, payment),
            batch=batch.number,
            released_at=batch.released_at,
            days=(office.clock() - batch.released_at).days if batch.released_at else 0,
            said=mask_numbers(payment.result_text or ""),
            advice=advice_on(payment.result_code or "", payment.result_text or ""),
            asked=asked.get(payment.id),
            waiting=words.get(payment.id),
        )
        for payment, batch in shown
    ]
    return rows, len(found) > ROWS


def reasons_of_return() -> Mapping[str, str]:
    """The bank's codes for what came back, to choose from."""
    return codes_of({BankOutcome.RETURNED})


def payment_with(session: Session, reference: str) -> Payment:
    """The payment of this reference; NotFound where there is none."""
    found = session.scalar(select(Payment).filter_by(reference=reference))
    if found is None:
        raise NotFound(reference)
    return found


def last_word(session: Session, payment: Payment) -> BankWord:
    """What was last taken down of the payment; NotFound where nothing was."""
    told = select(BankWord).filter_by(payment_id=payment.id).order_by(BankWord.id.desc())
    found = session.scalar(told.limit(1))
    if found is None:
        raise NotFound(payment.reference)
    return found


def count_waiting_words(session: Session) -> int:
    """How many words of the bank wait for a supervisor."""
    waiting = select(func.count()).select_from(BankWord).where(BankWord.agreed.is_(None))
    return session.scalar(waiting) or 0


def _asked(session: Session, ids: Collection[int]) -> dict[int, AskedBank]:
    rows = session.execute(
        select(AuditEvent, User.name)
        .join(User, User.id == AuditEvent.actor_id)
        .where(
            AuditEvent.subject == Payment.__tablename__,
            any_of(AuditEvent.subject_id, ids),
            AuditEvent.verb == "ask_bank",
        )
        .order_by(AuditEvent.subject_id, AuditEvent.seq)
    )
    return {
        event.subject_id: AskedBank(event.at, name, str(detail_of(event)["reason"]))
        for event, name in rows
    }


def _waiting(session: Session, ids: Collection[int]) -> dict[int, WaitingWord]:
    lines = lines_of(session, ids)
    rows = session.execute(
        select(BankWord, User.name)
        .join(User, User.id == BankWord.asked_by)
        .where(any_of(BankWord.payment_id, ids), BankWord.agreed.is_(None))
    )
    return {
        word.payment_id: WaitingWord(
            by=name,
            way=_(WAYS[BankWay(word.way)]),
            is_credit=word.outcome == BankOutcome.CREDITED,
            said=" ".join(filter(None, (word.result_code, word.result_text))),
            sha256=word.sha256,
            lines=tuple(lines.get(word.payment_id, ())),
            mark=mark_of_word(word),
        )
        for word, name in rows
    }
