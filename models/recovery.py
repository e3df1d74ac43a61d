"""Money that was paid and is asked back (追回)."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant, Key, Money, Worked
from models.claims import Claim
from models.decisions import Entitlement


class Recovery(Worked, Base):
    """What is asked back of one right; `received` is the sum of its receipts.

    One that is called off was asked back no longer before any of it came in. Of one that is
    written off, the fund bears what was not received.
    """

    __tablename__ = "recovery"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("received BETWEEN 0 AND amount", name="not_more_than_is_asked"),
        CheckConstraint("(state = 'settled') = (received = amount)", name="settled_when_received"),
        CheckConstraint("state <> 'called_off' OR received = 0", name="called_off_before_receipts"),
        CheckConstraint("confirmed_by <> proposed_by", name="written_off_by_two"),
        CheckConstraint(
            "(state = 'written_off') = (confirmed_by IS NOT NULL)", name="written_off_is_confirmed"
        ),
        CheckConstraint(
            "(proposed_by IS NULL) = (write_off_reason IS NULL)"
            " AND (confirmed_by IS NULL OR proposed_by IS NOT NULL)",
            name="write_off_is_proposed_with_a_reason",
        ),
        Index("ix_recovery_claim_id", "claim_id"),
        Index("ix_recovery_entitlement_id", "entitlement_id"),
        Index("ix_recovery_state", "state"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlement.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    amount: Mapped[Money]
    received: Mapped[Money] = mapped_column(default=0)
    due_on: Mapped[date]
    write_off_reason: Mapped[str | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    claim: Mapped[Claim] = relationship()
    entitlement: Mapped[Entitlement] = relationship()
    receipts: Mapped[list["RecoveryReceipt"]] = relationship(order_by="RecoveryReceipt.id")


class RecoveryReceipt(Base):
    """One sum that came back: the day, and the bank's reference."""

    __tablename__ = "recovery_receipt"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        UniqueConstraint("bank_reference"),
    )

    id: Mapped[Key]
    recovery_id: Mapped[int] = mapped_column(ForeignKey("recovery.id"))
    received_on: Mapped[date]
    amount: Mapped[Money]
    bank_reference: Mapped[str]
    booked_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    booked_at: Mapped[Instant]
