"""Discard a batch that the bank may have: two people, upon the bank's word that it did not take it.

It was released, or there is a file of it from the time when one was made before the release.
What the bank says it did not take is returned, and may be paid again. All else may have been taken:
it becomes unknown, stays a live payment of its right, and only the bank's word moves it.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from banking.results import BankOutcome
from language import _
from models import Batch, Claim, Payment, User
from models.machines.claims import CLAIM
from models.states import AT_THE_BANK_STATES, BatchState, PaymentState
from rules.errors import OwnWork, Refused
from workflows.books.booking import Booking
from workflows.books.causes import Cause
from workflows.books.chart import BookPlace
from workflows.claims.paying.bank_answers import BankAnswer, take_answer
from workflows.claims.paying.bank_words import kept_paper
from workflows.claims.paying.batch_content import has_file, lock_batch
from workflows.claims.paying.unanswered import not_waiting
from workflows.claims.sums.bank_doubts import refuse_open_words
from workflows.claims.sums.granted_in_books import write_off_anew
from workflows.claims.sums.returned_payments import NOT_TAKEN
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.people.shown_proposals import mark_of, refuse_another


def ask_discard(
    session: Session,
    office: Office,
    person: User,
    batch: Batch,
    bank_word: str,
    not_taken: Collection[str],
    paper: bytes,
) -> None:
    """Ask a second person to discard the batch, upon the bank's paper; the bank did not take the
    payments of these references."""
    require(person, Act.PAY)
    waiting = {payment.reference for payment in _in_doubt(session, batch)}
    if is_asked(batch):
        raise Refused(_("批次 %(number)s 已经提请作废，等另一人办理") % {"number": batch.number})
    word = told_reason(bank_word, _("请写明银行的答复：何人、何时、如何证明没有受理"))
    if not waiting:
        raise Refused(_("批次 %(number)s 没有等待银行答复的付款") % {"number": batch.number})
    if strange := set(not_taken) - waiting:
        raise not_waiting(strange)
    batch.bank_paper = kept_paper(office, person, paper)
    batch.asked_by, batch.bank_word, batch.agreed_by = person.id, word, None
    batch.not_taken = sorted(not_taken)
    told = {"reason": word, "not_taken": batch.not_taken, "sha256": batch.bank_paper}
    advance(session, batch, "ask_discard", office, person, **told)


def refuse_discard(
    session: Session, office: Office, person: User, batch: Batch, shown: str
) -> None:
    """Leave the batch as it is, against what was `shown`."""
    require(person, Act.PAY)
    lock_batch(session, batch)
    _refuse_unless_asked(batch, shown)
    advance(session, batch, "refuse_discard", office, person)
    batch.asked_by = batch.agreed_by = batch.bank_word = batch.bank_paper = None
    batch.not_taken = []


def agree_discard(session: Session, office: Office, person: User, batch: Batch, shown: str) -> None:
    """Discard the batch as another person asked, and as it was `shown`.

    Refused while the bank said anything else of what it is said not to have taken.
    """
    require(person, Act.PAY)
    waiting = _in_doubt(session, batch)
    _refuse_unless_asked(batch, shown)
    if batch.asked_by in own_accounts(session, person):
        raise OwnWork(_("提请作废的人不能自己同意，须由另一人办理"))
    if answered := set(batch.not_taken) - {payment.reference for payment in waiting}:
        words = {"references": "、".join(sorted(answered))}
        raise Refused(_("付款 %(references)s 银行已有答复，请重新提请") % words)
    refuse_open_words(session, [each for each in waiting if each.reference in batch.not_taken])
    if batch.state == BatchState.FROZEN:
        send_payments(session, office, person, batch, waiting)
    batch.agreed_by = person.id
    advance(session, batch, "agree_discard", office, person, reason=batch.bank_word)
    answer = BankAnswer(BankOutcome.RETURNED, NOT_TAKEN, _("银行未受理"))
    for payment in waiting:
        if payment.reference in batch.not_taken:
            take_answer(session, office, person, payment, answer)
        elif payment.state == PaymentState.SENT:
            advance(session, payment, "lose", office, person, batch=batch.number)


def send_payments(
    session: Session, office: Office, person: User, batch: Batch, payments: list[Payment]
) -> None:
    """From now on these payments of the batch are at the bank, and so are their claims."""
    booking = Booking(session, office, person, Batch, batch.id)
    place = BookPlace(paying_account_id=batch.paying_account_id)
    for payment in payments:
        payment.out_asked_by = payment.out_reason = None
        advance(session, payment, "send", office, person)
        booking.book(Cause.RELEASED, payment.amount, payment.entitlement_id, place)
        claim = session.get_one(
            Claim, payment.claim_id, with_for_update=True, populate_existing=True
        )
        # The first of several payments sends the claim.
        if CLAIM.move("send", claim.state):
            advance(session, claim, "send", office, person, batch=batch.number)
    write_off_anew(session, booking, list({payment.claim_id for payment in payments}))


def is_asked(batch: Batch) -> bool:
    """Whether the discard of the batch waits for a second person."""
    return batch.asked_by is not None and batch.agreed_by is None


def mark_of_discard(batch: Batch) -> str:
    """What a form sends back of who asks for the discard, and what the bank is said not to have
    taken."""
    return mark_of(batch.asked_by, batch.bank_word, batch.bank_paper, batch.not_taken)


def _in_doubt(session: Session, batch: Batch) -> list[Payment]:
    """The payments of which the bank has not said whether it took them, locked."""
    payments = lock_batch(session, batch)
    if batch.state == BatchState.FROZEN and has_file(session, batch):
        return payments
    return [payment for payment in payments if payment.state in AT_THE_BANK_STATES]


def _refuse_unless_asked(batch: Batch, shown: str) -> None:
    if not is_asked(batch):
        raise Refused(_("没有人提请作废批次 %(number)s") % {"number": batch.number})
    refuse_another(mark_of_discard(batch), shown)
