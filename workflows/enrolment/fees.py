"""Fees (会费): what was paid for an enrolment, what is missing and what was paid too much.

The unit's part decides when cover begins; the subsidy (article 5) is booked on its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from language import N_, _
from models import Enrolment, EnrolmentLine, FeeReceipt, User
from models.states import EnrolmentState, FeePayer, ReceiptKind
from rules.enrolment import first_day
from rules.errors import OwnWork, Refused
from rules.money import Fen, yuan
from rules.plans import family_of
from workflows.books.booking import Booking
from workflows.books.causes import Cause
from workflows.books.chart import BookPlace
from workflows.books.opened import books_are_open, open_day
from workflows.books.paying_account import account_for
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import BEIJING, Office
from workflows.enrolment.backdating import backdated
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, require

PAYER_WORDS = {FeePayer.UNIT: N_("单位和会员"), FeePayer.SUBSIDY: N_("上级补助")}

_VERBS = {
    ReceiptKind.RECEIPT: "note_receipt",
    ReceiptKind.REFUND: "refund",
    ReceiptKind.REVERSAL: "reverse_receipt",
}
_GRANTED = (EnrolmentState.FUNDED, EnrolmentState.COVERED)


@dataclass(frozen=True)
class Account:
    """What one payer owes for an enrolment and has paid, refunds and reversals taken off."""

    due: Fen
    received: Fen

    @property
    def short(self) -> Fen:
        return Fen(max(self.due - self.received, 0))

    @property
    def over(self) -> Fen:
        return Fen(max(self.received - self.due, 0))


@dataclass(frozen=True)
class Standing:
    """How an enrolment stands with both payers."""

    unit: Account
    subsidy: Account

    def of(self, payer: FeePayer) -> Account:
        return self.unit if payer is FeePayer.UNIT else self.subsidy


def standing(session: Session, enrolment: Enrolment) -> Standing:
    """The accounts of both payers; nothing is due for a withdrawn roster."""
    is_due = enrolment.state != EnrolmentState.WITHDRAWN
    due = {FeePayer.UNIT: enrolment.fee_due, FeePayer.SUBSIDY: enrolment.subsidy_due}
    sums = dict(
        session.execute(
            select(FeeReceipt.payer, func.sum(FeeReceipt.amount))
            .where(FeeReceipt.enrolment_id == enrolment.id)
            .group_by(FeeReceipt.payer)
        ).all()
    )
    accounts = (
        Account(Fen(due[payer] if is_due else 0), Fen(int(sums.get(payer, 0))))
        for payer in FeePayer
    )
    return Standing(*accounts)


def note_receipt(
    session: Session,
    office: Office,
    person: User,
    enrolment: Enrolment,
    number: str,
    payer: FeePayer,
    amount: Fen,
    moved_on: date,
) -> FeeReceipt:
    """Book money that arrived; cover can begin once the unit's part is complete."""
    require(person, Act.BOOK_FEES)
    if enrolment.state == EnrolmentState.WITHDRAWN:
        raise Refused(_("名册 %(number)s 已撤回，不能再收会费") % {"number": enrolment.number})
    if enrolment.state == EnrolmentState.FUNDED and payer == FeePayer.UNIT:
        # The first day of cover is fixed; a receipt of an earlier day would move it unseen.
        raise Refused(_("名册 %(number)s 正在生效，请稍后再登记") % {"number": enrolment.number})
    if amount <= 0:
        raise Refused(_("金额应大于 0"))
    entry = FeeReceipt(kind=ReceiptKind.RECEIPT, payer=payer.value, amount=amount)
    return _book(session, office, person, enrolment, number, moved_on, entry)


def refund(
    session: Session,
    office: Office,
    person: User,
    enrolment: Enrolment,
    number: str,
    payer: FeePayer,
    amount: Fen,
    moved_on: date,
) -> FeeReceipt:
    """Refund what was paid too much, never more (R23: no refund of a fee once cover has begun)."""
    require(person, Act.REFUND_FEES)
    noted = select(FeeReceipt.id).filter_by(enrolment_id=enrolment.id, kind=ReceiptKind.RECEIPT)
    by_him = noted.where(FeeReceipt.noted_by.in_(own_accounts(session, person)))
    if session.scalar(by_him.limit(1)) is not None:
        raise OwnWork(_("登记收款的人不能办理退费"))
    over = standing(session, enrolment).of(payer).over
    if not 0 < amount <= over:
        raise Refused(_("只能退还多缴的部分，最多 %(over)s 元") % {"over": yuan(over)})
    entry = FeeReceipt(kind=ReceiptKind.REFUND, payer=payer.value, amount=Fen(-amount))
    return _book(session, office, person, enrolment, number, moved_on, entry)


def reverse_receipt(
    session: Session,
    office: Office,
    person: User,
    enrolment: Enrolment,
    receipt: FeeReceipt,
    number: str,
) -> FeeReceipt:
    """Cancel a wrong entry by its opposite on the same day; the entry itself stays."""
    require(person, Act.BOOK_FEES)
    if receipt.enrolment_id != enrolment.id or receipt.kind == ReceiptKind.REVERSAL:
        raise Refused(_("这一笔不能冲销"))
    if session.scalar(select(FeeReceipt.id).filter_by(reverses_id=receipt.id)) is not None:
        raise Refused(_("收据 %(number)s 已经冲销过") % {"number": receipt.number})
    account = standing(session, enrolment).of(FeePayer(receipt.payer))
    left = account.received - receipt.amount
    if receipt.payer == FeePayer.UNIT and enrolment.state in _GRANTED and left < account.due:
        raise Refused(_("冲销后会费不足，而保障已经生效；请先登记正确的收款"))
    entry = FeeReceipt(
        kind=ReceiptKind.REVERSAL,
        payer=receipt.payer,
        amount=Fen(-receipt.amount),
        reverses_id=receipt.id,
    )
    return _book(session, office, person, enrolment, number, receipt.moved_on, entry)


def fund_if_complete(session: Session, office: Office, enrolment: Enrolment) -> None:
    """Move the enrolment on to cover if the unit's part is complete."""
    session.flush()
    if enrolment.state != EnrolmentState.UNPAID or enrolment.fee_due == 0:
        return
    if not standing(session, enrolment).unit.short:
        begins = starts_on(session, enrolment)
        found = backdated(session, enrolment, begins)
        advance(
            session,
            enrolment,
            "hold_start" if found.found else "fund",
            office,
            complete_on=completed_on(session, enrolment).isoformat(),
            starts_on=begins.isoformat(),
            late=[receipt.number for receipt in found.late],
        )


def starts_on(session: Session, enrolment: Enrolment) -> date:
    """The first day of cover once the fee is complete (R26, R31)."""
    wanted = [day for day in (enrolment.asked_start, enrolment.not_before) if day is not None]
    return first_day(completed_on(session, enrolment), max(wanted, default=None))


def completed_on(session: Session, enrolment: Enrolment) -> date:
    """The day from which on the unit's part was complete (R26).

    Lines that were struck made it complete on that day at the earliest.
    """
    receipts = session.scalars(
        select(FeeReceipt)
        .filter_by(enrolment_id=enrolment.id, payer=FeePayer.UNIT.value)
        .order_by(FeeReceipt.moved_on, FeeReceipt.id)
    ).all()
    arrived = arrived_on(((r.moved_on, r.amount) for r in receipts), enrolment.fee_due)
    struck_at = session.scalar(
        select(func.max(EnrolmentLine.struck_at)).filter_by(enrolment_id=enrolment.id)
    )
    return max(arrived, struck_at.astimezone(BEIJING).date()) if struck_at else arrived


def arrived_on(movements: Iterable[tuple[date, Fen]], due: Fen) -> date:
    """The last day on which the sum of the movements, in order of days, rose to what is due."""
    total = 0
    found: date | None = None
    days: dict[date, int] = {}
    for day, amount in movements:
        days[day] = days.get(day, 0) + amount
    for day, moved in sorted(days.items()):
        before, total = total, total + moved
        if total >= due and (found is None or before < due):
            found = day
    if found is None or total < due:
        raise ValueError("the fee is not complete")
    return found


def _booked_on(session: Session, office: Office, kind: str, moved_on: date) -> date:
    """A reversal can always be booked, however old the entry that it takes back."""
    return open_day(session, office, moved_on) if kind == ReceiptKind.REVERSAL else moved_on


def book_moved(
    session: Session,
    office: Office,
    person: User | None,
    enrolment: Enrolment,
    entry: FeeReceipt,
    booked_on: date,
) -> None:
    """It moved on the account that paid for its plan on its day."""
    account = account_for(session, enrolment.plan, entry.moved_on)
    place = BookPlace(
        family=family_of(enrolment.plan),
        paying_account_id=account.id if account else None,
        unit_id=enrolment.unit_id,
    )
    is_units = entry.payer == FeePayer.UNIT
    booking = Booking(session, office, person, FeeReceipt, entry.id, booked_on)
    booking.book(Cause.FEE_MOVED if is_units else Cause.SUBSIDY_MOVED, entry.amount, place=place)


def _book(
    session: Session,
    office: Office,
    person: User,
    enrolment: Enrolment,
    number: str,
    moved_on: date,
    entry: FeeReceipt,
) -> FeeReceipt:
    if not number.strip():
        raise Refused(_("请填写收据号"))
    if moved_on > office.today():
        raise Refused(_("收付日期不能晚于今天"))
    booked_on = _booked_on(session, office, entry.kind, moved_on)
    books_are_open(session, office.today(), [booked_on])
    entry.number, entry.moved_on = number.strip(), moved_on
    entry.enrolment_id, entry.noted_by, entry.noted_at = enrolment.id, person.id, office.clock()
    try:
        with session.begin_nested():
            session.add(entry)
            session.flush()
    except IntegrityError as error:
        raise Refused(_("收据号 %(number)s 已经用过") % {"number": entry.number}) from error
    record(
        session,
        enrolment,
        _VERBS[ReceiptKind(entry.kind)],
        office.clock(),
        person.id,
        receipt=entry.id,
        payer=entry.payer,
        amount=entry.amount,
    )
    book_moved(session, office, person, enrolment, entry, booked_on)
    if entry.kind == ReceiptKind.REVERSAL and enrolment.state == EnrolmentState.BACKDATED:
        advance(session, enrolment, "reopen_fee", office, person)
    fund_if_complete(session, office, enrolment)
    return entry
