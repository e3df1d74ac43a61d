"""Money that the bank sent back and that could not be delivered for years (R37)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant, Key, Money


class UnclaimedSum(Base):
    """What of one right was written to the fund (转入基金), by two persons.

    `returned_on` is the first return that the years were counted from. It lies in the fund until it
    is revived: then it is owed again under the same right, as a returned payment is.
    """

    __tablename__ = "unclaimed_sum"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("written_by <> proposed_by", name="written_by_two"),
        CheckConstraint("(revived_by IS NULL) = (revived_at IS NULL)", name="revived_by_somebody"),
        Index(
            "uq_unclaimed_sum_one_in_the_fund",
            "entitlement_id",
            unique=True,
            postgresql_where=text("revived_at IS NULL"),
        ),
        Index("ix_unclaimed_sum_claim_id", "claim_id"),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlement.id"))
    amount: Mapped[Money]
    returned_on: Mapped[date]
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    written_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    written_at: Mapped[Instant]
    revived_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    revived_at: Mapped[datetime | None]
