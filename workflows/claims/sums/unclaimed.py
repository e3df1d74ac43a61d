"""Unclaimed sums (逾期未领款, R37): what lies in the fund of a claim, and how it is owed again."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Claim, UnclaimedSum, User
from models.states import ClaimState
from workflows.books.booking import Booking
from workflows.books.causes import Cause
from workflows.engine.moves import advance
from workflows.engine.office import Office


def in_the_fund(session: Session, claim: Claim) -> Sequence[UnclaimedSum]:
    """What of each right of the claim lies in the fund."""
    query = select(UnclaimedSum).filter_by(claim_id=claim.id, revived_at=None)
    return session.scalars(query.order_by(UnclaimedSum.id)).all()


def state_outside_the_fund(claim: Claim) -> str:
    """The state of the claim, or that which it comes back to from the fund."""
    is_written = claim.state == ClaimState.WRITTEN_TO_FUND
    return ClaimState.RETURNED.value if is_written else claim.state


def bring_back(session: Session, office: Office, person: User, claim: Claim, reason: str) -> None:
    """Make the claim again what it was before it was written to the fund: returned. Nothing is
    changed of a claim that was not."""
    if claim.state != ClaimState.WRITTEN_TO_FUND:
        return
    for each in in_the_fund(session, claim):
        each.revived_by, each.revived_at = person.id, office.clock()
        booking = Booking(session, office, person, UnclaimedSum, each.id)
        booking.book(Cause.REVIVED, each.amount, each.entitlement_id)
    advance(session, claim, "revive", office, person, reason=reason)
