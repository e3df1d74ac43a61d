"""Books what the bank answered: what arrived left the account, what came back is owed again."""

from sqlalchemy.orm import Session

from models import Batch, Payment, User
from models.ledger import AccountKind
from models.states import AT_THE_BANK_STATES, PaymentState
from workflows.books.booking import Booking, booked
from workflows.books.causes import Cause
from workflows.books.chart import BookPlace
from workflows.engine.office import Office

_CAUSES = {(state, "credit"): Cause.CREDITED for state in AT_THE_BANK_STATES}
_CAUSES |= {(state, "return"): Cause.RETURNED for state in AT_THE_BANK_STATES}
_CAUSES |= {
    (PaymentState.CREDITED, "return"): Cause.RETURNED_LATE,
    (PaymentState.RETURNED, "credit"): Cause.CREDITED_AFTER_ALL,
}


def book_answer(
    session: Session, office: Office, person: User, payment: Payment, verb: str
) -> None:
    """Book that this payment is about to be credited or returned from the state it is in."""
    assert payment.batch is not None
    cause, right_id = _CAUSES[PaymentState(payment.state), verb], payment.entitlement_id
    booking = Booking(session, office, person, Batch, payment.batch.id)
    if cause is Cause.CREDITED_AFTER_ALL:
        # It was owed again if it was approved again meanwhile: then it comes back from there.
        lies = -booked(session, [right_id], AccountKind.RETURNED).get(right_id, 0)
        booking.book(Cause.OWED_AGAIN, min(0, lies - payment.amount), right_id)
    place = BookPlace(paying_account_id=payment.batch.paying_account_id)
    booking.book(cause, payment.amount, right_id, place)
