"""Reminders (续保通知), which are sent by calendar, and the pauses that hold them back."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant, Key, Worked
from models.membership import CoverYear, Unit


class Renewal(Worked, Base):
    """One reminder for one unit's cover year; `rung` is its day, counted from the last of cover.

    -60 is sixty days before the last day, 0 is the last day, 30 is the last day on which a renewal
    keeps the waiting days already served. `number` runs through the year of `issued_on`.
    The roster to download holds whole ID numbers, the mailed one masked ones. `message_id` is set
    before the first attempt to send, so that every attempt sends the same message. Since
    `erased_at` its files are gone.
    """

    __tablename__ = "renewal"
    __table_args__ = (
        UniqueConstraint("cover_year_id", "rung"),
        Index("ix_renewal_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_renewal_parked_at", "parked_at", postgresql_where=text("parked_at IS NOT NULL")),
        Index("ix_renewal_unit_id", "unit_id"),
        Index(
            "uq_renewal_one_of_a_number",
            text("extract(year FROM issued_on)"),
            "number",
            unique=True,
        ),
        CheckConstraint("(number IS NULL) = (issued_on IS NULL)", name="numbered_when_issued"),
    )

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    cover_year_id: Mapped[int] = mapped_column(ForeignKey("cover_year.id"))
    rung: Mapped[int]
    due_on: Mapped[date]
    issued_on: Mapped[date | None]
    number: Mapped[int | None]
    letter_sha256: Mapped[str | None]
    roster_sha256: Mapped[str | None]
    mailed_roster_sha256: Mapped[str | None]
    written_at: Mapped[datetime | None]
    message_id: Mapped[str | None]
    mailed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    cover_year: Mapped[CoverYear] = relationship()


class RenewalPause(Base):
    """A supervisor's pause of a unit's reminders, of one rung for all units, or of both."""

    __tablename__ = "renewal_pause"
    __table_args__ = (
        CheckConstraint("unit_id IS NOT NULL OR rung IS NOT NULL", name="holds_something"),
        Index(
            "uq_renewal_pause_one_of_a_kind",
            "unit_id",
            "rung",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Key]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    rung: Mapped[int | None]
    reason: Mapped[str]
    paused_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    paused_at: Mapped[Instant]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    lifted_at: Mapped[datetime | None]


class RenewalLook(Base):
    """A single row with the day of the last look, so that the next look includes missed days."""

    __tablename__ = "renewal_look"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    looked_on: Mapped[date]
