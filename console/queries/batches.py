"""Payment batches as the cashier sees them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from banking import formats
from banking.results import advice_on
from console import formatting, labels
from console.not_found import NotFound
from console.queries.bank_papers import BankPaper, bank_papers
from documents.masks import mask_numbers
from models import AuditEvent, Batch, Claim, Payment, User
from models.machines.money import BATCH, PAYMENT
from models.states import AT_THE_BANK_STATES, PaymentState
from rules.money import Fen
from workflows.claims.paying.batch_content import has_file
from workflows.claims.paying.sent_batches import is_asked, mark_of_discard
from workflows.claims.paying.taken_out import mark_of_take_out
from workflows.engine.office import Office
from workflows.people.persons import own_accounts
from workflows.sealed_values.claims import payee_of

ROWS = 100

_Outcome = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class BatchRow:
    number: str
    state: str
    word: str
    count: int
    sum: Fen
    frozen_by: str
    frozen_at: datetime
    released_by: str
    released_at: datetime | None
    outcome: _Outcome
    """How many of a released batch's payments are in which state; empty before."""


@dataclass(frozen=True)
class BatchPaymentRow:
    reference: str
    claim: str
    name: str
    account: str
    bank: str
    amount: Fen
    state: str
    word: str
    result: str
    advice: str
    out_reason: str
    out_asked_by_me: bool
    out_mark: str


@dataclass(frozen=True)
class FileRow:
    """One time that the batch's file or its draft, which is not kept, was made; `sha256` is its
    hash."""

    word: str
    made_by: str
    made_at: datetime
    sha256: str
    is_kept: bool


@dataclass(frozen=True)
class AskedDiscard:
    """That a released batch be discarded, as one person asks another."""

    asked_by: str
    by_me: bool
    bank_word: str
    not_taken: tuple[str, ...]
    mark: str


@dataclass(frozen=True)
class BatchView:
    """One batch with all its payments."""

    row: BatchRow
    digest: str
    edition: int
    frozen_by_me: bool
    has_file: bool
    payments: tuple[BatchPaymentRow, ...]
    form: str
    files: tuple[FileRow, ...]
    papers: tuple[BankPaper, ...]
    waiting: tuple[str, ...]
    asked: AskedDiscard | None


def latest_batches(session: Session) -> list[BatchRow]:
    """The latest batches, newest first."""
    rows = _named(session, None, ROWS)
    outcomes = _outcomes(session, [batch for batch, _frozen, _released in rows])
    return [_row(batch, frozen, released, outcomes) for batch, frozen, released in rows]


def batch_numbered(session: Session, number: str) -> Batch:
    """The batch of this number."""
    batch = session.scalar(select(Batch).filter_by(number=number))
    if batch is None:
        raise NotFound(number)
    return batch


def batch_view(session: Session, office: Office, person: User, batch: Batch) -> BatchView:
    """One batch with its payments and files; names and cards are masked."""
    [(_batch, frozen_by, released_by)] = _named(session, batch.id, 1)
    return BatchView(
        row=_row(batch, frozen_by, released_by, _outcomes(session, [batch])),
        digest=batch.digest,
        edition=batch.edition,
        frozen_by_me=batch.frozen_by in own_accounts(session, person),
        has_file=has_file(session, batch),
        payments=tuple(_payments(session, office, person, batch)),
        form=formats.layout(batch.format).title,
        files=tuple(_files(session, batch)),
        papers=tuple(bank_papers(session, batch)),
        waiting=waiting_of(batch),
        asked=_asked(session, person, batch),
    )


def waiting_of(batch: Batch) -> tuple[str, ...]:
    """The references of the payments that the bank may have and has not answered for."""
    # Of an old batch there may be a file although it was not released.
    at_the_bank = (*AT_THE_BANK_STATES, PaymentState.FROZEN)
    return tuple(p.reference for p in batch.payments if p.state in at_the_bank)


def _asked(session: Session, person: User, batch: Batch) -> AskedDiscard | None:
    if batch.asked_by is None or not is_asked(batch):
        return None
    name = session.get_one(User, batch.asked_by).name
    by_me = batch.asked_by in own_accounts(session, person)
    word, not_taken = batch.bank_word or "", tuple(batch.not_taken)
    return AskedDiscard(name, by_me, word, not_taken, mark_of_discard(batch))


def _named(
    session: Session, batch_id: int | None, limit: int
) -> list[tuple[Batch, str, str | None]]:
    freezer, releaser = aliased(User), aliased(User)
    query = (
        select(Batch, freezer.name, releaser.name)
        .join(freezer, freezer.id == Batch.frozen_by)
        .outerjoin(releaser, releaser.id == Batch.released_by)
        .order_by(Batch.id.desc())
        .limit(limit)
    )
    if batch_id is not None:
        query = query.where(Batch.id == batch_id)
    return [(batch, frozen, released) for batch, frozen, released in session.execute(query)]


def _outcomes(session: Session, batches: Sequence[Batch]) -> dict[int, _Outcome]:
    """What became of the payments of released batches, by batch."""
    released = [batch.id for batch in batches if batch.released_at]
    query = (
        select(Payment.batch_id, Payment.state, func.count())
        .where(Payment.batch_id.in_(released))
        .group_by(Payment.batch_id, Payment.state)
    )
    counts = {(batch_id, state): count for batch_id, state, count in session.execute(query)}
    return {
        batch_id: tuple(
            (labels.state(PAYMENT, state), count)
            for state in PaymentState
            if (count := counts.get((batch_id, state)))
        )
        for batch_id in released
    }


def _row(
    batch: Batch, frozen_by: str, released_by: str | None, outcomes: Mapping[int, _Outcome]
) -> BatchRow:
    return BatchRow(
        number=batch.number,
        state=batch.state,
        word=labels.state(BATCH, batch.state),
        count=batch.count,
        sum=batch.sum,
        frozen_by=frozen_by,
        frozen_at=batch.frozen_at,
        released_by=released_by or "",
        released_at=batch.released_at,
        outcome=outcomes.get(batch.id, ()),
    )


def _payments(
    session: Session, office: Office, person: User, batch: Batch
) -> Iterator[BatchPaymentRow]:
    own = own_accounts(session, person)
    for payment, number in session.execute(
        select(Payment, Claim.number)
        .join(Claim, Claim.id == Payment.claim_id)
        .where(Payment.batch_id == batch.id)
        .order_by(Payment.reference)
    ):
        payee = payee_of(office.keys, payment)
        yield BatchPaymentRow(
            reference=payment.reference,
            claim=number,
            name=formatting.name(payee.name),
            account=formatting.value("bank_card_number", payee.account),
            bank=payee.bank_name,
            amount=payment.amount,
            state=payment.state,
            word=labels.state(PAYMENT, payment.state),
            result=mask_numbers(payment.result_text or ""),
            advice=advice_on(payment.result_code or "", payment.result_text or ""),
            out_reason=payment.out_reason or "",
            out_asked_by_me=payment.out_asked_by in own,
            out_mark=mark_of_take_out(payment),
        )


def _files(session: Session, batch: Batch) -> Iterator[FileRow]:
    made = (
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.subject == "batch", AuditEvent.subject_id == batch.id)
        .where(AuditEvent.verb.in_(("make_draft", "make_file")))
        .order_by(AuditEvent.seq)
    )
    for event, name in session.execute(made):
        word = labels.verb("batch", event.verb)
        is_kept = event.verb == "make_file"
        yield FileRow(word, name or "", event.at, str(event.detail["sha256"]), is_kept)
