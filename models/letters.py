"""Letters to members and units."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant, Worked
from models.claims import Claim


class Letter(Worked, Base):
    """One letter (通知书); `occasion` makes it unique: the decision, or the check that asked."""

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("claim_id", "kind", "occasion"),
        Index("ix_letter_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_letter_parked_at", "parked_at", postgresql_where=text("parked_at IS NOT NULL")),
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    kind: Mapped[str]
    occasion: Mapped[str]
    wanted_at: Mapped[Instant]
    written_at: Mapped[datetime | None]
    sha256: Mapped[str | None]

    claim: Mapped[Claim] = relationship(back_populates="letters")
