"""The phases of the yearly campaign, and prevention activities."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant, Key


class Milestone(Base):
    """One phase (阶段) of the year's campaign in one unit: publicity, enrolment or operation.

    `planned_on` is when it is to be reached, `reached_on` when it was (article 6).
    """

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("unit_id", "year", "phase"),
        CheckConstraint("phase IN ('publicity', 'enrolment', 'operation')", name="phase"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    year: Mapped[int]
    phase: Mapped[str]
    planned_on: Mapped[date]
    reached_on: Mapped[date | None]
    noted_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    noted_at: Mapped[Instant]


class Activity(Base):
    """A prevention activity (病前预防): a lecture or an event, with how many signed in.

    `unit_id` is the unit that held it; None: the office held it for all.
    """

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("kind IN ('lecture', 'event')", name="kind"),
        CheckConstraint("signed_in >= 0", name="signed_in_not_negative"),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    title: Mapped[str]
    held_on: Mapped[date]
    place: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    signed_in: Mapped[int | None]
    noted_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    noted_at: Mapped[Instant]
