"""Signed statements of what the log held."""

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant


class AuditRoot(Base):
    """A root (操作记录签名): a signed statement of what the log held up to a position. Append-only.

    `number` counts from 1 without a gap. `line` is the statement with its signature, as it also
    stands in the file of roots; nothing else of this row is believed.
    """

    __tablename__ = "audit_root"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Instant]
    line: Mapped[str]
