"""Recoveries: what is asked back, what came in, and what waits to be written off."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from console import formatting, labels
from console.not_found import NotFound
from language import _
from models import (
    AuditEvent,
    Claim,
    Payment,
    Recovery,
    RecoveryReceipt,
    User,
)
from models.machines.money import RECOVERY
from models.states import ClaimState, ReceiptOf, RecoveryState
from rules.money import Fen
from workflows.claims.approving.by_hand import set_off_in_words
from workflows.claims.paying.instalments import DueInstalment, instalments
from workflows.claims.paying.recovery import mark_of_write_off, open_amount, waits
from workflows.claims.paying.set_off import can_set_off
from workflows.engine.office import Office
from workflows.people.persons import own_accounts
from workflows.sealed_values.claims import heir_person

ROWS = 200


@dataclass(frozen=True)
class RecoveryRow:
    number: str
    state: str
    word: str
    claim: str
    unit: str
    debtor: str
    amount: Fen
    received: Fen
    left: Fen
    due_on: date
    is_late: bool
    waiting: Fen
    """What was booked and waits to be confirmed."""
    waits_for_second: bool
    days_late: int
    """For how many days the oldest sum is overdue, an instalment or the whole; 0 if none is."""
    overdue: Fen
    """What should have come in by now."""


@dataclass(frozen=True)
class InstalmentRow:
    """One agreed instalment: what is left of it, and for how many days it is overdue."""

    due_on: date
    amount: Fen
    left: Fen
    days_late: int


@dataclass(frozen=True)
class RecoveryReceiptRow:
    """One sum that came in; `about` is the bank's reference, or the payment it was set off from.

    `undo_id` is the receipt's id where it is a set-off that counts, `confirm_id` where it is a
    transfer that a second person has yet to confirm.
    """

    received_on: date
    amount: Fen
    about: str
    reason: str
    booked_by: str
    confirmed_by: str
    undone_by: str
    undo_id: int | None
    confirm_id: int | None


@dataclass(frozen=True)
class QueuedPayment:
    """A payment that may be set off: its claim, what is due, and at most how much."""

    reference: str
    claim: str
    due: Fen
    most: Fen


@dataclass(frozen=True)
class SetOffRow:
    """A set-off of a claim whose other payments wait for a batch: by whom, when, in which words."""

    recovery: str
    claim: str
    receipt_id: int
    at: datetime
    words: str


@dataclass(frozen=True)
class RecoveryView:
    """One recovery; `proposed_by_me` tells the person that another one must confirm."""

    row: RecoveryRow
    receipts: tuple[RecoveryReceiptRow, ...]
    write_off_reason: str
    proposed_by: str
    confirmed_by: str
    proposed_by_me: bool
    write_off_mark: str
    may_be_set_off: tuple[QueuedPayment, ...]
    instalments: tuple[InstalmentRow, ...]


def recoveries(session: Session, office: Office) -> list[RecoveryRow]:
    """Those that are open, the first due first; then the others, newest first."""
    is_open = Recovery.state == RecoveryState.OPEN
    query = (
        select(Recovery)
        .order_by(is_open.desc(), case((is_open, Recovery.id), else_=-Recovery.id))
        .limit(ROWS)
        .options(
            joinedload(Recovery.claim).joinedload(Claim.unit),
            joinedload(Recovery.claim).joinedload(Claim.member),
            joinedload(Recovery.heir),
            selectinload(Recovery.instalments),
        )
    )
    today = office.today()
    return [_row(office, each, today) for each in session.scalars(query)]


def recoveries_of(session: Session, office: Office, claim: Claim) -> list[RecoveryRow]:
    """What is asked back of this claim, oldest first."""
    query = select(Recovery).filter_by(claim_id=claim.id).order_by(Recovery.id)
    return [_row(office, each, None) for each in session.scalars(query)]


def open_sum(session: Session) -> tuple[int, Fen]:
    """How many recoveries are open, and what is still to come in."""
    query = select(func.count(), func.coalesce(func.sum(Recovery.outstanding), 0)).where(
        Recovery.state == RecoveryState.OPEN
    )
    count, total = session.execute(query).one()
    return count, Fen(int(total))


def receipts_to_confirm(session: Session) -> int:
    """How many recoveries have a receipt that waits for a second person."""
    query = select(func.count()).select_from(Recovery).where(Recovery.waiting > 0)
    return session.scalar(query) or 0


def recovery_numbered(session: Session, number: str) -> Recovery:
    """The recovery of this number; NotFound where there is none."""
    found = session.scalar(select(Recovery).filter_by(number=number))
    if found is None:
        raise NotFound(number)
    return found


def recovery_view(session: Session, office: Office, person: User, each: Recovery) -> RecoveryView:
    """All of one recovery."""
    return RecoveryView(
        row=_row(office, each, office.today()),
        receipts=tuple(_receipt(session, receipt) for receipt in each.receipts),
        write_off_reason=each.write_off_reason or "",
        proposed_by=_name(session, each.proposed_by),
        confirmed_by=_name(session, each.confirmed_by),
        proposed_by_me=each.proposed_by in own_accounts(session, person),
        write_off_mark=mark_of_write_off(each),
        may_be_set_off=tuple(
            QueuedPayment(
                payment.reference,
                payment.claim.number,
                payment.amount,
                min(payment.amount, open_amount(each)),
            )
            for payment in can_set_off(session, each)
        ),
        instalments=tuple(
            InstalmentRow(part.due_on, part.amount, part.left, part.days_late(office.today()))
            for part in instalments(each)
        ),
    )


def payment_of(session: Session, reference: str) -> Payment:
    """The payment of this reference; NotFound where there is none."""
    found = session.scalar(select(Payment).filter_by(reference=reference))
    if found is None:
        raise NotFound(reference)
    return found


def receipt_of(session: Session, recovery: Recovery, id_: int) -> RecoveryReceipt:
    """The receipt of this recovery with this id; NotFound where there is none."""
    found = session.scalar(select(RecoveryReceipt).filter_by(id=id_, recovery_id=recovery.id))
    if found is None:
        raise NotFound(str(id_))
    return found


def set_offs(session: Session) -> list[SetOffRow]:
    """The set-offs of claims that wait for a batch, oldest first: who approves sees them once more
    before money moves."""
    query = (
        select(RecoveryReceipt, Recovery.number, Claim.number, AuditEvent, User.name)
        .join(Recovery, Recovery.id == RecoveryReceipt.recovery_id)
        .join(Payment, Payment.id == RecoveryReceipt.payment_id)
        .join(Claim, Claim.id == Payment.claim_id)
        .join(User, User.id == RecoveryReceipt.booked_by)
        .join(
            AuditEvent,
            (AuditEvent.subject == Claim.__tablename__)
            & (AuditEvent.subject_id == Claim.id)
            & (AuditEvent.verb == "set_off")
            & (AuditEvent.detail["receipt"].as_integer() == RecoveryReceipt.id),
        )
        .where(RecoveryReceipt.undone_at.is_(None), Claim.state == ClaimState.PAYABLE)
        .order_by(RecoveryReceipt.id)
    )
    return [
        SetOffRow(recovery, claim, receipt.id, receipt.booked_at, set_off_in_words(event, name))
        for receipt, recovery, claim, event, name in session.execute(query)
    ]


def _receipt(session: Session, receipt: RecoveryReceipt) -> RecoveryReceiptRow:
    is_live_set_off = receipt.kind == ReceiptOf.SET_OFF and receipt.undone_at is None
    return RecoveryReceiptRow(
        received_on=receipt.received_on,
        amount=receipt.amount,
        about=receipt.payment.reference if receipt.payment else receipt.bank_reference or "",
        reason=receipt.reason or "",
        booked_by=_name(session, receipt.booked_by),
        confirmed_by=_name(session, receipt.confirmed_by),
        undone_by=_name(session, receipt.undone_by),
        undo_id=receipt.id if is_live_set_off else None,
        confirm_id=receipt.id if waits(receipt) else None,
    )


def _name(session: Session, user_id: int | None) -> str:
    return session.get_one(User, user_id).name if user_id else ""


def _row(office: Office, each: Recovery, today: date | None) -> RecoveryRow:
    claim, is_open = each.claim, each.state == RecoveryState.OPEN
    # Without a plan the whole is one instalment.
    whole = DueInstalment(each.due_on, each.amount, open_amount(each))
    parts = list(instalments(each)) or [whole]
    late = [part for part in parts if today is not None and part.days_late(today)]
    return RecoveryRow(
        number=each.number,
        state=each.state,
        word=labels.state(RECOVERY, each.state),
        claim=claim.number,
        unit=claim.unit.name if claim.unit else "",
        debtor=_debtor(office, each),
        amount=each.amount,
        received=each.received,
        left=open_amount(each),
        due_on=each.due_on,
        is_late=bool(late),
        waiting=each.waiting,
        waits_for_second=is_open and each.proposed_by is not None,
        days_late=max((part.days_late(today) for part in late if today), default=0),
        overdue=Fen(sum(part.left for part in late)),
    )


def _debtor(office: Office, each: Recovery) -> str:
    """Who gives back: the member, or one of his heirs."""
    member = formatting.name(each.claim.member.name) if each.claim.member else ""
    if each.heir is None:
        return member
    heir = formatting.name(heir_person(office.keys, each.heir).name)
    return _("%(heir)s（%(member)s的继承人）") % {"heir": heir, "member": member}
