"""Bank replies (回盘): each payment of a released batch is credited or returned, once; a line that
fits none waits for a person."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.replies import Reply, ReplyLine, open_reply, read_reply
from banking.reply_match import references
from banking.results import BankOutcome
from documents.masks import mask_numbers
from language import _
from models import Batch, Payment, ReplyFile, User
from models.states import AT_THE_BANK_STATES, BatchState
from rules.errors import Refused
from workflows.claims.paying.bank_answers import BankAnswer, take_answer, write_of_returns
from workflows.claims.paying.bank_words import close_overtaken
from workflows.claims.paying.batch_content import batch_of, lock_batch
from workflows.claims.paying.late_returns import contradicts, note_late_returns
from workflows.claims.paying.reply_cases import note_cases
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.screening import refuse_infected
from workflows.people.rights import Act, require


def load_reply(
    session: Session, office: Office, person: User, batch: Batch, content: bytes
) -> ReplyFile:
    """Take in a reply file; Refused if it was loaded before, is about another batch or does not add
    up.

    Lines about other batches, as in a statement, are left to these. Each line that fits its payment
    to the fen counts, each other one waits for a person. A payment without an answer stays sent.
    One of which the bank said the contrary before stays as it is, and waits for a supervisor; one
    that a line without our reference fits stays sent if another batch paid the same: an old reply
    given out again would be taken for its own.
    """
    require(person, Act.PAY)
    refuse_infected(office, person, content)
    locked = lock_batch(session, batch)
    if batch.state == BatchState.FROZEN:
        raise Refused(_("批次 %(number)s 尚未放行，不能载入回盘") % {"number": batch.number})
    reply, others = _read(session, office, batch, locked, content)
    payments = {payment.reference: payment for payment in locked}
    answers = {payments[line.reference]: _answer(line) for line in reply.lines}
    by_sum = [payments[line.reference] for line in reply.lines if line.is_told_by_sum]
    _doubt_what_was_paid_before(session, by_sum, answers)
    late = {each: said for each, said in answers.items() if contradicts(each, said)}
    taken = _take_all(session, office, person, answers, late)
    file = ReplyFile(
        batch_id=batch.id,
        sha256=office.store.put(content),
        loaded_by=person.id,
        loaded_at=office.clock(),
        credited=taken[BankOutcome.CREDITED],
        returned=taken[BankOutcome.RETURNED],
        unknown=sum(each.state in AT_THE_BANK_STATES for each in locked),
        doubted="、".join(payment.reference for payment in late) or None,
        others="、".join(others) or None,
    )
    session.add(file)
    session.flush()
    note_late_returns(session, office, person, file, late)
    note_cases(session, file, reply.odd, payments)
    return file


def _read(
    session: Session, office: Office, batch: Batch, locked: list[Payment], content: bytes
) -> tuple[Reply, list[str]]:
    """What the file says of the batch, and which other batches it speaks of too; Refused if it was
    loaded before or is about others alone."""
    sha256 = hashlib.sha256(content).hexdigest()
    if session.scalar(select(ReplyFile.id).filter_by(sha256=sha256, batch_id=batch.id)):
        raise Refused(_("这份回盘文件已经载入过"))
    rows = open_reply(batch.format, content, office.limits)
    elsewhere = _batches_of(session, batch, references(rows))
    ours = {payment.reference for payment in locked}
    own = [
        row for row in rows if not (named := references([row])) & elsewhere.keys() or named & ours
    ]
    others = sorted(set(elsewhere.values()))
    if not own:
        words = {"others": "、".join(others), "number": batch.number}
        raise Refused(_("回盘文件中有批次 %(others)s 的付款，不是批次 %(number)s 的回盘") % words)
    return read_reply(own, batch_of(office, batch, locked)), others


def _batches_of(session: Session, batch: Batch, told: Collection[str]) -> dict[str, str]:
    """Of these references those of other batches, with the batch of each."""
    others = (
        select(Payment.reference, Batch.number)
        .join(Batch, Batch.id == Payment.batch_id)
        .where(any_of(Payment.reference, told), Batch.id != batch.id)
    )
    return dict(session.execute(others).all())


def _answer(line: ReplyLine) -> BankAnswer:
    # Banks put accounts into their words, which are kept in clear.
    return BankAnswer(line.outcome, line.code, mask_numbers(line.reason_text), line.place)


def _doubt_what_was_paid_before(
    session: Session, told_by_sum: Sequence[Payment], answers: dict[Payment, BankAnswer]
) -> None:
    """Let the answers be unknown that may be about a payment of another batch."""
    prints = [payment.card_print for payment in told_by_sum if payment.card_print]
    if not prints:
        return
    elsewhere = select(Payment.card_print, Payment.amount).where(
        any_of(Payment.card_print, prints), Payment.batch_id != told_by_sum[0].batch_id
    )
    paid = {(card, amount) for card, amount in session.execute(elsewhere)}
    for payment in told_by_sum:
        if (payment.card_print, payment.amount) in paid:
            words = {"words": answers[payment].reason_text}
            sentence = _("%(words)s（没有业务编号，另一批次付过同一账户同样金额，须向银行核实）")
            answers[payment] = BankAnswer(BankOutcome.UNKNOWN, "", sentence % words)


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
    close_overtaken(session, office, person, taken)
    returned = [each for each in taken if answers[each].outcome is BankOutcome.RETURNED]
    write_of_returns(session, office, returned)
    return Counter(answers[payment].outcome for payment in taken)
