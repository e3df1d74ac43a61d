"""Books what an older database holds from before it had books: rights, payments, fees, recoveries.

All of it is dated on the day on which the books are opened. Of a right that is on its way to
another decision, what was paid counts as granted, until that decision is approved.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import (
    Batch,
    Claim,
    DecisionPart,
    Enrolment,
    Entitlement,
    FeeReceipt,
    Payment,
    Recovery,
    RecoveryReceipt,
    UnclaimedSum,
)
from models.states import (
    AT_THE_BANK_STATES,
    ClaimState,
    EnrolmentState,
    PaymentState,
    ReceiptOf,
    RecoveryState,
)
from rules import plans
from rules.plans import family_of
from rules.verdict import Benefit
from workflows.books.booking import Booking
from workflows.books.causes import Cause
from workflows.books.chart import BookPlace
from workflows.books.funds import hold_sum
from workflows.books.paying_account import account_for
from workflows.claims.sums.balances import Balance, balances
from workflows.engine.office import Office
from workflows.engine.session import do_the_last
from workflows.enrolment.cover import book_cover
from workflows.enrolment.fees import book_moved

_STANDS = (
    ClaimState.APPROVED,
    ClaimState.PAYABLE,
    ClaimState.SENT,
    ClaimState.PAID,
    ClaimState.RETURNED,
    ClaimState.NEW_PAPERS,
    ClaimState.WRITTEN_TO_FUND,
    ClaimState.DENIED,
)
_CAME_BACK = (ClaimState.RETURNED, ClaimState.NEW_PAPERS, ClaimState.WRITTEN_TO_FUND)
_IN_A_BATCH = (PaymentState.FROZEN, *AT_THE_BANK_STATES, PaymentState.CREDITED)
_PORTION = 500
"""How many claims are asked for at once."""


class _Right(NamedTuple):
    right: Entitlement
    claim: Claim
    place: BookPlace


def book_what_was(session: Session, office: Office) -> None:
    """Book everything that was done before there were books."""
    _reserve(session, office)
    _book_fees(session, office)
    ids = session.scalars(select(Entitlement.claim_id).distinct().order_by(Entitlement.claim_id))
    claim_ids = list(ids)
    for at in range(0, len(claim_ids), _PORTION):
        portion = claim_ids[at : at + _PORTION]
        standing = {each.right_id: each for each in balances(session, portion)}
        for right in _rights(session, portion):
            _book_right(session, office, right, standing[right.right.id])


def _reserve(session: Session, office: Office) -> None:
    """Reserve what is or was in batches, at once: what was credited is freed when it is booked."""
    held = (
        select(Payment.entitlement_id, Batch.paying_account_id, Payment.amount)
        .join(Batch, Batch.id == Payment.batch_id)
        .where(Payment.state.in_(_IN_A_BATCH))
    )
    for right_id, account_id, amount in session.execute(held):
        hold_sum(session, office, right_id, account_id, amount)
    do_the_last(session)


def _book_fees(session: Session, office: Office) -> None:
    today = office.today()
    rows = session.execute(
        select(FeeReceipt, Enrolment)
        .join(Enrolment, Enrolment.id == FeeReceipt.enrolment_id)
        .order_by(FeeReceipt.id)
    )
    for receipt, enrolment in rows:
        book_moved(session, office, None, enrolment, receipt, today)
    covered = select(Enrolment).filter_by(state=EnrolmentState.COVERED).order_by(Enrolment.id)
    for enrolment in session.scalars(covered):
        if enrolment.cover_year is not None:
            book_cover(session, office, enrolment, plans.load(enrolment.plan), enrolment.cover_year)


def _rights(session: Session, claim_ids: list[int]) -> Iterator[_Right]:
    is_part = (DecisionPart.decision_id == Entitlement.decision_id) & (
        DecisionPart.number == Entitlement.part
    )
    query = (
        select(Entitlement, Claim, DecisionPart.period_start)
        .join(DecisionPart, is_part)
        .join(Claim, Claim.id == Entitlement.claim_id)
        .where(Entitlement.claim_id.in_(claim_ids))
        .order_by(Entitlement.id)
    )
    for right, claim, period_start in session.execute(query).all():
        yield _Right(
            right, claim, BookPlace(family_of(right.plan), None, period_start, claim.unit_id)
        )


def _book_right(session: Session, office: Office, of: _Right, now: Balance) -> None:
    right_id = of.right.id
    booking = Booking(session, office, None, Entitlement, right_id)
    gone = _book_payments(session, booking, right_id)
    asked, lost = _book_recoveries(session, booking, of.right)
    left = asked - lost - gone
    granted = now.granted if of.claim.state in _STANDS else -left
    is_relief = of.right.benefit == Benefit.SECOND_RELIEF
    cause = Cause.GRANTED_RELIEF if is_relief else Cause.GRANTED
    booking.book(cause, granted, right_id, of.place)
    borne = min(lost, max(0, -left - granted))
    booking.book(Cause.WRITTEN_OFF_ANEW, borne - lost, right_id)
    owed = granted + left + borne
    if of.claim.state in _CAME_BACK:
        booking.book(Cause.OWED_AGAIN, -owed, right_id)
    in_fund = select(func.coalesce(func.sum(UnclaimedSum.amount), 0))
    in_fund = in_fund.filter_by(entitlement_id=right_id, revived_at=None)
    booking.book(Cause.WRITTEN_TO_FUND, int(session.scalar(in_fund) or 0), right_id)


def _book_payments(session: Session, booking: Booking, right_id: int) -> int:
    """Book what left in payments of this right; what is gone of it by payments and set-offs."""
    gone = 0
    rows = session.execute(
        select(Payment.state, Payment.amount, Batch.paying_account_id)
        .outerjoin(Batch, Batch.id == Payment.batch_id)
        .where(Payment.entitlement_id == right_id)
    )
    for state, amount, account_id in rows.all():
        place = BookPlace(paying_account_id=account_id)
        if state in (*AT_THE_BANK_STATES, PaymentState.CREDITED):
            booking.book(Cause.RELEASED, amount, right_id, place)
            gone += amount
        if state == PaymentState.CREDITED:
            booking.book(Cause.CREDITED, amount, right_id, place)
        gone += amount if state == PaymentState.SET_OFF else 0
    return gone


def _book_recoveries(session: Session, booking: Booking, right: Entitlement) -> tuple[int, int]:
    """Book what was asked back of this right, came in and was written off: what was asked, and what
    of it was written off."""
    asked = lost = 0
    opened = select(Recovery).where(
        Recovery.entitlement_id == right.id, Recovery.state != RecoveryState.CALLED_OFF
    )
    for recovery in session.scalars(opened.order_by(Recovery.id)).all():
        asked += recovery.amount
        booking.book(Cause.ASKED_BACK, recovery.amount, right.id)
        for receipt in recovery.receipts:
            _book_receipt(session, booking, right, receipt)
        if recovery.state == RecoveryState.WRITTEN_OFF:
            lost += recovery.amount - recovery.received
            booking.book(Cause.WRITTEN_OFF, recovery.amount - recovery.received, right.id)
    return asked, lost


def _book_receipt(
    session: Session, booking: Booking, right: Entitlement, receipt: RecoveryReceipt
) -> None:
    if receipt.kind == ReceiptOf.SET_OFF and receipt.undone_at is None and receipt.payment:
        paid = receipt.payment.entitlement_id
        booking.book(Cause.SET_OFF, receipt.amount, paid, against=right.id)
    elif receipt.confirmed_at is not None:
        account = account_for(session, right.plan, receipt.received_on)
        place = BookPlace(paying_account_id=account.id if account else None)
        booking.book(Cause.RECOVERED, receipt.amount, right.id, place)
