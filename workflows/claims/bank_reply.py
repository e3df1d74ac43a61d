"""Bank replies (回盘): each payment of a released batch is credited or returned, once."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.replies import Reply, ReplyLine, read_reply
from banking.results import BankOutcome
from documents.letters.contents import LetterKind
from language import _
from models import Batch, Claim, Entitlement, Payment, Recovery, ReplyFile, Reservation, User
from models.machines.claims import CLAIM
from models.machines.money import PAYMENT
from models.states import (
    ARRIVED_STATES,
    LIVE_PAYMENT_STATES,
    UNDER_WAY_STATES,
    BatchState,
    ClaimState,
    PaymentState,
    RecoveryState,
)
from rules.errors import Refused
from workflows.claims import occasions
from workflows.claims.balances import balances
from workflows.claims.batch_content import batch_of, lock_batch
from workflows.claims.difference import lower_recoveries
from workflows.claims.dues import known_by
from workflows.claims.facts import goes_to_heirs
from workflows.claims.late_returns import note_late_returns
from workflows.claims.letters import want_letters
from workflows.claims.payees import heirs_stand
from workflows.claims.reversal import can_reverse
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.claim_makers import Made, note_maker
from workflows.people.rights import Act, require

_VERBS = {BankOutcome.CREDITED: "credit", BankOutcome.RETURNED: "return"}

_SentBack = dict[tuple[Claim, int | None], list[int]]
"""The ids of payments that came back, by claim and heir; None is the member himself."""


def load_reply(
    session: Session, office: Office, person: User, batch: Batch, format_code: str, content: bytes
) -> ReplyFile:
    """Take in a reply file; Refused if it was loaded before or does not fit the batch to the fen.

    Nothing is changed unless the whole file fits. A payment without an answer stays sent, and one
    that is called returned after it was recovered stays credited, with what the bank says of it.
    """
    require(person, Act.PAY)
    locked = lock_batch(session, batch)
    if batch.state != BatchState.RELEASED:
        raise Refused(_("批次 %(number)s 尚未放行，不能载入回盘") % {"number": batch.number})
    sha256 = hashlib.sha256(content).hexdigest()
    if session.scalar(select(ReplyFile.id).filter_by(sha256=sha256)):
        raise Refused(_("这份回盘文件已经载入过"))
    reply = read_reply(format_code, content, batch_of(office, batch, locked))
    payments = {payment.reference: payment for payment in locked}
    _refuse_contradictions(reply, payments)
    doubted = _returns_of_recovered(session, reply, payments)
    now = office.clock()
    counts = dict.fromkeys(BankOutcome, 0)
    sent_back: _SentBack = {}
    for line in reply.lines:
        payment = payments[line.reference]
        if line.reference in doubted:
            payment.result_code, payment.result_text = line.code, line.reason_text
            continue
        if not _apply(session, office, person, payment, line, now):
            continue
        counts[line.outcome] += 1
        if line.outcome is BankOutcome.RETURNED:
            sent_back.setdefault((payment.claim, payment.heir_id), []).append(payment.id)
    _write_of_returns(session, office, sent_back)
    counts[BankOutcome.UNKNOWN] = _unanswered(reply)
    file = ReplyFile(
        batch_id=batch.id,
        sha256=office.store.put(content),
        loaded_by=person.id,
        loaded_at=now,
        credited=counts[BankOutcome.CREDITED],
        returned=counts[BankOutcome.RETURNED],
        unknown=counts[BankOutcome.UNKNOWN],
        doubted="、".join(doubted) or None,
    )
    session.add(file)
    session.flush()
    note_late_returns(session, file, [payments[reference] for reference in doubted])
    return file


def _write_of_returns(session: Session, office: Office, sent_back: _SentBack) -> None:
    """Ask for a letter about each return; an heir learns of his own card only."""
    for (claim, _heir), ids in sent_back.items():
        occasion = occasions.of_payments(ids)
        want_letters(session, office, LetterKind.RETURN_NOTICE, {claim: occasion})


def pay_again(session: Session, office: Office, person: User, claim: Claim) -> None:
    """Put a returned claim before the supervisor again, with the card as it is now.

    A claim that waits for the supervisor already may be put again after a change, because another
    part of it was paid and cannot be decided anew.
    """
    require(person, Act.CORRECT)
    if not can_pay_again(session, claim):
        raise Refused(_("案件 %(number)s 没有需要重新付款的部分") % {"number": claim.number})
    if goes_to_heirs(session, office, claim) and not heirs_stand(claim):
        raise Refused(_("会员已身故，请先录入继承人，并由另一人确认"))
    note_maker(session, claim, person, Made.DECISION)
    advance(session, claim, "pay_again", office, person)


def can_pay_again(session: Session, claim: Claim) -> bool:
    """Whether the claim was returned, or waits for the supervisor with a part that was."""
    if claim.state == ClaimState.PROPOSED:
        return not can_reverse(session, claim)
    return CLAIM.move("pay_again", claim.state) is not None


def _refuse_contradictions(reply: Reply, payments: dict[str, Payment]) -> None:
    """Refuse a reply that credits a payment which came back: it may have been paid anew, so the
    bank is asked first."""
    arrived = [line.reference for line in reply.lines if line.outcome is BankOutcome.CREDITED]
    denied = [r for r in arrived if payments[r].state == PaymentState.RETURNED]
    if denied:
        numbers = "、".join(denied)
        raise Refused(_("付款 %(r)s 已记为退票，回盘却称到账，请先向银行核实") % {"r": numbers})


def _returns_of_recovered(
    session: Session, reply: Reply, payments: dict[str, Payment]
) -> list[str]:
    """The payments that cannot come back without asking the bank: what was asked back of them has
    come in, or was written off."""
    returned = [
        payments[line.reference]
        for line in reply.lines
        if line.outcome is BankOutcome.RETURNED
        and payments[line.reference].state == PaymentState.CREDITED
    ]
    if not returned:
        return []
    given_back = select(Recovery).where(
        any_of(Recovery.entitlement_id, {payment.entitlement_id for payment in returned}),
        (Recovery.received > 0) | (Recovery.state == RecoveryState.WRITTEN_OFF),
    )
    debtors = {(each.entitlement_id, known_by(each.heir)) for each in session.scalars(given_back)}
    return [p.reference for p in returned if (p.entitlement_id, known_by(p.heir)) in debtors]


def _apply(
    session: Session,
    office: Office,
    person: User,
    payment: Payment,
    line: ReplyLine,
    now: datetime,
) -> bool:
    """Make the move the bank's answer means; False if the payment has made it already."""
    verb = _VERBS.get(line.outcome)
    if verb is None or PAYMENT.move(verb, payment.state) is None:
        return False
    payment.result_code, payment.result_text = line.code, line.reason_text
    payment.result_at = now
    advance(session, payment, verb, office, person, code=line.code)
    claim = session.get_one(Claim, payment.claim_id, with_for_update=True, populate_existing=True)
    _follow(session, office, person, claim, verb, line.code)
    if verb == "return":
        lower_recoveries(session, office, person, payment.claim_id)
    for reservation in session.scalars(
        select(Reservation).filter_by(entitlement_id=payment.entitlement_id, released_at=None)
    ):
        reservation.confirmed_at = now if line.outcome is BankOutcome.CREDITED else None
    return True


def _follow(
    session: Session, office: Office, person: User, claim: Claim, verb: str, code: str
) -> None:
    """Move the claim on with its payments: one that came back returns it, the last one pays it.

    While a part that came back is on its way to the bank again, the claim is moved by that one.
    """
    session.flush()
    states, is_whole = _live_payments(session, claim)
    if verb == "return" or not (is_whole or states & set(UNDER_WAY_STATES)):
        move = "return"
    elif is_whole and states <= set(ARRIVED_STATES):
        move = "credit"
    else:
        return
    if CLAIM.move(move, claim.state):
        advance(session, claim, move, office, person, code=code)


def _live_payments(session: Session, claim: Claim) -> tuple[set[str], bool]:
    """How the live payments of the claim's rights stand, and whether they come to all of them."""
    of_claim = (Entitlement.claim_id == claim.id, Entitlement.released_at.is_(None))
    live = session.scalars(
        select(Payment.state)
        .join(Entitlement, Entitlement.id == Payment.entitlement_id)
        .where(*of_claim, Payment.state.in_(LIVE_PAYMENT_STATES))
    )
    return set(live), all(each.due <= 0 for each in balances(session, [claim.id]))


def _unanswered(reply: Reply) -> int:
    return len(reply.missing) + sum(line.outcome is BankOutcome.UNKNOWN for line in reply.lines)
