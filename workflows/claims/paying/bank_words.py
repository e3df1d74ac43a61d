"""Payments without an answer: the bank is asked, and settles one by its word, which two people
take down. Nothing is ever sent again because nobody answered."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.results import BankOutcome, known_results
from documents.packets.media_types import media_type_of_whole
from language import _
from models import BankWord, Payment, ReplyCase, User
from models.bank_words import BankWay, LineAnswer
from models.states import AT_THE_BANK_STATES
from rules.errors import OwnWork, Refused
from workflows.claims.paying.bank_answers import BankAnswer, take_answer, write_of_returns
from workflows.claims.paying.late_returns import contradicts, note_late_returns
from workflows.claims.paying.unanswered import not_waiting
from workflows.claims.sums.bank_doubts import refuse_contrary_lines
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.screening import refuse_infected
from workflows.people.claim_makers import Made, note_maker
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.people.shown_proposals import mark_of, refuse_another


@dataclass(frozen=True)
class ToldByBank:
    """What the bank says of a payment, and how; with the line of a reply or the paper that says
    so."""

    answer: BankAnswer
    way: BankWay
    paper: bytes = b""
    case: ReplyCase | None = None


def note_asked(session: Session, office: Office, person: User, payment: Payment, note: str) -> None:
    """Take down how the bank was asked about the payment: whom, when, by call or letter."""
    require(person, Act.PAY)
    _lock_unanswered(session, payment)
    why = told_reason(note, _("请写明何时、向银行何人、如何查询"))
    record(session, payment, "ask_bank", office.clock(), person.id, reason=why)


def tell_word(
    session: Session, office: Office, person: User, payment: Payment, told: ToldByBank
) -> BankWord:
    """Ask a supervisor to take this word of the bank for the payment's answer."""
    require(person, Act.PAY)
    _lock_unanswered(session, payment)
    if word_waiting(session, payment):
        words = {"reference": payment.reference}
        raise Refused(_("付款 %(reference)s 已登记银行答复，等审批人员办理") % words)
    assert payment.batch_id is not None
    word = BankWord(
        payment_id=payment.id,
        batch_id=payment.batch_id,
        reply_case_id=told.case.id if told.case else None,
        way=told.way,
        outcome=_plain_outcome(told.answer),
        result_code=told.answer.code,
        result_text=told_reason(told.answer.reason_text, _("请照抄银行的答复")),
        sha256=None if told.case else kept_paper(office, person, told.paper),
        asked_by=person.id,
        asked_at=office.clock(),
    )
    session.add(word)
    session.flush()
    record(session, payment, "tell_bank_word", word.asked_at, person.id, **_in_log(word))
    return word


def agree_word(session: Session, office: Office, person: User, word: BankWord, shown: str) -> None:
    """Let the payment be credited or returned as the bank says, by what was `shown`.

    Refused while another line of the bank says the contrary.
    """
    payment = _locked(session, person, word, shown)
    hands = {word.asked_by}
    if case := word.reply_case:
        hands.add(case.reply_file.loaded_by)
    if own_accounts(session, person) & hands:
        raise OwnWork(_("登记银行答复或载入回盘的人不能自己确认，须由另一人办理"))
    _lock_unanswered(session, payment)
    refuse_contrary_lines(session, word)
    _deal_with(session, office, person, word, "agree_bank_word", agreed=True)
    answer = _answer_of(word)
    take_answer(session, office, person, payment, answer)
    if answer.outcome is BankOutcome.RETURNED:
        for maker in session.scalars(select(User).where(User.id.in_(hands))):
            note_maker(session, payment.claim, maker, Made.RETURN)
        write_of_returns(session, office, [payment])
    _close_its_case(session, office, word)


def refuse_word(session: Session, office: Office, person: User, word: BankWord, shown: str) -> None:
    """Do not take it for the answer, against what was `shown`: the payment stays without one."""
    _locked(session, person, word, shown)
    _deal_with(session, office, person, word, "refuse_bank_word", agreed=False)


def close_overtaken(
    session: Session, office: Office, person: User, moved: Collection[Payment]
) -> None:
    """Close the words that waited on these payments, which another answer has moved now; one that
    says the contrary is a late return."""
    waiting = select(BankWord).where(
        any_of(BankWord.payment_id, [payment.id for payment in moved]), BankWord.agreed.is_(None)
    )
    for word in session.scalars(waiting.order_by(BankWord.id)).all():
        _deal_with(session, office, person, word, "overtake_bank_word", agreed=False)
        answer = _answer_of(word)
        if contradicts(word.payment, answer):
            case, asker = word.reply_case, session.get_one(User, word.asked_by)
            file = case.reply_file if case else None
            note_late_returns(session, office, asker, file, {word.payment: answer})
        _close_its_case(session, office, word)


def word_waiting(session: Session, payment: Payment) -> BankWord | None:
    """What was taken down of the payment and waits for a supervisor."""
    return session.scalar(select(BankWord).filter_by(payment_id=payment.id, agreed=None))


def mark_of_word(word: BankWord) -> str:
    """What a form sends back of who took down which word."""
    told = (word.outcome, word.result_code, word.result_text, word.sha256)
    return mark_of(word.id, word.payment_id, word.reply_case_id, *told)


def answer_case(
    session: Session, office: Office, by: int, case: ReplyCase, answer: LineAnswer, reason: str
) -> None:
    """Close the case of an odd line."""
    case.answer, case.reason = answer, reason
    case.answered_by, case.answered_at = by, office.clock()
    record(session, case, "answer_line", case.answered_at, by, answer=answer, reason=reason)


def codes_of(outcomes: Collection[BankOutcome]) -> dict[str, str]:
    """The bank's codes that mean one of these, with their words."""
    found = known_results()
    return {code: each.words for code, each in found.items() if each.outcome in outcomes}


def _answer_of(word: BankWord) -> BankAnswer:
    place = word.reply_case.place if word.reply_case else ""
    return BankAnswer(BankOutcome(word.outcome), word.result_code, word.result_text, place)


def _lock_unanswered(session: Session, payment: Payment) -> None:
    session.refresh(payment, with_for_update=True)
    if payment.state not in AT_THE_BANK_STATES:
        raise not_waiting([payment.reference])


def _plain_outcome(answer: BankAnswer) -> BankOutcome:
    """Credited or returned; Refused where the bank's code says otherwise."""
    if answer.outcome is BankOutcome.UNKNOWN:
        raise Refused(_("请选择已到账或已退回"))
    if answer.code and answer.code not in codes_of({answer.outcome}):
        raise Refused(_("结果码与所选结果不符"))
    return answer.outcome


def kept_paper(office: Office, person: User, paper: bytes) -> str:
    """The hash of the bank's paper, which is in the store now; Refused where it is none."""
    if media_type_of_whole(paper) is None:
        raise Refused(_("请附上银行书面答复或柜台回单的扫描件"))
    refuse_infected(office, person, paper)
    return office.store.put(paper)


def _locked(session: Session, person: User, word: BankWord, shown: str) -> Payment:
    """The payment, locked with the word; Refused where another was shown or it is dealt with."""
    require(person, Act.ANSWER_LATE_RETURN)
    session.refresh(word.payment, with_for_update=True)
    session.refresh(word, with_for_update=True)
    if word.agreed is not None:
        words = {"reference": word.payment.reference}
        raise Refused(_("付款 %(reference)s 的银行答复已经办理") % words)
    refuse_another(mark_of_word(word), shown)
    return word.payment


def _deal_with(
    session: Session, office: Office, person: User, word: BankWord, verb: str, agreed: bool
) -> None:
    word.agreed, word.dealt_by, word.dealt_at = agreed, person.id, office.clock()
    record(session, word.payment, verb, word.dealt_at, person.id, **_in_log(word))


def _close_its_case(session: Session, office: Office, word: BankWord) -> None:
    """Close the odd line that the word was taken from: it is matched with the word's payment."""
    if case := word.reply_case:
        case.payment_id = word.payment_id
        answer_case(session, office, word.asked_by, case, LineAnswer.MATCHED, word.result_text)


def _in_log(word: BankWord) -> dict[str, str | None]:
    return {"outcome": word.outcome, "way": word.way, "sha256": word.sha256}
