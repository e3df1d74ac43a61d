"""What the books say was granted: brought to what was approved, or taken back with the approval."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Approval, Claim, DecisionPart, Entitlement, LedgerAccount, Posting, User
from models.ledger import AccountKind
from rules.money import Fen
from rules.plans import family_of
from rules.verdict import Benefit
from workflows.books.booking import Booking, booked
from workflows.books.causes import Cause
from workflows.books.chart import BookPlace
from workflows.claims.sums.balances import GRANTED, balances
from workflows.engine.office import Office
from workflows.engine.rows import any_of


class _Granted(NamedTuple):
    """A right as it was approved; `amount` is nothing where it was taken back."""

    right_id: int
    plan: str
    benefit: str
    amount: Fen
    period_start: date | None
    unit_id: int | None

    @property
    def cause(self) -> Cause:
        is_relief = self.benefit == Benefit.SECOND_RELIEF
        return Cause.GRANTED_RELIEF if is_relief else Cause.GRANTED

    @property
    def place(self) -> BookPlace:
        return BookPlace(family_of(self.plan), None, self.period_start, self.unit_id)


def book_granted(
    session: Session, office: Office, person: User, approval: Approval, claims: Collection[Claim]
) -> None:
    """Book what was approved of these claims; of revised ones the difference.

    What the bank had sent back of them is owed again, and what was written off of what is granted
    now counts as paid.
    """
    booking = Booking(session, office, person, Approval, approval.id)
    rights = _rights(session, [claim.id for claim in claims])
    before = _booked_before(session, rights)
    for right in rights:
        of_right = before.get(right.right_id, {})
        for place in dict.fromkeys([*of_right, right.place]):
            wanted = right.amount if place == right.place else 0
            booking.book(right.cause, wanted - of_right.get(place, 0), right.right_id, place)
    if before:
        _owe_again(session, booking, list(before))
        write_off_anew(session, booking, [claim.id for claim in claims])


def book_taken_back(session: Session, office: Office, person: User | None, claim: Claim) -> None:
    """Book that rights of this claim were given back after they had been approved: nothing is owed
    of them any more."""
    booking = Booking(session, office, person, Claim, claim.id)
    gone = [right for right in _rights(session, [claim.id]) if not right.amount]
    before = _booked_before(session, gone)
    _owe_again(session, booking, list(before))
    for right in gone:
        for place, amount in before.get(right.right_id, {}).items():
            booking.book(right.cause, -amount, right.right_id, place)


def _rights(session: Session, claim_ids: Sequence[int]) -> list[_Granted]:
    """All rights of these claims, those that were taken back among them."""
    is_part = (DecisionPart.decision_id == Entitlement.decision_id) & (
        DecisionPart.number == Entitlement.part
    )
    query = (
        select(
            Entitlement.id,
            Entitlement.plan,
            Entitlement.benefit,
            GRANTED,
            DecisionPart.period_start,
            Claim.unit_id,
        )
        .join(DecisionPart, is_part)
        .join(Claim, Claim.id == Entitlement.claim_id)
        .where(any_of(Entitlement.claim_id, claim_ids))
        .order_by(Entitlement.id)
    )
    return [_Granted(*row) for row in session.execute(query)]


def _booked_before(
    session: Session, rights: Sequence[_Granted]
) -> Mapping[int, Mapping[BookPlace, Fen]]:
    """What was booked of each of these rights as granted, by the place it was booked for."""
    expenses = (AccountKind.BENEFITS, AccountKind.RELIEF)
    place = (LedgerAccount.family, LedgerAccount.period_start, LedgerAccount.unit_id)
    query = (
        select(Posting.entitlement_id, *place, func.sum(Posting.amount))
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(any_of(Posting.entitlement_id, [right.right_id for right in rights]))
        .where(LedgerAccount.kind.in_(expenses))
        .group_by(Posting.entitlement_id, *place)
    )
    found: defaultdict[int, dict[BookPlace, Fen]] = defaultdict(dict)
    for right_id, family, period_start, unit_id, amount in session.execute(query):
        found[right_id or 0][BookPlace(family, None, period_start, unit_id)] = Fen(int(amount))
    return found


def _owe_again(session: Session, booking: Booking, right_ids: Sequence[int]) -> None:
    for right_id, amount in booked(session, right_ids, AccountKind.RETURNED).items():
        booking.book(Cause.OWED_AGAIN, -amount, right_id)


def write_off_anew(session: Session, booking: Booking, claim_ids: Sequence[int]) -> None:
    """What was written off stays a loss as far as more was paid than is granted now.

    A payment to one heir may make it a loss again: what another keeps is not taken from his share.
    """
    lost = [each for each in balances(session, claim_ids) if each.written_off]
    before = booked(session, [each.right_id for each in lost], AccountKind.WRITTEN_OFF)
    for each in lost:
        borne = min(each.written_off, max(0, each.paid - each.asked_back - each.granted))
        change = borne - before.get(each.right_id, 0)
        booking.book(Cause.WRITTEN_OFF_ANEW, change, each.right_id)
