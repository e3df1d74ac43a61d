"""Second relief (二次救助): help to a member in hardship after a benefit."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Money, Sealed, Worked
from models.claims import Claim
from models.membership import Member


class Relief(Worked, Base):
    """One application and the committee's decision; a sum it grants is paid through a claim.

    `after_claim` is the paid claim that the hardship follows; where it was decided anew since with
    another sum, `look_again_for` is that decision until the committee has looked at its own again.
    `hardship` is the unit's description of the need. `claim` is created when the committee
    decides, and is paid or denied like any other claim.
    """

    __tablename__ = "relief"
    __table_args__ = (
        CheckConstraint("asked > 0", name="asked_positive"),
        CheckConstraint("granted > 0", name="granted_positive"),
        CheckConstraint(
            "(state = 'granted') = (granted IS NOT NULL AND claim_id IS NOT NULL)",
            name="granted_is_paid_as_a_claim",
        ),
        Index("ix_relief_state", "state"),
        Index(
            "uq_relief_one_open",
            "after_claim_id",
            unique=True,
            postgresql_where=text("state IN ('applied', 'granted')"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    after_claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    hardship: Mapped[Sealed]
    asked: Mapped[Money]
    applied_on: Mapped[date]
    applied_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    met_on: Mapped[date | None]
    minutes: Mapped[str | None]
    granted: Mapped[int | None]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), unique=True)
    look_again_for: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))

    member: Mapped[Member] = relationship()
    after_claim: Mapped[Claim] = relationship(foreign_keys=after_claim_id)
    claim: Mapped[Claim | None] = relationship(foreign_keys=claim_id)
