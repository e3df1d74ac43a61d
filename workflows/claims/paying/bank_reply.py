"""Bank replies (回盘): each payment of a released batch is credited or returned, once."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.replies import Reply, ReplyLine, read_reply, references
from banking.results import BankOutcome
from language import _
from models import Batch, Claim, Payment, ReplyFile, User
from models.machines.claims import CLAIM
from models.states import BatchState, ClaimState
from rules.errors import Refused
from workflows.claims.judging.document_check import check_payee
from workflows.claims.judging.facts import goes_to_heirs
from workflows.claims.judging.reversal import can_reverse
from workflows.claims.papers import reading
from workflows.claims.papers.new_card import card_after_return
from workflows.claims.paying.bank_answers import BankAnswer, take_answer, write_of_returns
from workflows.claims.paying.batch_content import batch_of, lock_batch
from workflows.claims.paying.late_returns import contradicts, note_late_returns
from workflows.claims.paying.refused_cards import refused_cards
from workflows.claims.sums.bank_doubts import refuse_late_credits
from workflows.claims.sums.confirmed_payees import unconfirmed
from workflows.claims.sums.payees import heirs_stand
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.claim_makers import Made, ever_makers_of, note_maker
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


def load_reply(
    session: Session, office: Office, person: User, batch: Batch, format_code: str, content: bytes
) -> ReplyFile:
    """Take in a reply file; Refused if it was loaded before or does not fit the batch to the fen.

    Nothing is changed unless the whole file fits. A payment without an answer stays sent. One of
    which the bank said the contrary before stays as it is, and waits for a supervisor.
    """
    require(person, Act.PAY)
    locked = lock_batch(session, batch)
    if batch.state == BatchState.FROZEN:
        raise Refused(_("批次 %(number)s 尚未放行，不能载入回盘") % {"number": batch.number})
    sha256 = hashlib.sha256(content).hexdigest()
    if session.scalar(select(ReplyFile.id).filter_by(sha256=sha256)):
        raise Refused(_("这份回盘文件已经载入过"))
    _refuse_of_another_batch(session, batch, references(format_code, content))
    reply = read_reply(format_code, content, batch_of(office, batch, locked))
    payments = {payment.reference: payment for payment in locked}
    answers = {payments[line.reference]: _answer(line) for line in reply.lines}
    late = {each: said for each, said in answers.items() if contradicts(each, said)}
    taken = _take_all(session, office, person, answers, late)
    file = ReplyFile(
        batch_id=batch.id,
        sha256=office.store.put(content),
        loaded_by=person.id,
        loaded_at=office.clock(),
        credited=taken[BankOutcome.CREDITED],
        returned=taken[BankOutcome.RETURNED],
        unknown=_unanswered(reply),
        doubted="、".join(payment.reference for payment in late) or None,
    )
    session.add(file)
    session.flush()
    note_late_returns(session, file, late)
    return file


def _refuse_of_another_batch(session: Session, batch: Batch, told: Collection[str]) -> None:
    others = (
        select(Batch.number)
        .join(Payment, Payment.batch_id == Batch.id)
        .where(Payment.reference.in_(told), Batch.id != batch.id)
        .distinct()
        .order_by(Batch.number)
    )
    if numbers := session.scalars(others).all():
        words = {"others": "、".join(numbers), "number": batch.number}
        raise Refused(_("回盘文件中有批次 %(others)s 的付款，不是批次 %(number)s 的回盘") % words)


def _answer(line: ReplyLine) -> BankAnswer:
    return BankAnswer(line.outcome, line.code, line.reason_text)


def _take_all(
    session: Session,
    office: Office,
    person: User,
    answers: Mapping[Payment, BankAnswer],
    late: Collection[Payment],
) -> Counter[BankOutcome]:
    """Take each answer but the late ones, and write of what came back; how many of each counted."""
    taken = [
        payment
        for payment, answer in answers.items()
        if payment not in late and take_answer(session, office, person, payment, answer)
    ]
    returned = [each for each in taken if answers[each].outcome is BankOutcome.RETURNED]
    write_of_returns(session, office, returned)
    return Counter(answers[payment].outcome for payment in taken)


def pay_again(
    session: Session, office: Office, person: User, claim: Claim, reason: str = ""
) -> None:
    """Ask that what came back is paid again: the claim goes before the supervisor once its papers
    are read and nothing about the payee is open, and waits as returned until then.

    A claim that waits for the supervisor already may be put again after a change, because another
    part of it was paid and cannot be decided anew. Where the bank refused the card and it is still
    the same, it needs a reason. Who said that the money came back does not have it paid again.
    """
    require(person, Act.CORRECT)
    if not can_pay_again(session, claim):
        raise Refused(_("案件 %(number)s 没有需要重新付款的部分") % {"number": claim.number})
    if _said_it_came_back(session, person, claim):
        raise Refused(_("退票是本人载入或认定的，重新付款须由另一人提请"))
    refuse_late_credits(session, Payment.claim_id == claim.id)
    if CLAIM.move("read_filed", claim.state) and reading.has_unread(session, claim):
        note_maker(session, claim, person, Made.DECISION)
        advance(session, claim, "read_filed", office, person)
        return
    _refuse_another_payee(session, office, claim)
    why = {}
    if unchanged := refused_cards(office, claim):
        sentence = _("%(returns)s；收款账户没有更改，请写明仍付原账户的原因")
        refusal = sentence % {"returns": _("；").join(unchanged)}
        why = {"reason": told_reason(reason, refusal)}
    note_maker(session, claim, person, Made.DECISION)
    if _check_payee(session, office, claim):
        advance(session, claim, "pay_again", office, person, **why)
    elif claim.state == ClaimState.RETURNED:
        advance(session, claim, "question_payee", office, person)
    else:
        # A change after it was proposed: nobody can approve it before it is asked for again.
        record(session, claim, "question_payee", office.clock(), person.id)


def _refuse_another_payee(session: Session, office: Office, claim: Claim) -> None:
    """Refused while heirs are wanted, or another card has no paper or no second person."""
    if goes_to_heirs(session, office, claim):
        if not heirs_stand(claim):
            raise Refused(_("会员已身故，请先录入继承人，并由另一人确认"))
        return
    card = card_after_return(session, office, claim)
    if card and card.is_changed and not card.came and not claim.is_relief:
        raise Refused(_("请先补交新卡的材料，再由没有经手过此案的人核对"))
    if unconfirmed(session, office, [claim]):
        raise Refused(_("收款账户已更改，须先由没有经手过此案的人核对"))


def _check_payee(session: Session, office: Office, claim: Claim) -> bool:
    """Have the document check look at the payee; whether nothing about him is open.

    Relief has no papers.
    """
    if claim.is_relief:
        return True
    is_in_order = check_payee(session, office, claim)
    # Its papers may say that the member has died: then his heirs are to be keyed first.
    return is_in_order and (not goes_to_heirs(session, office, claim) or heirs_stand(claim))


def _said_it_came_back(session: Session, person: User, claim: Claim) -> bool:
    own = own_accounts(session, person)
    return any(each.id in own for each in ever_makers_of(session, claim, [Made.RETURN]))


def can_pay_again(session: Session, claim: Claim) -> bool:
    """Whether the claim was returned, or waits for the supervisor with a part that was."""
    if claim.state == ClaimState.PROPOSED:
        return not can_reverse(session, claim)
    return CLAIM.move("pay_again", claim.state) is not None


def _unanswered(reply: Reply) -> int:
    return len(reply.missing) + sum(line.outcome is BankOutcome.UNKNOWN for line in reply.lines)
