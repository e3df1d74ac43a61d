"""Bank branches and their CNAPS codes, as the office's bank lists them."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant, Key


class BankList(Base):
    """A list of branches (联行号表) that was imported; the newest one counts.

    `source` says where the office has it from, `listed_on` of which day it is, `sha256` which file.
    """

    __tablename__ = "bank_list"

    id: Mapped[Key]
    source: Mapped[str]
    listed_on: Mapped[date]
    sha256: Mapped[str] = mapped_column(unique=True)
    branches: Mapped[int]
    imported_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    imported_at: Mapped[Instant]


class BankBranch(Base):
    """A branch of a list; `key` is its name without what some write and others leave out."""

    __tablename__ = "bank_branch"
    __table_args__ = (Index("ix_bank_branch_list_id_key", "list_id", "key"),)

    list_id: Mapped[int] = mapped_column(ForeignKey("bank_list.id"), primary_key=True)
    cnaps: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str]
