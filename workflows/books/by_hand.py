"""Vouchers by hand (手工凭证): the bank's fees and interest, and money that people move.

One person proposes it from the bank's paper, another one books it. One that was wrong is taken back
by another one with the sum below zero.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from language import _
from models import ManualVoucher, User
from rules.errors import OwnWork, Refused
from rules.money import Fen
from workflows.books.bank_places import bank_code, bank_places
from workflows.books.booking import Booking
from workflows.books.causes import RULES, Cause
from workflows.books.chart import BookPlace
from workflows.books.opened import books_are_open
from workflows.engine.office import Office
from workflows.people.office_events import record_for_office
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require

BY_HAND = [cause for cause, rule in RULES.items() if rule.by_hand]


@dataclass(frozen=True)
class ToldVoucher:
    """What a person keys: `place` is the code of an account at the bank, `reason` the paper."""

    cause: str
    place: str
    day: date
    amount: Fen
    reason: str


def propose_voucher(
    session: Session, office: Office, person: User, told: ToldVoucher
) -> ManualVoucher:
    """Ask another person to book this."""
    require(person, Act.PROPOSE_VOUCHER)
    place = {bank_code(place): place for place in bank_places(session)}.get(told.place)
    if told.cause not in BY_HAND or place is None or place.paying_account_id is None:
        raise Refused(_("请选择事由和银行账户"))
    if told.amount == 0:
        raise Refused(_("金额不能为零"), at="amount")
    if told.day > office.today():
        raise Refused(_("日期不能晚于今天"), at="day")
    if not books_are_open(session, office.today(), [told.day]):
        raise Refused(_("账簿尚未启用"))
    voucher = ManualVoucher(
        cause=told.cause,
        family=place.family or "",
        paying_account_id=place.paying_account_id,
        day=told.day,
        amount=told.amount,
        reason=told_reason(told.reason, _("请写明依据，例如银行回单号")),
        asked_by=person.id,
        asked_at=office.clock(),
    )
    session.add(voucher)
    session.flush()
    record_for_office(session, office, person, "propose_voucher", **_told(voucher))
    return voucher


def book_voucher(session: Session, office: Office, person: User, voucher_id: int) -> None:
    """Book it as another person proposed it."""
    voucher = _decided(session, office, person, voucher_id, is_booked=True)
    if voucher.asked_by in own_accounts(session, person):
        raise OwnWork(_("填制凭证的人不能自己复核，须由另一人复核"))
    place = BookPlace(voucher.family, voucher.paying_account_id)
    booking = Booking(session, office, person, ManualVoucher, voucher.id, voucher.day)
    booking.book(Cause(voucher.cause), voucher.amount, place=place)
    record_for_office(session, office, person, "book_voucher", **_told(voucher))


def refuse_voucher(session: Session, office: Office, person: User, voucher_id: int) -> None:
    """Leave it unbooked."""
    voucher = _decided(session, office, person, voucher_id, is_booked=False)
    record_for_office(session, office, person, "refuse_voucher", **_told(voucher))


def _decided(
    session: Session, office: Office, person: User, voucher_id: int, *, is_booked: bool
) -> ManualVoucher:
    require(person, Act.BOOK_VOUCHER)
    voucher = session.get(ManualVoucher, voucher_id, with_for_update=True, populate_existing=True)
    if voucher is None or voucher.is_booked is not None:
        raise Refused(_("这张凭证已经处理"))
    voucher.is_booked, voucher.decided_by = is_booked, person.id
    voucher.decided_at = office.clock()
    return voucher


def _told(voucher: ManualVoucher) -> dict[str, object]:
    return {"voucher": voucher.id, "cause": voucher.cause, "sum": voucher.amount}
