"""Rights under which money was paid are carried over to the decision that takes the place of the
one that granted them: what is paid stays paid, and only the difference moves."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models import Entitlement, Payment
from models.states import LIVE_PAYMENT_STATES
from workflows.claims.judging.decision_rows import NewRight
from workflows.claims.judging.limits import give_back
from workflows.engine.rows import any_of

_Part = tuple[int, int]
"""The claim, and the number of a part of its decision."""

_CHANGED = ("event_print", "decision_id", "part", "amount", "past")
"""What the new decision says of a right that it carries over."""


def carry_over(
    session: Session,
    claim_ids: Collection[int],
    rights: Sequence[NewRight],
    places: Mapping[_Part, int],
    at: datetime,
) -> dict[_Part, int]:
    """Take the paid rights of these claims back, and give each that is granted again its new part.

    `rights` are granted now, and `places` are the events they are for. Returns the ids of the
    carried rights; what they take of limits is reserved with that of the new rights. A right to
    the same event goes first, then one of the same benefit to the event in the same place: its
    dates were corrected. What was paid for a benefit that is granted no longer is asked back, and
    never set off against another one.
    """
    if not claim_ids:
        return {}
    paid = give_back_paid(session, claim_ids, at)
    carried: dict[_Part, int] = {}
    for new in rights:
        _carry(carried, [r for r in paid if _is_of_the_event(r, new)], new)
    for new in rights:
        place = places[new.claim_id, new.part]
        _carry(carried, [r for r in paid if _is_in_place(r, new, place)], new)
    session.flush()
    return carried


def give_back_paid(
    session: Session, claim_ids: Collection[int], at: datetime
) -> Sequence[Entitlement]:
    """Take back the rights of these claims under which money was paid; returns them, locked."""
    is_paid = exists().where(
        Payment.entitlement_id == Entitlement.id, Payment.state.in_(LIVE_PAYMENT_STATES)
    )
    query = select(Entitlement).where(any_of(Entitlement.claim_id, claim_ids), is_paid)
    paid = session.scalars(query.order_by(Entitlement.id).with_for_update()).all()
    for right in paid:
        give_back(session, right, right.released_at or at)
    return paid


def _carry(carried: dict[_Part, int], rights: list[Entitlement], new: NewRight) -> None:
    own = new.claim_id, new.part
    right = next((r for r in rights if r.id not in carried.values()), None)
    if right is None or own in carried:
        return
    carried[own] = right.id
    right.released_at = None
    for column in _CHANGED:
        setattr(right, column, getattr(new, column))


def _is_of_the_event(right: Entitlement, new: NewRight) -> bool:
    return _is_under(right, new) and right.event_print == new.event_print


def _is_in_place(right: Entitlement, new: NewRight, place: int) -> bool:
    is_same = _is_under(right, new) and right.benefit == new.benefit
    return is_same and right.granted_by.event == place


def _is_under(right: Entitlement, new: NewRight) -> bool:
    """Whether both are rights of one member from one claim under one plan."""
    own = right.claim_id, right.member_id, right.plan
    return own == (new.claim_id, new.member_id, new.plan)
