"""Payments: batches, their payments, the files made for the bank, and its replies."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant, Key, Money, Sealed, Worked
from models.claims import Claim
from models.decisions import Entitlement
from models.heirs import Heir
from models.states import TRANSFER_STATES

_TRANSFERS = ", ".join(f"'{state}'" for state in TRANSFER_STATES)


class Batch(Worked, Base):
    """A frozen set of payments (批次) with its count, sum and digest. Before the release two people
    may take a payment out, which makes another `edition`, counted from 1.

    The account that pays is a copy, so that another one later makes no old file impossible;
    `paying_account_id` is where it was copied from, None of batches from before accounts were kept.
    `format` is that of its one file for the bank, chosen when it is frozen. One that was released
    is discarded by two people: `bank_word` is what the bank said, `bank_paper` the hash of its
    paper (None of batches from before it was asked for), `not_taken` the references that it did not
    take. What is asked waits while `agreed_by` is None. Since `erased_at` the files of
    the batch are gone.
    """

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint("released_by <> frozen_by", name="releaser_is_not_freezer"),
        CheckConstraint("count > 0 AND sum > 0", name="not_empty"),
        CheckConstraint(
            "CASE state WHEN 'frozen' THEN released_by IS NULL"
            " WHEN 'released' THEN released_by IS NOT NULL ELSE true END",
            name="released_by_somebody",
        ),
        CheckConstraint("agreed_by <> asked_by", name="discarded_by_two"),
        CheckConstraint(
            "(asked_by IS NULL) = (bank_word IS NULL)"
            " AND (agreed_by IS NULL OR asked_by IS NOT NULL)",
            name="discarded_upon_the_banks_word",
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    execute_on: Mapped[date]
    count: Mapped[int]
    sum: Mapped[Money]
    digest: Mapped[str]
    edition: Mapped[int] = mapped_column(default=1)
    format: Mapped[str]
    paying_account_id: Mapped[int | None] = mapped_column(ForeignKey("paying_account.id"))
    payer_name: Mapped[str]
    payer_account: Mapped[str]
    payer_bank: Mapped[str]
    payer_cnaps: Mapped[str | None]
    frozen_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    frozen_at: Mapped[Instant]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    released_at: Mapped[datetime | None]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    bank_word: Mapped[str | None]
    bank_paper: Mapped[str | None]
    not_taken: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    erased_at: Mapped[datetime | None]

    payments: Mapped[list["Payment"]] = relationship(order_by="Payment.id", back_populates="batch")


class Payment(Worked, Base):
    """One transfer for one entitlement. The payee is a sealed snapshot taken when it is queued.

    `decision_id` is the decision in force when it was queued, which it carries out.
    `heir_id` is the heir it goes to, None where the member is paid himself. `round` is 0 for what
    the right was first paid with, and counts the later top-ups (补付) from 1. A deferred trigger
    keeps the live payments of a right within its amount. One that is set off (抵扣) is no transfer:
    a receipt of a recovery says what it paid. `card_print` is the fingerprint of the payee's
    account, None where it was queued before that was kept. `result_code` and `result_text` are the
    bank's answer. `out_asked_by` asked to take it out of its batch, until a second person agrees.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(
            "(batch_id IS NOT NULL) = "
            "(state IN ('frozen', 'sent', 'unknown', 'credited', 'returned'))",
            name="in_a_batch_from_frozen_on",
        ),
        CheckConstraint("round >= 0", name="round_from_nought"),
        CheckConstraint(
            "(out_asked_by IS NULL) = (out_reason IS NULL)"
            " AND (out_asked_by IS NULL OR state = 'frozen')",
            name="taken_out_of_a_frozen_batch",
        ),
        Index("ix_payment_out_asked", "id", postgresql_where=text("out_asked_by IS NOT NULL")),
        Index(
            "uq_payment_one_live",
            "entitlement_id",
            text("coalesce(heir_id, 0)"),
            "round",
            unique=True,
            postgresql_where=text(f"state IN ({_TRANSFERS})"),
        ),
        Index(
            "ix_payment_queued",
            "id",
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_payment_sent", "id", postgresql_where=text("state = 'sent'")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlement.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    heir_id: Mapped[int | None] = mapped_column(ForeignKey("heir.id"), index=True)
    round: Mapped[int] = mapped_column(default=0)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    amount: Mapped[Money]
    payee: Mapped[Sealed]
    card_print: Mapped[bytes | None]
    queued_at: Mapped[Instant]
    out_asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    out_reason: Mapped[str | None]
    result_code: Mapped[str | None]
    result_text: Mapped[str | None]
    result_at: Mapped[datetime | None]

    heir: Mapped[Heir | None] = relationship()
    batch: Mapped[Batch | None] = relationship(back_populates="payments")
    claim: Mapped[Claim] = relationship(back_populates="payments")
    entitlement: Mapped[Entitlement] = relationship()


class PaymentFile(Base):
    """The file made for a released batch; its hash is kept, so that a different one is refused.

    `made_by` is None of files made before each file was an event.
    """

    __tablename__ = "payment_file"
    __table_args__ = (CheckConstraint("made_by IS NOT NULL", name="made_by_somebody"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    format: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    sha256: Mapped[str]
    made_at: Mapped[Instant]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class ReplyFile(Base):
    """A bank reply (回盘文件); the same content is taken in only once for a batch.

    `doubted` are the references of payments of which the bank said the contrary before: they stay
    as they are until the bank has been asked, each with a `LateReturn`. `others` are the numbers of
    the other batches that it speaks of, for which it is loaded again.
    """

    __tablename__ = "reply_file"
    __table_args__ = (UniqueConstraint("sha256", "batch_id"),)

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    sha256: Mapped[str]
    loaded_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    loaded_at: Mapped[Instant]
    credited: Mapped[int]
    returned: Mapped[int]
    unknown: Mapped[int]
    doubted: Mapped[str | None]
    others: Mapped[str | None]


class LateReturn(Base):
    """A payment that the bank calls returned (迟到退票) after it called it credited, or credited
    after it called it returned.

    `result_code` and `result_text` are its second word, `noted_by` and `noted_at` who brought it
    and when; the first one stays with the payment. `place` is the line of the file of
    `reply_file_id`, both None where the second word came by letter or at the counter. It waits
    until a supervisor has asked the bank and says what was done, and whether the money
    `came_back`.
    """

    __tablename__ = "late_return"
    __table_args__ = (
        CheckConstraint(
            "(dealt_by IS NULL) = (dealt_at IS NULL) AND (dealt_by IS NULL) = (outcome IS NULL)"
            " AND (dealt_by IS NULL) = (came_back IS NULL)",
            name="dealt_with_by_at_and_how_together",
        ),
        Index(
            "uq_late_return_one_waiting",
            "payment_id",
            unique=True,
            postgresql_where=text("dealt_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    reply_file_id: Mapped[int | None] = mapped_column(ForeignKey("reply_file.id"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    noted_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    noted_at: Mapped[Instant]
    result_code: Mapped[str | None]
    result_text: Mapped[str | None]
    place: Mapped[str | None]
    came_back: Mapped[bool | None]
    outcome: Mapped[str | None]
    dealt_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    dealt_at: Mapped[datetime | None]

    payment: Mapped[Payment] = relationship()
