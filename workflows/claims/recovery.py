"""Recovery (追回): what was paid too much comes back in one sum or several, or is written off by
two persons (R36)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import Decision, Recovery, RecoveryReceipt, User
from models.states import RecoveryState
from rules.errors import Refused
from rules.money import Fen, yuan
from workflows.engine.moves import advance
from workflows.engine.office import BEIJING, Office
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


@dataclass(frozen=True)
class ReceivedSum:
    """One sum that arrived: the day, the amount, and the bank's reference."""

    received_on: date
    amount: Fen
    bank_reference: str


def open_amount(recovery: Recovery) -> Fen:
    """What is still to come in."""
    is_open = recovery.state == RecoveryState.OPEN
    return Fen(recovery.amount - recovery.received if is_open else 0)


def book(
    session: Session, office: Office, person: User, recovery: Recovery, receipt: ReceivedSum
) -> None:
    """Book a sum that came back; the last one ends the recovery."""
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
    recovery.received = Fen(recovery.received + receipt.amount)
    verb = "receive_last" if recovery.received == recovery.amount else "receive"
    advance(session, recovery, verb, office, person, amount=receipt.amount)


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
    reference = receipt.bank_reference.strip()
    if not reference:
        raise Refused(_("请填写银行流水号"))
    if session.scalar(select(RecoveryReceipt.id).filter_by(bank_reference=reference)):
        raise Refused(_("流水号 %(reference)s 已经入账") % {"reference": reference})


def propose_write_off(
    session: Session, office: Office, person: User, recovery: Recovery, reason: str
) -> None:
    """Propose that the fund bears what is still open; another supervisor must agree."""
    require(person, Act.WRITE_OFF)
    session.refresh(recovery, with_for_update=True)
    if recovery.proposed_by is not None:
        raise Refused(_("追回 %(number)s 已有核销提议") % {"number": recovery.number})
    reason = told_reason(reason, _("请写明核销的原因"))
    recovery.proposed_by, recovery.write_off_reason = person.id, reason
    left = open_amount(recovery)
    advance(session, recovery, "propose_write_off", office, person, reason=reason, amount=left)


def refuse_write_off(session: Session, office: Office, person: User, recovery: Recovery) -> None:
    """Disagree with the proposal, or take one's own back: the sum stays open."""
    _decide_write_off(session, person, recovery)
    recovery.proposed_by = recovery.write_off_reason = None
    advance(session, recovery, "refuse_write_off", office, person)


def write_off(session: Session, office: Office, person: User, recovery: Recovery) -> None:
    """Agree to another supervisor's proposal: what is still open is borne by the fund."""
    _decide_write_off(session, person, recovery)
    if recovery.proposed_by == person.id:
        raise Refused(_("提议核销的人不能自己确认，须由另一人确认"))
    recovery.confirmed_by = person.id
    left = open_amount(recovery)
    advance(session, recovery, "write_off", office, person, amount=left)


def _decide_write_off(session: Session, person: User, recovery: Recovery) -> None:
    require(person, Act.WRITE_OFF)
    session.refresh(recovery, with_for_update=True)
    if recovery.proposed_by is None:
        raise Refused(_("追回 %(number)s 没有待确认的核销提议") % {"number": recovery.number})
