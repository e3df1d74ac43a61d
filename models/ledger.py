"""The books: accounts with running balances, and vouchers with their postings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
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
    OPENING = "opening"
    MOVED_FUNDS = "moved_funds"
    FEES = "fees"
    SUBSIDY = "subsidy"
    KEPT_BY_FUND = "kept_by_fund"
    INTEREST = "interest"
    BENEFITS = "benefits"
    RELIEF = "relief"
    WRITTEN_OFF = "written_off"
    BANK_FEES = "bank_fees"


class Books(Base):
    """The books of the office (账簿). One row, with the id 1; none before anything is booked.

    `first_on` is the first day on which something may be dated in them. It is None while they wait
    until two people have opened them with what was there before; `opened_at` is when these did, and
    from then on no more is put into batches than the bank holds. All months until `closed_through`,
    a last day of a month, are closed; `reopen_asked_by` asked to open that month again.
    `opening` are the sums at the bank that `opening_asked_by` stated for `opening_on`, in fen by
    the code of the account, until a second person agrees.
    """

    __tablename__ = "books"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint(
            "closed_through = date_trunc('month', closed_through) + interval '1 month - 1 day'"
            " AND closed_through >= first_on",
            name="closed_by_months",
        ),
        CheckConstraint(
            "(reopen_asked_by IS NULL) = (reopen_reason IS NULL)"
            " AND (reopen_asked_by IS NULL OR closed_through IS NOT NULL)",
            name="reopened_for_a_reason",
        ),
        CheckConstraint(
            "(opening IS NULL) = (opening_on IS NULL)"
            " AND (opening IS NULL) = (opening_asked_by IS NULL)",
            name="opening_stated_by_somebody",
        ),
    )

    id: Mapped[Key]
    first_on: Mapped[date | None]
    opened_at: Mapped[datetime | None]
    closed_through: Mapped[date | None]
    reopen_asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reopen_reason: Mapped[str | None]
    opening: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    opening_on: Mapped[date | None]
    opening_asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


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
    a trigger moves it in the statement that writes them. `reserved` is what of an account at the
    bank is in batches that the bank has not answered; where it is `limited`, no batch makes that
    more than its balance.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        CheckConstraint("reserved >= 0 AND (kind = 'bank' OR reserved = 0)", name="reserved"),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    family: Mapped[str | None]
    paying_account_id: Mapped[int | None] = mapped_column(ForeignKey("paying_account.id"))
    period_start: Mapped[date | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    balance: Mapped[Money] = mapped_column(default=0)
    reserved: Mapped[Money] = mapped_column(default=0)
    limited: Mapped[bool] = mapped_column(default=False)


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


class ManualVoucher(Base):
    """A voucher that a person proposes (手工凭证), which another one books or refuses.

    `cause` is one of those that people book by hand, `amount` in fen; below zero it takes such a
    voucher back. `reason` says what paper shows it. It waits while `is_booked` is None.
    """

    __tablename__ = "manual_voucher"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint(
            "(is_booked IS NULL) = (decided_by IS NULL)"
            " AND (is_booked IS NULL) = (decided_at IS NULL)",
            name="decided_by_and_at_together",
        ),
        CheckConstraint("NOT is_booked OR decided_by <> asked_by", name="booked_by_two"),
        Index("ix_manual_voucher_waiting", "id", postgresql_where=text("is_booked IS NULL")),
    )

    id: Mapped[Key]
    cause: Mapped[str]
    family: Mapped[str]
    paying_account_id: Mapped[int] = mapped_column(ForeignKey("paying_account.id"))
    day: Mapped[date]
    amount: Mapped[Money]
    reason: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[Instant]
    is_booked: Mapped[bool | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]


class StatedBalance(Base):
    """What the bank's statement says that an account holds at the end of a day (对账单余额): as
    `stated_by` keyed it, or as the file of `statement_id` says that he loaded; the bank's word once
    another person has agreed to it."""

    __tablename__ = "stated_balance"
    __table_args__ = (
        CheckConstraint(
            "(agreed_by IS NULL) = (agreed_at IS NULL)", name="agreed_by_and_at_together"
        ),
    )

    paying_account_id: Mapped[int] = mapped_column(
        ForeignKey("paying_account.id"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    balance: Mapped[Money]
    stated_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    stated_at: Mapped[Instant]
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("bank_statement.id"))
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    agreed_at: Mapped[datetime | None]


class DayProof(Base):
    """What the proof of a day found (当日核对): the totals of each station, and each difference.

    Made again each time until `signed_by` signs it, with a `note` about its differences.
    """

    __tablename__ = "day_proof"
    __table_args__ = (
        CheckConstraint("(signed_by IS NULL) = (signed_at IS NULL)", name="signed_by_and_at"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[Instant]
    totals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    signed_at: Mapped[datetime | None]
    note: Mapped[str | None]
