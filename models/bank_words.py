"""What the bank says otherwise than in a line that fits: odd lines of replies, and its word by
letter or at its counter."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Audited, Base, Instant, Key, Money
from models.payments import Payment, ReplyFile


class LineAnswer(StrEnum):
    """What a person makes of an odd line: it is about a payment; it changes nothing; it is wrong
    and the bank has to give another."""

    MATCHED = "matched"
    LEFT = "left"
    REJECTED = "rejected"


class BankWay(StrEnum):
    """How the bank gave its word: in writing, at its counter, or in an odd line of a reply."""

    LETTER = "letter"
    COUNTER = "counter"
    LINE = "line"


class ReplyCase(Audited, Base):
    """A line of a reply that fits no payment, several, or one that differs (差异).

    It waits while `answer` is None. What it shows of a person is masked; the reply file has it
    whole. `payment_id` is the payment that it names, or that people matched it with. To close it
    otherwise than by a match, a line that names a payment and says what became of it is asked for
    by one person and agreed to by another.
    """

    __tablename__ = "reply_case"
    __table_args__ = (
        UniqueConstraint("reply_file_id", "place"),
        CheckConstraint(
            "(answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL)"
            " AND (answer IS NULL) = (reason IS NULL)"
            " AND (answer <> 'matched' OR payment_id IS NOT NULL)",
            name="answered_by_at_and_why_together",
        ),
        CheckConstraint(
            "(asked_by IS NULL) = (asked_answer IS NULL)"
            " AND (asked_by IS NULL) = (asked_reason IS NULL)"
            " AND (agreed_by IS NULL OR answered_by IS NOT NULL AND agreed_by <> answered_by)",
            name="asked_together_and_agreed_by_another",
        ),
        Index("ix_reply_case_open", "id", postgresql_where=text("answer IS NULL")),
    )

    id: Mapped[Key]
    reply_file_id: Mapped[int] = mapped_column(ForeignKey("reply_file.id"))
    place: Mapped[str]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    name: Mapped[str]
    account: Mapped[str]
    amount: Mapped[Money | None]
    outcome: Mapped[str]
    result_code: Mapped[str]
    result_text: Mapped[str]
    why: Mapped[str]
    answer: Mapped[str | None]
    reason: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    asked_answer: Mapped[str | None]
    asked_reason: Mapped[str | None]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    reply_file: Mapped[ReplyFile] = relationship()
    payment: Mapped[Payment | None] = relationship()


class BankWord(Base):
    """What a cashier says that the bank told of a payment without an answer, until a supervisor
    agrees or refuses: then `agreed` says which.

    `sha256` is the bank's paper; an odd line needs none, since its reply file is kept.
    """

    __tablename__ = "bank_word"
    __table_args__ = (
        CheckConstraint("outcome IN ('credited', 'returned')", name="says_which"),
        CheckConstraint(
            "(way = 'line') = (reply_case_id IS NOT NULL) AND (way = 'line') = (sha256 IS NULL)",
            name="has_its_paper",
        ),
        CheckConstraint(
            "(dealt_by IS NULL) = (dealt_at IS NULL) AND (dealt_by IS NULL) = (agreed IS NULL)",
            name="dealt_with_by_at_and_how_together",
        ),
        CheckConstraint("NOT agreed OR dealt_by <> asked_by", name="agreed_by_another"),
        Index(
            "uq_bank_word_one_waiting",
            "payment_id",
            unique=True,
            postgresql_where=text("agreed IS NULL"),
        ),
    )

    id: Mapped[Key]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    reply_case_id: Mapped[int | None] = mapped_column(ForeignKey("reply_case.id"))
    way: Mapped[str]
    outcome: Mapped[str]
    result_code: Mapped[str]
    result_text: Mapped[str]
    sha256: Mapped[str | None]
    asked_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[Instant]
    dealt_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    dealt_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]

    payment: Mapped[Payment] = relationship()
    reply_case: Mapped[ReplyCase | None] = relationship()
