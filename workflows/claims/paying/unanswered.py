"""Payments that the bank may have and has not answered for."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from language import _
from models import Batch, Payment
from models.states import AT_THE_BANK_STATES
from rules.errors import Refused


def unanswered(session: Session) -> dict[datetime, int]:
    """How many payments have no answer, by when the file of their batch may have left."""
    rows = session.execute(
        select(Batch.released_at, func.count())
        .join(Payment, Payment.batch_id == Batch.id)
        .where(Payment.state.in_(AT_THE_BANK_STATES))
        .group_by(Batch.released_at)
    )
    return {at: count for at, count in rows if at is not None}


def not_waiting(references: Iterable[str]) -> Refused:
    """That the bank has answered for these payments, or never had them."""
    words = {"references": "、".join(sorted(references))}
    return Refused(_("付款 %(references)s 不在等待银行答复") % words)
