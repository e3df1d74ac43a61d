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
from rules.errors import OwnWork, Refused
from rules.money import yuan
from workflows.claims.paying.bank_answers import BankAnswer
from workflows.claims.paying.bank_words import ToldByBank, answer_case, tell_word
from workflows.claims.paying.late_returns import contradicts, note_late_returns
from workflows.claims.paying.unanswered import not_waiting
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.people.shown_proposals import mark_of, refuse_another

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
    _lock_same_lines(session, case)
    why = _locked(session, person, case, reason)
    payment = _of_the_batch(session, case, reference)
    _refuse_another_payment(session, case, payment)
    answer = BankAnswer(BankOutcome(case.outcome), case.result_code, case.result_text, case.place)
    moves = answer.outcome is not BankOutcome.UNKNOWN
    if moves and payment.state in AT_THE_BANK_STATES:
        tell_word(session, office, person, payment, ToldByBank(answer, BankWay.LINE, case=case))
        return
    if contradicts(payment, answer):
        note_late_returns(session, office, person, case.reply_file, {payment: answer})
    elif moves and _SAME.get(PaymentState(payment.state)) is not answer.outcome:
        raise not_waiting([payment.reference])
    case.payment_id = payment.id
    answer_case(session, office, person.id, case, LineAnswer.MATCHED, why)


def set_aside(
    session: Session, office: Office, person: User, case: ReplyCase, how: LineAnswer, reason: str
) -> None:
    """Leave the line, which changes nothing, or say that it is wrong.

    One that names a payment and says what became of it waits for a supervisor: it may be the only
    word of a return.
    """
    why = _locked(session, person, case, reason)
    if case.payment_id is None or case.outcome == BankOutcome.UNKNOWN:
        answer_case(session, office, person.id, case, how, why)
        return
    case.asked_answer, case.asked_reason, case.asked_by = how, why, person.id
    record(session, case, "ask_set_aside", office.clock(), person.id, answer=how, reason=why)


def agree_set_aside(
    session: Session, office: Office, person: User, case: ReplyCase, shown: str
) -> None:
    """Close the line as another person asked, and as it was `shown`."""
    asker, how, why = _asked(session, person, case, shown)
    if own_accounts(session, person) & {asker, case.reply_file.loaded_by}:
        raise OwnWork(_("提请或载入回盘的人不能自己同意，须由另一人办理"))
    case.agreed_by = person.id
    record(session, case, "agree_set_aside", office.clock(), person.id)
    answer_case(session, office, asker, case, how, why)


def refuse_set_aside(
    session: Session, office: Office, person: User, case: ReplyCase, shown: str
) -> None:
    """Let the line wait on, against what was `shown`."""
    _asked(session, person, case, shown)
    case.asked_answer = case.asked_reason = case.asked_by = None
    record(session, case, "refuse_set_aside", office.clock(), person.id)


def mark_of_set_aside(case: ReplyCase) -> str:
    """What a form sends back of who asks to set the line aside, and how."""
    return mark_of(case.id, case.asked_by, case.asked_answer, case.asked_reason)


def _asked(
    session: Session, person: User, case: ReplyCase, shown: str
) -> tuple[int, LineAnswer, str]:
    """Who asks to close the line how and why, with the case locked."""
    require(person, Act.ANSWER_LATE_RETURN)
    session.refresh(case, with_for_update=True)
    if case.answer is not None or case.asked_by is None:
        raise Refused(_("此差异已经办理"))
    refuse_another(mark_of_set_aside(case), shown)
    return case.asked_by, LineAnswer(case.asked_answer or ""), case.asked_reason or ""


def _locked(session: Session, person: User, case: ReplyCase, reason: str) -> str:
    """The reason, with the case locked; Refused where it is closed or waits for a supervisor."""
    require(person, Act.PAY)
    session.refresh(case, with_for_update=True)
    if case.answer is not None:
        raise Refused(_("此差异已经办理"))
    waits = select(BankWord.id).filter_by(reply_case_id=case.id, agreed=None)
    if case.asked_by is not None or session.scalar(waits):
        raise Refused(_("此差异已提请匹配或不匹配，等审批人员确认"))
    return told_reason(reason, _("请写明理由"))


def _lock_same_lines(session: Session, case: ReplyCase) -> None:
    """Lock this line and the same line of the same file where it was loaded for other batches;
    Refused where one of these is matched or about to be: one line is one transfer."""
    rows = (
        select(ReplyCase)
        .join(ReplyFile, ReplyFile.id == ReplyCase.reply_file_id)
        .where(ReplyFile.sha256 == case.reply_file.sha256, ReplyCase.place == case.place)
        .order_by(ReplyCase.id)
    )
    locked = session.scalars(rows.with_for_update(of=ReplyCase)).all()
    waiting = select(BankWord.reply_case_id).where(BankWord.agreed.is_(None))
    matched = (ReplyCase.answer == LineAnswer.MATCHED) | ReplyCase.id.in_(waiting)
    others = [each.id for each in locked if each.id != case.id]
    taken = select(ReplyCase.id).where(any_of(ReplyCase.id, others), matched)
    if session.scalar(taken.limit(1)):
        raise Refused(_("这一行已在另一批次中匹配，一行只能匹配一笔付款"))


def _refuse_another_payment(session: Session, case: ReplyCase, payment: Payment) -> None:
    """Refused where the line names another payment."""
    if case.payment_id not in (None, payment.id):
        named = session.get_one(Payment, case.payment_id)
        words = {"reference": named.reference}
        raise Refused(_("这一行写的是付款 %(reference)s，不能匹配另一笔") % words, at="reference")


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
