"""The letters and payments of a claim."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import labels
from documents.masks import mask_numbers
from models import Claim, Letter, Payment
from models.machines.claims import LETTER
from models.machines.money import PAYMENT
from models.states import LetterState
from rules.money import Fen


@dataclass(frozen=True)
class LetterRow:
    id: int
    word: str
    state: str
    is_written: bool


@dataclass(frozen=True)
class PaymentRow:
    reference: str
    state: str
    amount: Fen
    batch: str
    result: str


def letters(session: Session, claim: Claim) -> Iterator[LetterRow]:
    """The letters of the claim, newest first."""
    for letter in session.scalars(
        select(Letter).filter_by(claim_id=claim.id).order_by(Letter.id.desc())
    ):
        yield LetterRow(
            letter.id,
            labels.letter(letter.kind),
            labels.state(LETTER, letter.state),
            letter.state == LetterState.WRITTEN and letter.sha256 is not None,
        )


def payments(session: Session, claim: Claim) -> Iterator[PaymentRow]:
    """The payments of the claim, newest first."""
    for payment in session.scalars(
        select(Payment).filter_by(claim_id=claim.id).order_by(Payment.id.desc())
    ):
        yield PaymentRow(
            payment.reference,
            labels.state(PAYMENT, payment.state),
            payment.amount,
            payment.batch.number if payment.batch else "",
            mask_numbers(payment.result_text or ""),
        )
