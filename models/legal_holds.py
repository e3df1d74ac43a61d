"""Words that nothing of a member or a claim is erased, whatever its age."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Audited, Base, Instant, Key


class LegalHold(Audited, Base):
    """A hold (保全) on everything of one member or one claim: a lawsuit, an audit, an inquiry.

    It counts from the moment somebody asks for it, so that nothing is erased while a second person
    is looked for, until two persons have lifted it. Why is told by its events.
    """

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (claim_id IS NULL)", name="of_one_row"),
        CheckConstraint("confirmed_by <> asked_by", name="confirmed_by_another"),
        CheckConstraint("lifted_by <> lift_asked_by", name="lifted_by_another"),
        CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name="lifted_by_and_at"),
        Index("ix_legal_hold_member", "member_id", postgresql_where=text("lifted_at IS NULL")),
        Index("ix_legal_hold_claim", "claim_id", postgresql_where=text("lifted_at IS NULL")),
    )

    id: Mapped[Key]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    lift_asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    lifted_at: Mapped[datetime | None]
