"""What people said of values that were read: how sure the reader was, and whether it was right."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class ReadingReview(Base):
    """A person corrected or confirmed one value that was read; it names no value, claim or person.

    `field` is a field's name, or that of a page's kind; `kind` is the paper it was read on.
    `confidence` is the reader's; None where it read nothing and a person keyed the value.
    """

    __tablename__ = "reading_review"
    __table_args__ = (
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
        CheckConstraint("confidence IS NOT NULL OR changed", name="nothing_read_is_a_change"),
    )

    id: Mapped[Key]
    field: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str | None]
    confidence: Mapped[float | None]
    changed: Mapped[bool]
    reviewed_on: Mapped[date]
