"""Late returns (迟到退票): the bank calls a payment returned that it called credited before, or
credited after it called it returned.
Nothing moves until a supervisor has asked the bank which of its two words is true."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.results import BankOutcome
from language import _
from models import Claim, LateReturn, Payment, Recovery, ReplyFile, User
from models.states import LIVE_PAYMENT_STATES, ClaimState, PaymentState, RecoveryState
from rules.errors import OwnWork, Refused
from workflows.claims.paying.bank_answers import BankAnswer, take_answer, write_of_returns
from workflows.claims.sums.bank_doubts import first_word
from workflows.claims.sums.dues import known_by
from workflows.claims.sums.unclaimed import bring_back
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.claim_makers import Made, note_maker
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require

_CONTRARY = {
    PaymentState.CREDITED: BankOutcome.RETURNED,
    PaymentState.RETURNED: BankOutcome.CREDITED,
}


def contradicts(payment: Payment, answer: BankAnswer) -> bool:
    """Whether the answer takes back what the bank said of this payment before."""
    return answer.outcome is _CONTRARY.get(PaymentState(payment.state))


def note_late_returns(
    session: Session,
    office: Office,
    person: User,
    file: ReplyFile | None,
    answers: Mapping[Payment, BankAnswer],
) -> None:
    """Keep these payments in sight, with the file that says so where one does; one that waits
    already stays as it is."""
    if not answers:
        return
    waiting = select(LateReturn.payment_id).where(
        any_of(LateReturn.payment_id, [payment.id for payment in answers]),
        LateReturn.dealt_at.is_(None),
    )
    known = set(session.scalars(waiting))
    for payment, answer in answers.items():
        if payment.id not in known:
            session.add(
                LateReturn(
                    reply_file_id=file.id if file else None,
                    payment_id=payment.id,
                    noted_by=person.id,
                    noted_at=office.clock(),
                    result_code=answer.code,
                    result_text=answer.reason_text,
                    place=answer.place or None,
                )
            )


def confirm_return(
    session: Session, office: Office, person: User, late: LateReturn, outcome: str
) -> None:
    """The bank says that the money did come back: the payment stays or becomes returned, and what
    was asked back of it is asked back no longer.

    Refused where some of it was given back or written off meanwhile: then the money is paid back
    by hand, or the bank keeps it.
    """
    payment = _locked(session, person, late)
    if payment.state == PaymentState.CREDITED and _was_given_back(session, payment):
        words = {"reference": payment.reference}
        raise Refused(_("付款 %(reference)s 已由会员退回或已核销，不能再记为退票") % words)
    _write_down(session, office, person, late, outcome, came_back=True)
    if payment.state == PaymentState.RETURNED:
        return
    # What of the claim lies in the fund is owed again with this: one right is no more lost than
    # the other.
    _back_from_the_fund(session, office, person, late)
    take_answer(session, office, person, payment, _second_word(late, BankOutcome.RETURNED))
    write_of_returns(session, office, [payment])


def deny_return(
    session: Session, office: Office, person: User, late: LateReturn, outcome: str
) -> None:
    """The bank says that the money stayed with the payee, or was dealt with otherwise: the payment
    stays credited, or is credited after all, and what was queued in its place is taken back.

    Refused where the right was paid again or taken back meanwhile: then it is put right first.
    """
    payment = _locked(session, person, late)
    _write_down(session, office, person, late, outcome, came_back=False)
    if payment.state == PaymentState.RETURNED:
        claim = _back_from_the_fund(session, office, person, late)
        if claim.state == ClaimState.NEW_PAPERS:
            words = {"number": claim.number}
            raise Refused(_("案件 %(number)s 的材料正在识读，识读后再办") % words)
        _cancel_next(session, office, person, claim, payment)
        take_answer(session, office, person, payment, _second_word(late, BankOutcome.CREDITED))


def _back_from_the_fund(session: Session, office: Office, person: User, late: LateReturn) -> Claim:
    """The claim of the payment, locked; it is returned again if it lay in the fund."""
    # As a set-off does: the claim first, and who holds the payment is freezing it.
    claim = session.get_one(
        Claim, late.payment.claim_id, with_for_update=True, populate_existing=True
    )
    bring_back(session, office, person, claim, late.outcome or "")
    return claim


def _second_word(late: LateReturn, outcome: BankOutcome) -> BankAnswer:
    return BankAnswer(outcome, late.result_code or "", late.result_text or "")


def _cancel_next(
    session: Session, office: Office, person: User, claim: Claim, payment: Payment
) -> None:
    """Take back what is queued to pay the same again; the claim is locked."""
    if payment.entitlement.released_at is not None:
        words = {"number": claim.number}
        raise Refused(_("案件 %(number)s 的核定已撤回，这笔款不能再记为已到账") % words)
    again = select(Payment).where(
        Payment.entitlement_id == payment.entitlement_id,
        Payment.heir_id.is_not_distinct_from(payment.heir_id),
        Payment.round == payment.round,
        Payment.state.in_(LIVE_PAYMENT_STATES),
    )
    queued = again.where(Payment.state == PaymentState.QUEUED).with_for_update(skip_locked=True)
    for each in session.scalars(queued.execution_options(populate_existing=True)):
        advance(session, each, "cancel", office, person)
    session.flush()
    if paid := session.scalar(again.limit(1)):
        words = {"reference": payment.reference, "again": paid.reference}
        raise Refused(
            _("付款 %(reference)s 已由 %(again)s 重付，须先作废其批次，或由收款人退回") % words
        )


def _locked(session: Session, person: User, late: LateReturn) -> Payment:
    """The payment, locked with its late return; Refused where the person may not answer it."""
    require(person, Act.ANSWER_LATE_RETURN)
    # As the files of the bank do: the payment first.
    session.refresh(late.payment, with_for_update=True)
    session.refresh(late, with_for_update=True)
    reference = late.payment.reference
    if late.dealt_at is not None:
        raise Refused(_("付款 %(reference)s 的迟到退票已经处理") % {"reference": reference})
    loaders = {late.noted_by, first_word(session, late).actor_id}
    if late.reply_file_id is not None:
        loaders.add(session.get_one(ReplyFile, late.reply_file_id).loaded_by)
    if own_accounts(session, person).intersection(loaders):
        raise OwnWork(_("载入回盘的人不能处理其中的迟到退票，须由另一人处理"))
    for maker in session.scalars(select(User).where(User.id.in_((person.id, *loaders)))):
        note_maker(session, late.payment.claim, maker, Made.RETURN)
    return late.payment


def _write_down(
    session: Session, office: Office, person: User, late: LateReturn, outcome: str, came_back: bool
) -> None:
    """Take down what the bank was asked; the line is no longer shown."""
    late.outcome = told_reason(outcome, _("请写明向银行核实的结果和处理办法"))
    late.came_back, late.dealt_by, late.dealt_at = came_back, person.id, office.clock()
    verb = "confirm_return" if came_back else "deny_return"
    record(session, late.payment, verb, late.dealt_at, person.id, outcome=late.outcome)


def _was_given_back(session: Session, payment: Payment) -> bool:
    """Whether some of it was given back, if only by a booked receipt, or written off."""
    given_back = select(Recovery).where(
        Recovery.entitlement_id == payment.entitlement_id,
        (Recovery.received + Recovery.waiting > 0) | (Recovery.state == RecoveryState.WRITTEN_OFF),
    )
    debtors = {known_by(each.heir) for each in session.scalars(given_back)}
    return known_by(payment.heir) in debtors
