"""The books: accounts with running balances, and vouchers with their postings."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant, Key, Money


class AccountKind(StrEnum):
    """What an account of the books counts (科目)."""

    BANK = "bank"
    SUBSIDY_DUE = "subsidy_due"
    RECOVERABLE = "recoverable"
    PREPAID_FEES = "prepaid_fees"
    PAYABLE = "payable"
    IN_TRANSIT = "in_transit"
    RETURNED = "returned"
    FEES = "fees"
    SUBSIDY = "subsidy"
    KEPT_BY_FUND = "kept_by_fund"
    BENEFITS = "benefits"
    RELIEF = "relief"
    WRITTEN_OFF = "written_off"


class Books(Base):
    """The books of the office (账簿). One row, with the id 1; none before anything is booked.

    `first_on` is the first day on which something may be dated in them. It is None while they wait
    until two people have opened them with what was there before.
    """

    __tablename__ = "books"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Key]
    first_on: Mapped[date | None]


class BookMonth(Base):
    """A month of the books (会计期间), by its first day; `vouchers` is the last number given."""

    __tablename__ = "book_month"
    __table_args__ = (
        CheckConstraint("date_trunc('month', first_on) = first_on", name="by_its_first_day"),
        CheckConstraint("vouchers >= 0", name="numbers_from_one"),
    )

    first_on: Mapped[date] = mapped_column(primary_key=True)
    vouchers: Mapped[int] = mapped_column(default=0)


class LedgerAccount(Base):
    """An account of the books (明细科目): what it counts, and of which plan family, paying account,
    cover period and unit; None where it is not told apart by that.

    `code` names all of this and is unique. `balance` is the sum of its postings, debit above zero:
    a trigger moves it in the statement that writes them.
    """

    __tablename__ = "ledger_account"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    family: Mapped[str | None]
    paying_account_id: Mapped[int | None] = mapped_column(ForeignKey("paying_account.id"))
    period_start: Mapped[date | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    balance: Mapped[Money] = mapped_column(default=0)


class Voucher(Base):
    """A voucher (记账凭证): one act in the books, numbered within its month without a gap.

    `cause` says what happened, `subject` and `subject_id` name the row that it happened to.
    `author_id` is the person whose act it was, None of the program's own. Never changed or
    removed: a wrong one is taken back by another one.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        UniqueConstraint("month", "number"),
        CheckConstraint(
            "day >= month AND day < month + interval '1 month'", name="within_its_month"
        ),
        CheckConstraint("number > 0", name="numbers_from_one"),
        Index("ix_voucher_subject", "subject", "subject_id"),
        Index("ix_voucher_day", "day"),
    )

    id: Mapped[Key]
    month: Mapped[date] = mapped_column(ForeignKey("book_month.first_on"))
    number: Mapped[int]
    day: Mapped[date]
    cause: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[Instant]

    postings: Mapped[list["Posting"]] = relationship(order_by="Posting.line")


class Posting(Base):
    """One line of a voucher (分录): so many fen on an account, debit (借) above zero.

    `entitlement_id` is the right it is about, None where it is about none.
    """

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        Index("ix_posting_account_id", "account_id", "voucher_id"),
        Index("ix_posting_entitlement_id", "entitlement_id"),
    )

    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    amount: Mapped[Money]
    entitlement_id: Mapped[int | None] = mapped_column(ForeignKey("entitlement.id"))

    account: Mapped[LedgerAccount] = relationship()
