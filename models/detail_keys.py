"""The keys under which the log tells what is of one person."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant, Key


class DetailKey(Base):
    """The key of what events tell of one member, or of a row whose member nobody knows yet.

    `key` is sealed with the ring. Erased, it is None: what was sealed with it opens nowhere any
    more, and what is told afterwards gets a key of its own.
    """

    __tablename__ = "detail_key"
    __table_args__ = (
        Index(
            "uq_detail_key_one_in_use",
            "subject",
            "subject_id",
            unique=True,
            postgresql_where=text("erased_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    subject: Mapped[str]
    subject_id: Mapped[int]
    key: Mapped[bytes | None]
    made_at: Mapped[Instant]
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
