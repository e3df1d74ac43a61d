"""What the bank says of one payment: the move that it means, and what follows for its claim."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.results import BankOutcome
from documents.letters.contents import LetterKind
from models import Batch, Claim, Entitlement, Payment, Reservation, User
from models.machines.claims import CLAIM
from models.machines.money import PAYMENT
from models.states import (
    ARRIVED_STATES,
    AT_THE_BANK_STATES,
    LIVE_PAYMENT_STATES,
    UNDER_WAY_STATES,
)
from workflows.books.booking import Booking
from workflows.claims.letters import occasions
from workflows.claims.letters.letters import want_letters
from workflows.claims.paying.answers_in_books import book_answer
from workflows.claims.paying.difference import lower_recoveries
from workflows.claims.sums.balances import balances
from workflows.claims.sums.granted_in_books import write_off_anew
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.claim_makers import Made, note_maker

_VERBS = {BankOutcome.CREDITED: "credit", BankOutcome.RETURNED: "return"}


@dataclass(frozen=True)
class BankAnswer:
    """The outcome, and the bank's code and reason for it; `code` is empty where it gave none, and
    `place`, the line of its file, where it came on paper."""

    outcome: BankOutcome
    code: str
    reason_text: str
    place: str = ""


def take_answer(
    session: Session, office: Office, person: User, payment: Payment, answer: BankAnswer
) -> bool:
    """Make the move the bank's answer means; False if the payment has made it already.

    Of a payment that stays unanswered the bank's words are kept: people ask the bank by them.
    """
    verb = _VERBS.get(answer.outcome)
    if verb is None and payment.state in AT_THE_BANK_STATES:
        payment.result_code, payment.result_text = answer.code, answer.reason_text
    if verb is None or PAYMENT.move(verb, payment.state) is None:
        return False
    payment.result_code, payment.result_text = answer.code, answer.reason_text
    payment.result_at = office.clock()
    book_answer(session, office, person, payment, verb)
    advance(session, payment, verb, office, person, code=answer.code)
    claim = session.get_one(Claim, payment.claim_id, with_for_update=True, populate_existing=True)
    _follow(session, office, person, claim, verb, answer.code)
    if verb == "return":
        note_maker(session, claim, person, Made.RETURN)
        lower_recoveries(session, office, person, payment.claim_id)
        assert payment.batch_id is not None
        booking = Booking(session, office, person, Batch, payment.batch_id)
        write_off_anew(session, booking, [payment.claim_id])
    for reservation in session.scalars(
        select(Reservation).filter_by(entitlement_id=payment.entitlement_id, released_at=None)
    ):
        reservation.confirmed_at = payment.result_at if verb == "credit" else None
    return True


def write_of_returns(session: Session, office: Office, returned: Iterable[Payment]) -> None:
    """Ask for a letter about each return; an heir learns of his own card only."""
    sent_back: defaultdict[tuple[Claim, int | None], list[int]] = defaultdict(list)
    for payment in returned:
        sent_back[payment.claim, payment.heir_id].append(payment.id)
    for (claim, _heir), ids in sent_back.items():
        occasion = occasions.of_payments(ids)
        want_letters(session, office, LetterKind.RETURN_NOTICE, {claim: occasion})


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
