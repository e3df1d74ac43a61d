"""What each right of a claim is granted, was paid and is asked back.

Of each right: paid − asked back = granted. What is asked back counts at once, whether it has come
in or is still open; a right that was taken back grants nothing. What was written off stays with
the member: it is not asked back again, and where he is granted more, it counts as paid.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Claim, Decision, Entitlement, Payment, Recovery
from models.states import LIVE_PAYMENT_STATES, RecoveryState
from rules.money import Fen
from workflows.engine.rows import any_of

GRANTED = case((Entitlement.released_at.is_(None), Entitlement.amount), else_=0)
"""What a right grants: nothing once it was taken back."""
_WRITTEN_OFF = Recovery.state == RecoveryState.WRITTEN_OFF


class Balance(NamedTuple):
    """How one right of a claim stands."""

    claim_id: int
    right_id: int
    granted: Fen
    paid: Fen
    asked_back: Fen
    written_off: Fen

    @property
    def due(self) -> Fen:
        """What is still to be paid; below zero, what was paid too much."""
        due = self.granted - self.paid + self.asked_back
        return Fen(due if due > 0 else min(0, due + self.written_off))


def balances(session: Session, claim_ids: Collection[int]) -> list[Balance]:
    """How each right of these claims stands, those that were taken back among them."""
    query = select(
        Entitlement.claim_id,
        Entitlement.id,
        GRANTED,
        _sum(Payment.amount, Payment.state.in_(LIVE_PAYMENT_STATES)),
        _sum(
            case((_WRITTEN_OFF, Recovery.received), else_=Recovery.amount),
            Recovery.state != RecoveryState.CALLED_OFF,
        ),
        _sum(Recovery.amount - Recovery.received, _WRITTEN_OFF),
    ).where(any_of(Entitlement.claim_id, claim_ids))
    return [Balance(*row) for row in session.execute(query.order_by(Entitlement.id))]


def _sum(
    amount: ColumnElement[Fen] | InstrumentedAttribute[Fen], which: ColumnElement[bool]
) -> ColumnElement[Fen]:
    table = Payment if amount is Payment.amount else Recovery
    whole = cast(func.coalesce(func.sum(amount), 0), BigInteger)
    query = select(whole).where(table.entitlement_id == Entitlement.id, which)
    return query.correlate(Entitlement).scalar_subquery()


def kept(own: Iterable[Balance]) -> Fen:
    """What the claim with these rights was paid, less what is asked back."""
    return Fen(sum(each.paid - each.asked_back for each in own))


def paid_under(claim: Claim, decision: Decision) -> list[Payment]:
    """The payments of the claim that carry out this decision, oldest first."""
    return [payment for payment in claim.payments if payment.decision_id == decision.id]


def paid_before(claim: Claim, decision: Decision) -> list[Payment]:
    """The payments of the claim that carry out an earlier decision, and did not come back."""
    return [
        payment
        for payment in claim.payments
        if payment.decision_id < decision.id and payment.state in LIVE_PAYMENT_STATES
    ]
