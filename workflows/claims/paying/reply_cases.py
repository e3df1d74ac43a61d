"""Odd lines of replies: each waits for a person, who matches it with a payment, leaves or rejects
it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.replies import OddLine
from banking.results import BankOutcome
from language import _
from models import BankWord, Payment, ReplyCase, ReplyFile, User
from models.bank_words import BankWay, LineAnswer
from models.states import AT_THE_BANK_STATES, PaymentState
from rules.errors import Refused
from rules.money import yuan
from workflows.claims.paying.bank_answers import BankAnswer
from workflows.claims.paying.bank_words import ToldByBank, answer_case, tell_word
from workflows.claims.paying.late_returns import contradicts, note_late_returns
from workflows.engine.office import Office
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require

_SAME = {
    PaymentState.CREDITED: BankOutcome.CREDITED,
    PaymentState.RETURNED: BankOutcome.RETURNED,
}


def note_cases(
    session: Session, file: ReplyFile, odd: Sequence[OddLine], payments: Mapping[str, Payment]
) -> None:
    """Keep the lines that answered nothing."""
    session.add_all(
        ReplyCase(
            reply_file_id=file.id,
            place=line.place,
            payment_id=payments[line.reference].id if line.reference else None,
            name=line.name,
            account=line.account,
            amount=line.amount,
            outcome=line.outcome,
            result_code=line.code,
            result_text=line.reason_text,
            why=line.why,
        )
        for line in odd
    )


def match_line(
    session: Session, office: Office, person: User, case: ReplyCase, reference: str, reason: str
) -> None:
    """Take the line for the bank's word on the payment of this reference.

    What moves money waits for a supervisor; what contradicts an earlier word is a late return.
    """
    why = _locked(session, person, case, reason)
    payment = _of_the_batch(session, case, reference)
    answer = BankAnswer(BankOutcome(case.outcome), case.result_code, case.result_text)
    case.payment_id = payment.id
    moves = answer.outcome is not BankOutcome.UNKNOWN
    if moves and payment.state in AT_THE_BANK_STATES:
        tell_word(session, office, person, payment, ToldByBank(answer, BankWay.LINE, case=case))
        return
    if contradicts(payment, answer):
        note_late_returns(session, case.reply_file, {payment: answer})
    elif moves and _SAME.get(PaymentState(payment.state)) is not answer.outcome:
        words = {"references": payment.reference}
        raise Refused(_("付款 %(references)s 不在等待银行答复") % words)
    answer_case(session, office, person.id, case, LineAnswer.MATCHED, why)


def set_aside(
    session: Session, office: Office, person: User, case: ReplyCase, how: LineAnswer, reason: str
) -> None:
    """Leave the line, which changes nothing, or reject it, since it is wrong."""
    why = _locked(session, person, case, reason)
    answer_case(session, office, person.id, case, how, why)


def _locked(session: Session, person: User, case: ReplyCase, reason: str) -> str:
    """The reason, with the case locked; Refused where it is closed or waits for a supervisor."""
    require(person, Act.PAY)
    session.refresh(case, with_for_update=True)
    if case.answer is not None:
        raise Refused(_("此差异已经办理"))
    if session.scalar(select(BankWord.id).filter_by(reply_case_id=case.id, agreed=None)):
        raise Refused(_("此差异已提请匹配，等审批人员办理"))
    return told_reason(reason, _("请写明理由"))


def _of_the_batch(session: Session, case: ReplyCase, reference: str) -> Payment:
    batch_id = case.reply_file.batch_id
    payment = session.scalar(
        select(Payment).filter_by(reference=reference.strip(), batch_id=batch_id).with_for_update()
    )
    if payment is None:
        words = {"reference": reference}
        raise Refused(_("付款 %(reference)s 不在这一批次中") % words, at="reference")
    if payment.amount != case.amount:
        have = yuan(case.amount) if case.amount else "—"
        words = {"have": have, "want": yuan(payment.amount)}
        raise Refused(
            _("回盘金额 %(have)s 元与付款 %(want)s 元不符，不能匹配，须向银行查明") % words
        )
    return payment
