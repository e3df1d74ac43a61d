"""What each right of a claim is granted, was paid and is asked back.

Of each right: paid − asked back = granted. What is asked back counts at once, whether it has come
in, is still open or was written off; a right that was taken back grants nothing.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select
from sqlalchemy.orm import Session

from models import Claim, Decision, Entitlement, Payment, Recovery
from models.states import LIVE_PAYMENT_STATES, RecoveryState
from rules.money import Fen
from workflows.engine.rows import any_of


class Balance(NamedTuple):
    """How one right of a claim stands."""

    claim_id: int
    right_id: int
    granted: Fen
    paid: Fen
    asked_back: Fen

    @property
    def due(self) -> Fen:
        """What is still to be paid; below zero, what was paid too much."""
        return Fen(self.granted - self.paid + self.asked_back)


def balances(session: Session, claim_ids: Collection[int]) -> list[Balance]:
    """How each right of these claims stands, those that were taken back among them."""
    granted = case((Entitlement.released_at.is_(None), Entitlement.amount), else_=0)
    query = select(
        Entitlement.claim_id,
        Entitlement.id,
        granted,
        _sum(Payment, Payment.state.in_(LIVE_PAYMENT_STATES)),
        _sum(Recovery, Recovery.state != RecoveryState.CALLED_OFF),
    ).where(any_of(Entitlement.claim_id, claim_ids))
    return [Balance(*row) for row in session.execute(query.order_by(Entitlement.id))]


def _sum(table: type[Payment | Recovery], which: ColumnElement[bool]) -> ColumnElement[Fen]:
    amount = cast(func.coalesce(func.sum(table.amount), 0), BigInteger)
    query = select(amount).where(table.entitlement_id == Entitlement.id, which)
    return query.correlate(Entitlement).scalar_subquery()


def kept(own: Iterable[Balance]) -> Fen:
    """What the claim with these rights was paid, less what is asked back."""
    return Fen(sum(each.paid - each.asked_back for each in own))


def paid_under(claim: Claim, decision: Decision) -> list[Payment]:
    """The payments of the claim that follow this decision, oldest first."""
    return [payment for payment in claim.payments if payment.queued_at >= decision.made_at]
