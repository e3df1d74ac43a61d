"""The heirs that were confirmed for another claim of the same dead member, offered for this one."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Claim, Heir


def heirs_known(session: Session, claim: Claim) -> Sequence[Heir]:
    """The heirs in force of the claim of this member whose heirs were confirmed last, in their
    order; none where no other claim has confirmed ones."""
    if claim.member_id is None:
        return []
    confirmed = (
        select(Heir)
        .join(Claim, Claim.id == Heir.claim_id)
        .where(Claim.member_id == claim.member_id, Claim.id != claim.id)
        .where(Heir.withdrawn_at.is_(None), Heir.confirmed_at.is_not(None))
        .order_by(Heir.confirmed_at.desc(), Heir.claim_id.desc(), Heir.id)
    )
    heirs = session.scalars(confirmed).all()
    return [heir for heir in heirs if heir.claim_id == heirs[0].claim_id]
