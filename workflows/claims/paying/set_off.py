"""Set-off (抵扣): a supervisor pays a later benefit of a member, or a part of it, with what he
owes.

What is set off counts as paid for the later claim and as recovered for the former one. The payment
is split: the part that is set off stands apart from what still goes through the bank, so that a
transfer that comes back leaves it as it is. It can be undone until that transfer is frozen.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.letters.contents import LetterKind
from language import _
from models import Claim, Decision, Payment, Recovery, RecoveryReceipt, User
from models.states import (
    UNDER_WAY_STATES,
    ClaimState,
    PaymentState,
    ReceiptOf,
    RecoveryState,
)
from rules.errors import OwnWork, Refused
from rules.money import Fen, yuan
from workflows.books.booking import Booking
from workflows.books.causes import Cause
from workflows.claims.letters import occasions
from workflows.claims.letters.letters import want_letters
from workflows.claims.paying.recovery import open_amount
from workflows.claims.sums.bank_doubts import refuse_doubted_rights
from workflows.engine.history import record
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.known_deaths import known_dead
from workflows.people.claim_makers import lapse, made_by, note_maker, set_off_by
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.sealed_values.claims import payee_of, seal_payee


def set_off(
    session: Session,
    office: Office,
    person: User,
    recovery: Recovery,
    payment: Payment,
    amount: Fen,
    reason: str,
) -> RecoveryReceipt:
    """Pay this much of a queued payment with what is asked back, and tell the member so."""
    require(person, Act.SET_OFF)
    claim = _lock(session, recovery, payment)
    _refuse_unless_open(session, recovery, payment, claim)
    _refuse_makers(session, person, recovery, payment)
    reason = told_reason(reason, _("请写明抵扣的原因"))
    _check(recovery, payment, amount)
    whole, rest = payment.amount, Fen(payment.amount - amount)
    told: dict[str, object] = {"before": whole, "after": rest, "reason": reason}
    payment.amount = amount
    advance(session, payment, "set_off", office, person, recovery=recovery.number)
    session.flush()
    if rest:
        _queue_rest(session, office, person, claim, payment, rest)
    receipt = _receipt(office, person, recovery, payment, amount, reason)
    session.add(receipt)
    session.flush()
    recovery.received = Fen(recovery.received + amount)
    verb = "set_off_all" if recovery.received == recovery.amount else "set_off"
    advance(session, recovery, verb, office, person, amount=amount, payment=payment.reference)
    payment.result_at = office.clock()
    _book(session, office, person, receipt, payment, recovery, receipt.amount)
    note_maker(session, claim, person, set_off_by(receipt.id))
    told |= {"amount": amount, "recovery": recovery.number, "receipt": receipt.id}
    _tell_claim(session, office, person, claim, "set_off", **told)
    _write(session, office, claim, occasions.of_set_off(_decision_id(session, claim), receipt.id))
    return receipt


def _book(
    session: Session,
    office: Office,
    person: User,
    receipt: RecoveryReceipt,
    payment: Payment,
    recovery: Recovery,
    amount: int,
) -> None:
    booking = Booking(session, office, person, RecoveryReceipt, receipt.id)
    booking.book(Cause.SET_OFF, amount, payment.entitlement_id, against=recovery.entitlement_id)


def _receipt(
    office: Office, person: User, recovery: Recovery, payment: Payment, amount: Fen, reason: str
) -> RecoveryReceipt:
    return RecoveryReceipt(
        recovery_id=recovery.id,
        kind=ReceiptOf.SET_OFF.value,
        received_on=office.today(),
        amount=amount,
        payment_id=payment.id,
        reason=reason,
        booked_by=person.id,
        booked_at=office.clock(),
    )


def undo(session: Session, office: Office, person: User, receipt: RecoveryReceipt) -> None:
    """Take a set-off back while the payment has not been frozen: all of it is paid again."""
    require(person, Act.SET_OFF)
    payment, recovery = receipt.payment, receipt.recovery
    if payment is None:
        raise Refused(_("这笔入账不是抵扣，不能取消"))
    claim = _lock(session, recovery, payment)
    session.refresh(receipt, with_for_update=True)
    if receipt.undone_at is not None:
        raise Refused(_("付款 %(reference)s 的抵扣已经取消") % {"reference": payment.reference})
    if receipt.booked_by not in own_accounts(session, person):
        _refuse_makers(session, person, recovery, payment)
    if recovery.state not in (RecoveryState.OPEN, RecoveryState.REPAID):
        words = {"number": recovery.number}
        raise Refused(_("追回 %(number)s 已经核销，抵扣不能取消") % words)
    rest = _rest_of(session, payment, claim)
    lapse(session, claim, office.clock(), set_off_by(receipt.id))
    receipt.undone_by, receipt.undone_at = person.id, office.clock()
    recovery.received = Fen(recovery.received - receipt.amount)
    _book(session, office, person, receipt, payment, recovery, -receipt.amount)
    told: dict[str, object] = {"amount": receipt.amount, "payment": payment.reference}
    advance(session, recovery, "undo_set_off", office, person, **told)
    payment.result_at = None
    if rest is None:
        advance(session, payment, "undo_set_off", office, person, recovery=recovery.number)
    else:
        advance(session, payment, "cancel", office, person, recovery=recovery.number)
        session.flush()
        rest.amount = Fen(rest.amount + receipt.amount)
        record(session, rest, "undo_set_off", office.clock(), person.id, amount=rest.amount)
    told |= {"recovery": recovery.number, "receipt": receipt.id}
    _tell_claim(session, office, person, claim, "undo_set_off", **told)
    occasion = occasions.of_set_off_undone(_decision_id(session, claim), receipt.id)
    _write(session, office, claim, occasion)


def can_set_off(session: Session, recovery: Recovery) -> list[Payment]:
    """The queued payments to the same member for other claims, oldest first."""
    if recovery.state != RecoveryState.OPEN or recovery.heir_id is not None:
        return []
    query = (
        select(Payment)
        .join(Claim, Claim.id == Payment.claim_id)
        .where(
            Claim.member_id == recovery.claim.member_id,
            Claim.id != recovery.claim_id,
            Payment.state == PaymentState.QUEUED,
            Payment.heir_id.is_(None),
        )
        .order_by(Payment.id)
    )
    return list(session.scalars(query))


def _lock(session: Session, recovery: Recovery, payment: Payment) -> Claim:
    claim = session.get_one(Claim, payment.claim_id, with_for_update=True, populate_existing=True)
    session.refresh(recovery, with_for_update=True)
    # Who holds the payment is freezing it, and asks next for the claim that we hold.
    row = select(Payment).where(Payment.id == payment.id).with_for_update(skip_locked=True)
    if session.scalar(row.execution_options(populate_existing=True)) is None:
        raise Refused(_("付款 %(reference)s 正在组批") % {"reference": payment.reference})
    return claim


def _refuse_unless_open(
    session: Session, recovery: Recovery, payment: Payment, claim: Claim
) -> None:
    if recovery.state != RecoveryState.OPEN:
        raise Refused(_("追回 %(number)s 没有待收回的金额") % {"number": recovery.number})
    refuse_doubted_rights(session, (recovery.entitlement_id, payment.entitlement_id))
    if payment.state != PaymentState.QUEUED or claim.state != ClaimState.PAYABLE:
        words = {"reference": payment.reference}
        raise Refused(_("付款 %(reference)s 已不在待组批之列，不能抵扣") % words)
    is_own = claim.member_id == recovery.claim.member_id and not recovery.heir_id
    if not is_own or payment.heir_id or claim.id == recovery.claim_id:
        raise Refused(_("只能用同一会员另一案件的给付抵扣"))
    if known_dead(session, [claim.member_id]):
        raise Refused(_("会员已身故，不能再用付给本人的款项抵扣"))


def _refuse_makers(session: Session, person: User, recovery: Recovery, payment: Payment) -> None:
    if made_by(session, person, (recovery.claim_id, payment.claim_id)):
        raise OwnWork(_("本人经手过其中的案件，抵扣须由他人决定"))


def _check(recovery: Recovery, payment: Payment, amount: Fen) -> None:
    sums = {
        "amount": yuan(amount),
        "left": yuan(open_amount(recovery)),
        "queued": yuan(payment.amount),
    }
    if not 0 < amount <= min(open_amount(recovery), payment.amount):
        raise Refused(
            _(
                "抵扣 %(amount)s 元，待收回 %(left)s 元，本次应付 %(queued)s 元；"
                "抵扣金额须大于零，且两者都不超过"
            )
            % sums
        )


def _queue_rest(
    session: Session, office: Office, person: User, claim: Claim, payment: Payment, rest: Fen
) -> None:
    """The part that still goes through the bank, in the same round to the same card."""
    reference = f"{claim.number}-{len(claim.payments) + 1}"
    row = Payment(
        reference=reference,
        entitlement_id=payment.entitlement_id,
        decision_id=payment.decision_id,
        round=payment.round,
        claim_id=claim.id,
        amount=rest,
        payee=seal_payee(office.keys, reference, payee_of(office.keys, payment)),
        queued_at=payment.queued_at,
    )
    start(session, row, "queue", office, person, reference=reference)
    session.flush()
    session.expire(claim, ["payments"])


def _rest_of(session: Session, payment: Payment, claim: Claim) -> Payment | None:
    """What of the same payment waits for a batch, None where all of it was set off; Refused once
    it is in one."""
    rest_of = select(Payment).where(
        Payment.entitlement_id == payment.entitlement_id,
        Payment.round == payment.round,
        Payment.id > payment.id,
        Payment.state.not_in((PaymentState.CANCELLED, PaymentState.SET_OFF)),
    )
    if session.scalar(rest_of) is None and claim.state in (ClaimState.PAYABLE, ClaimState.PAID):
        return None
    locked = rest_of.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    rest = session.scalar(locked)
    if rest is None or rest.state != PaymentState.QUEUED:
        words = {"reference": payment.reference}
        raise Refused(_("付款 %(reference)s 的其余部分已经组批，抵扣不能取消") % words)
    return rest


def _tell_claim(
    session: Session, office: Office, person: User, claim: Claim, verb: str, **told: object
) -> None:
    """Move a claim of which nothing goes through the bank any more, or something does again."""
    under_way = select(Payment.id).where(
        Payment.claim_id == claim.id, Payment.state.in_(UNDER_WAY_STATES)
    )
    is_waiting = session.scalar(under_way.limit(1)) is not None
    is_moved = claim.state == (ClaimState.PAYABLE if verb == "set_off" else ClaimState.PAID)
    if is_moved and is_waiting == (verb == "undo_set_off"):
        advance(session, claim, verb, office, person, **told)
    else:
        record(session, claim, verb, office.clock(), person.id, None, None, **told)


def _decision_id(session: Session, claim: Claim) -> int:
    query = select(Decision.id).filter_by(claim_id=claim.id, superseded_at=None)
    return session.scalars(query).one()


def _write(session: Session, office: Office, claim: Claim, occasion: str) -> None:
    want_letters(session, office, LetterKind.PAYMENT_NOTICE, {claim: occasion})
