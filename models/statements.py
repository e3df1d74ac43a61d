"""Statements of the bank (对账单) and what their lines turned out to be."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Audited, Base, Instant, Key, Money


class LineDoubt(StrEnum):
    """Why a line that names a payment of ours is not the money of it."""

    NOT_SENT = "not_sent"
    OTHER_ACCOUNT = "other_account"
    OTHER_SUM = "other_sum"
    AGAIN = "again"


class BankStatement(Audited, Base):
    """A statement or notice as a cashier loaded it; the same content is taken in once.

    `known` of its lines stood in an earlier one. `batches` are the numbers of the batches whose
    payments it tells of, None where it tells of none: it is loaded for each of them as their reply.
    `left_out` are the accounts, masked, and the currencies in it that are none of ours.
    Since `erased_at` the file is gone.
    """

    __tablename__ = "bank_statement"

    id: Mapped[Key]
    sha256: Mapped[str] = mapped_column(unique=True)
    loaded_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    loaded_at: Mapped[Instant]
    known: Mapped[int]
    batches: Mapped[str | None]
    left_out: Mapped[str | None]
    erased_at: Mapped[datetime | None]


class StatementLine(Base):
    """Money that moved on an account at the bank, as the first statement says that has it; `amount`
    is above zero where it came in.

    `told` is the fingerprint of all that the bank says of it: the same in another statement is the
    same line. `cause` is the voucher that the bank's own words ask for, None where they ask for
    none. Names of persons and all numbers are masked. It is that of the payments that it is tied
    to (`StatementPayment`); `doubt` says why it is not, where it names one (`LineDoubt`). Else it
    waits for people until receipts come to its amount (`StatementReceipt`), a voucher by hand is
    proposed for it that nobody refuses, or it is set aside for a reason.
    """

    __tablename__ = "statement_line"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint(
            "(set_aside_by IS NULL) = (reason IS NULL)", name="set_aside_by_somebody_for_a_reason"
        ),
        Index("ix_statement_line_waiting", "id", postgresql_where=text("set_aside_by IS NULL")),
    )

    id: Mapped[Key]
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id"), index=True)
    paying_account_id: Mapped[int] = mapped_column(ForeignKey("paying_account.id"))
    place: Mapped[str]
    day: Mapped[date]
    amount: Mapped[Money]
    name: Mapped[str]
    account: Mapped[str]
    words: Mapped[str]
    cause: Mapped[str | None]
    doubt: Mapped[str | None]
    told: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    voucher_id: Mapped[int | None] = mapped_column(ForeignKey("manual_voucher.id"))
    set_aside_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reason: Mapped[str | None]

    statement: Mapped[BankStatement] = relationship()


class StatementReceipt(Base):
    """That a receipt of fees is money of this line; a line may be several receipts."""

    __tablename__ = "statement_receipt"

    receipt_id: Mapped[int] = mapped_column(ForeignKey("fee_receipt.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("statement_line.id"), index=True)


class StatementPayment(Base):
    """That money of this line is what was sent for a payment, or what of it came back (`is_back`):
    each once in all statements. A line may be several payments."""

    __tablename__ = "statement_payment"

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True)
    is_back: Mapped[bool] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("statement_line.id"), index=True)
