"""Payments that the bank may have and has not answered for."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Batch, Payment
from models.states import PaymentState

_UNANSWERED = (PaymentState.SENT, PaymentState.UNKNOWN)


def unanswered(session: Session) -> dict[datetime, int]:
    """How many payments have no answer, by when the file of their batch may have left."""
    rows = session.execute(
        select(Batch.released_at, func.count())
        .join(Payment, Payment.batch_id == Batch.id)
        .where(Payment.state.in_(_UNANSWERED))
        .group_by(Batch.released_at)
    )
    return {at: count for at, count in rows if at is not None}
