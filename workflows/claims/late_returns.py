"""Late returns (迟到退票): the bank calls a payment returned that it called credited before.
Nothing moves until a supervisor has asked the bank which of its two words is true."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.results import BankOutcome
from language import _
from models import LateReturn, Payment, Recovery, ReplyFile, User
from models.states import PaymentState, RecoveryState
from rules.errors import Refused
from workflows.claims.bank_answers import BankAnswer, take_answer, write_of_returns
from workflows.claims.dues import known_by
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


def is_late_return(payment: Payment, answer: BankAnswer) -> bool:
    """Whether the answer takes back what the bank said of this payment before."""
    return answer.outcome is BankOutcome.RETURNED and payment.state == PaymentState.CREDITED


def note_late_returns(
    session: Session, file: ReplyFile, answers: Mapping[Payment, BankAnswer]
) -> None:
    """Keep these payments in sight; one that waits already stays as it is."""
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
                    reply_file_id=file.id,
                    payment_id=payment.id,
                    result_code=answer.code,
                    result_text=answer.reason_text,
                )
            )


def confirm_return(
    session: Session, office: Office, person: User, late: LateReturn, outcome: str
) -> None:
    """The bank says that the money did come back: the payment is returned, and what was asked back
    of it is asked back no longer.

    Refused where some of it was given back or written off meanwhile: then the money is paid back
    by hand, or the bank keeps it.
    """
    payment = _locked(session, person, late)
    if _was_given_back(session, payment):
        words = {"reference": payment.reference}
        raise Refused(_("付款 %(reference)s 已由会员退回或已核销，不能再记为退票") % words)
    _write_down(session, office, person, late, outcome, came_back=True)
    code, reason_text = late.result_code or "", late.result_text or ""
    answer = BankAnswer(BankOutcome.RETURNED, code, reason_text)
    take_answer(session, office, person, payment, answer)
    write_of_returns(session, office, [payment])


def deny_return(
    session: Session, office: Office, person: User, late: LateReturn, outcome: str
) -> None:
    """The bank says that the money stayed with the payee, or was dealt with otherwise: the payment
    stays credited."""
    _locked(session, person, late)
    _write_down(session, office, person, late, outcome, came_back=False)


def _locked(session: Session, person: User, late: LateReturn) -> Payment:
    """The payment, locked with its late return; Refused where the person may not answer it."""
    require(person, Act.ANSWER_LATE_RETURN)
    # As the files of the bank do: the payment first.
    session.refresh(late.payment, with_for_update=True)
    session.refresh(late, with_for_update=True)
    reference = late.payment.reference
    if late.dealt_at is not None:
        raise Refused(_("付款 %(reference)s 的迟到退票已经处理") % {"reference": reference})
    if session.get_one(ReplyFile, late.reply_file_id).loaded_by == person.id:
        raise Refused(_("载入回盘的人不能处理其中的迟到退票，须由另一人处理"))
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
