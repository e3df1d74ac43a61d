"""Recovery (追回): what was paid too much comes back in one sum or several, or is written off by
two persons (R36)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import Decision, Recovery, RecoveryReceipt, User
from models.states import ReceiptOf, RecoveryState
from rules.errors import OwnWork, Refused
from rules.money import Fen, yuan
from workflows.books.booking import Booking
from workflows.books.causes import Cause
from workflows.books.chart import BookPlace
from workflows.books.opened import books_are_open
from workflows.books.paying_account import account_for
from workflows.engine.moves import advance
from workflows.engine.office import BEIJING, Office
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.people.shown_proposals import mark_of, refuse_another


@dataclass(frozen=True)
class ReceivedSum:
    """One sum that arrived: the day, the amount, and the bank's reference."""

    received_on: date
    amount: Fen
    bank_reference: str


def open_amount(recovery: Recovery) -> Fen:
    """What is still to come in; nothing once the recovery has ended."""
    return Fen(recovery.outstanding if recovery.state == RecoveryState.OPEN else 0)


def book(
    session: Session, office: Office, person: User, recovery: Recovery, receipt: ReceivedSum
) -> None:
    """Book a sum that came back; it counts once a supervisor has confirmed it."""
    require(person, Act.BOOK_RECOVERY)
    session.refresh(recovery, with_for_update=True)
    _check(session, office, recovery, receipt)
    row = RecoveryReceipt(
        recovery_id=recovery.id,
        received_on=receipt.received_on,
        amount=receipt.amount,
        bank_reference=receipt.bank_reference.strip(),
        booked_by=person.id,
        booked_at=office.clock(),
    )
    session.add(row)
    recovery.waiting = Fen(recovery.waiting + receipt.amount)
    advance(session, recovery, "book", office, person, amount=receipt.amount)


def confirm(session: Session, office: Office, person: User, receipt: RecoveryReceipt) -> None:
    """Agree that the sum stands on the bank's statement; the last one ends the recovery."""
    recovery = _locked(session, person, receipt)
    if receipt.booked_by in own_accounts(session, person):
        raise OwnWork(_("登记退款的人不能自己确认，须由另一人确认"))
    receipt.confirmed_by, receipt.confirmed_at = person.id, office.clock()
    recovery.waiting = Fen(recovery.waiting - receipt.amount)
    recovery.received = Fen(recovery.received + receipt.amount)
    verb = "receive_last" if recovery.received == recovery.amount else "receive"
    advance(session, recovery, verb, office, person, amount=receipt.amount)
    # After the move: asking for the account flushes the recovery, which must have ended by then.
    _book_receipt(session, office, person, recovery, receipt)


def _book_receipt(
    session: Session, office: Office, person: User, recovery: Recovery, receipt: RecoveryReceipt
) -> None:
    """It came in on its own day, to the account that paid for its plan then."""
    day = receipt.received_on
    account = account_for(session, recovery.entitlement.plan, day)
    booking = Booking(session, office, person, RecoveryReceipt, receipt.id, day)
    place = BookPlace(paying_account_id=account.id if account else None)
    booking.book(Cause.RECOVERED, receipt.amount, recovery.entitlement_id, place)


def refuse_receipt(
    session: Session, office: Office, person: User, receipt: RecoveryReceipt, reason: str
) -> None:
    """Say why a sum that was booked did not come in: it is still asked back."""
    recovery = _locked(session, person, receipt)
    reason = told_reason(reason, _("请写明退款没有到账的依据"))
    receipt.undone_by, receipt.undone_at = person.id, office.clock()
    recovery.waiting = Fen(recovery.waiting - receipt.amount)
    told = {"amount": receipt.amount, "reason": reason}
    advance(session, recovery, "refuse_receipt", office, person, **told)


def waits(receipt: RecoveryReceipt) -> bool:
    """Whether it is a transfer that a second person has yet to confirm."""
    is_transfer = receipt.kind == ReceiptOf.TRANSFER
    return is_transfer and receipt.confirmed_at is None and receipt.undone_at is None


def _locked(session: Session, person: User, receipt: RecoveryReceipt) -> Recovery:
    """The recovery of a receipt that waits; Refused where it does not."""
    require(person, Act.CONFIRM_RECEIPT)
    session.refresh(receipt.recovery, with_for_update=True)
    session.refresh(receipt, with_for_update=True)
    if not waits(receipt):
        raise Refused(_("这笔退款没有待确认的登记"))
    return receipt.recovery


def _check(session: Session, office: Office, recovery: Recovery, receipt: ReceivedSum) -> None:
    left = open_amount(recovery)
    sums = {"amount": yuan(receipt.amount), "left": yuan(left)}
    if not 0 < receipt.amount <= left:
        raise Refused(
            _("收到 %(amount)s 元，待收回 %(left)s 元；入账金额须大于零且不超过待收回的金额") % sums
        )
    if receipt.received_on > office.today():
        days = {"day": receipt.received_on.isoformat(), "today": office.today().isoformat()}
        raise Refused(_("到账日期 %(day)s 晚于今天 %(today)s") % days)
    decided_on = session.get_one(Decision, recovery.decision_id).made_at.astimezone(BEIJING).date()
    if receipt.received_on < decided_on:
        days = {"day": receipt.received_on.isoformat(), "decided": decided_on.isoformat()}
        raise Refused(_("到账日期 %(day)s 早于作出追回决定的日期 %(decided)s") % days)
    books_are_open(session, office.today(), [receipt.received_on])
    reference = receipt.bank_reference.strip()
    if not reference:
        raise Refused(_("请填写银行流水号"))
    if session.scalar(
        select(RecoveryReceipt.id).filter_by(bank_reference=reference, undone_at=None)
    ):
        raise Refused(_("流水号 %(reference)s 已经入账") % {"reference": reference})


def propose_write_off(
    session: Session, office: Office, person: User, recovery: Recovery, reason: str
) -> None:
    """Propose that the fund bears what is still open; another supervisor must agree."""
    require(person, Act.WRITE_OFF)
    session.refresh(recovery, with_for_update=True)
    if recovery.proposed_by is not None:
        raise Refused(_("追回 %(number)s 已有核销提议") % {"number": recovery.number})
    _refuse_while_receipts_wait(recovery)
    reason = told_reason(reason, _("请写明核销的原因"))
    recovery.proposed_by, recovery.write_off_reason = person.id, reason
    left = open_amount(recovery)
    advance(session, recovery, "propose_write_off", office, person, reason=reason, amount=left)


def refuse_write_off(
    session: Session, office: Office, person: User, recovery: Recovery, shown: str
) -> None:
    """Disagree with the proposal as it was `shown`, or take one's own back: the sum stays open."""
    _decide_write_off(session, person, recovery, shown)
    recovery.proposed_by = recovery.write_off_reason = None
    advance(session, recovery, "refuse_write_off", office, person)


def write_off(
    session: Session, office: Office, person: User, recovery: Recovery, shown: str
) -> None:
    """Agree to another supervisor's proposal as it was `shown`: the fund bears what is open."""
    _decide_write_off(session, person, recovery, shown)
    if recovery.proposed_by in own_accounts(session, person):
        raise OwnWork(_("提议核销的人不能自己确认，须由另一人确认"))
    _refuse_while_receipts_wait(recovery)
    recovery.confirmed_by = person.id
    left = open_amount(recovery)
    booking = Booking(session, office, person, Recovery, recovery.id)
    booking.book(Cause.WRITTEN_OFF, left, recovery.entitlement_id)
    advance(session, recovery, "write_off", office, person, amount=left)


def mark_of_write_off(recovery: Recovery) -> str:
    """What a form sends back of who proposes to write off how much, and why."""
    return mark_of(recovery.proposed_by, recovery.write_off_reason, open_amount(recovery))


def _refuse_while_receipts_wait(recovery: Recovery) -> None:
    if recovery.waiting:
        words = {"number": recovery.number, "sum": yuan(recovery.waiting)}
        raise Refused(_("追回 %(number)s 有 %(sum)s 元退款待确认，确认之后才能核销") % words)


def _decide_write_off(session: Session, person: User, recovery: Recovery, shown: str) -> None:
    require(person, Act.WRITE_OFF)
    session.refresh(recovery, with_for_update=True)
    if recovery.proposed_by is None:
        raise Refused(_("追回 %(number)s 没有待确认的核销提议") % {"number": recovery.number})
    refuse_another(mark_of_write_off(recovery), shown)
