"""What the reader saw on pages, and what people said of it."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Sealed


class StoredReading(Base):
    """What the reader saw on a page, sealed, under the content hash: no page is read twice.

    `prints` are keyed fingerprints of what is filled in, by which a page like it is found; None
    before it was searched. `alike` are those pages: `sha256`, `number`, and `why`.
    """

    __tablename__ = "page_reading"
    __table_args__ = (
        Index("ix_page_reading_prints", "prints", postgresql_using="gin"),
        Index("ix_page_reading_unsearched", "sha256", postgresql_where=text("prints IS NULL")),
        Index("ix_page_reading_alike", "sha256", postgresql_where=text("alike <> '[]'::jsonb")),
    )

    sha256: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    reading: Mapped[Sealed]
    prints: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger), deferred=True)
    alike: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")


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
