"""A decision is objected to (异议), and a decided claim is looked at again (重新办理)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant, Key, Sealed, Worked
from models.claims import Claim


class Objection(Worked, Base):
    """One objection to a decision. `said` holds the objector's name and words.

    `letter_on` is the day of the letter that told the decision; `object_by` the last day in time.
    `made_by` is member, heir or unit. `reason` is why it was upheld, rejected or withdrawn.
    `withdrawal_by` said that the objector took it back in writing on `withdrawal_on` for
    `withdrawal_reason`; a second person confirms it. `approvers_free_until` is the last decision
    that could be approved by who approved the one objected to, since that was once lawful; None for
    objections of today.
    """

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("made_by IN ('member', 'heir', 'unit')", name="made_by"),
        CheckConstraint("made_on >= letter_on", name="made_after_the_letter"),
        CheckConstraint(
            "made_on <= object_by OR late_reason IS NOT NULL", name="in_time_or_let_in"
        ),
        CheckConstraint(
            "(state IN ('upheld', 'rejected')) = (heard_by IS NOT NULL)", name="heard_by_somebody"
        ),
        CheckConstraint(
            "(heard_by IS NULL) = (heard_at IS NULL) AND (state = 'registered') = (reason IS NULL)",
            name="heard_by_at_and_why_together",
        ),
        CheckConstraint("heard_by <> registered_by", name="heard_by_another"),
        CheckConstraint(
            "(withdrawal_on IS NULL) = (withdrawal_by IS NULL)"
            " AND (withdrawal_on IS NULL) = (withdrawal_reason IS NULL)",
            name="withdrawal_with_day_and_reason",
        ),
        Index(
            "uq_objection_one_open",
            "claim_id",
            unique=True,
            postgresql_where=text("state = 'registered'"),
        ),
        Index("ix_objection_claim_id", "claim_id"),
        Index("ix_objection_state", "state"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    approvers_free_until: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    made_on: Mapped[date]
    made_by: Mapped[str]
    said: Mapped[Sealed]
    letter_on: Mapped[date]
    object_by: Mapped[date]
    late_reason: Mapped[str | None]
    registered_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    registered_at: Mapped[Instant]
    heard_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    heard_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    withdrawal_on: Mapped[date | None]
    withdrawal_reason: Mapped[str | None]
    withdrawal_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    claim: Mapped[Claim] = relationship()


class Revision(Base):
    """A decided claim that goes its way again; open until its new decision is approved.

    `cause` is objection, papers or mistake; `objection_id` the objection that was upheld.
    """

    __tablename__ = "revision"
    __table_args__ = (
        CheckConstraint("cause IN ('objection', 'papers', 'mistake')", name="cause"),
        CheckConstraint(
            "(cause = 'objection') = (objection_id IS NOT NULL)", name="objection_if_that_is_why"
        ),
        CheckConstraint("(closed_at IS NULL) = (decision_id IS NULL)", name="closed_by_a_decision"),
        Index(
            "uq_revision_one_open",
            "claim_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_revision_claim_id", "claim_id"),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    cause: Mapped[str]
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id"), unique=True)
    reason: Mapped[str]
    opened_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    opened_at: Mapped[Instant]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    closed_at: Mapped[datetime | None]
