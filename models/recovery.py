"""Money that was paid and is asked back (追回)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Instant, Key, Money, Worked
from models.claims import Claim
from models.decisions import Entitlement
from models.heirs import Heir
from models.payments import Payment
from models.states import ReceiptOf


class Recovery(Worked, Base):
    """What is asked back of one right from one payee; `received` is the sum of its receipts that
    count, `waiting` that of those which a second person has yet to confirm.

    `heir_id` is the heir who was paid and gives back, None for the member or his estate.
    One that is called off was asked back no longer before any of it came in. Of one that is
    written off, the fund bears what was not received.
    """

    __tablename__ = "recovery"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(
            "received >= 0 AND waiting >= 0 AND received + waiting <= amount",
            name="not_more_than_is_asked",
        ),
        CheckConstraint("state = 'open' OR waiting = 0", name="nothing_waits_once_it_ends"),
        CheckConstraint("(state = 'repaid') = (received = amount)", name="repaid_when_received"),
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
    heir_id: Mapped[int | None] = mapped_column(ForeignKey("heir.id"))
    amount: Mapped[Money]
    received: Mapped[Money] = mapped_column(default=0)
    waiting: Mapped[Money] = mapped_column(default=0)
    due_on: Mapped[date]
    write_off_reason: Mapped[str | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    claim: Mapped[Claim] = relationship()
    entitlement: Mapped[Entitlement] = relationship()
    heir: Mapped[Heir | None] = relationship()
    receipts: Mapped[list["RecoveryReceipt"]] = relationship(
        order_by="RecoveryReceipt.id", back_populates="recovery"
    )
    instalments: Mapped[list["RecoveryInstalment"]] = relationship(
        primaryjoin="and_(Recovery.id == RecoveryInstalment.recovery_id,"
        " RecoveryInstalment.replaced_at.is_(None))",
        order_by="RecoveryInstalment.due_on",
        viewonly=True,
    )

    @hybrid_property
    def outstanding(self) -> int:
        """What is still to come in while it is open, in fen, less what waits to be confirmed."""
        return self.amount - self.received - self.waiting


class RecoveryReceipt(Base):
    """One sum that came back: by transfer with the bank's reference, or set off (抵扣) against
    `payment` of a later claim by a supervisor with a reason.

    A transfer counts once another person has confirmed it; until then it may be undone. A set-off
    counts at once. Transfers that were booked before there was a second person have no
    `confirmed_by`.
    """

    __tablename__ = "recovery_receipt"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("kind IN ('transfer', 'set_off')", name="kind"),
        CheckConstraint(
            "(kind = 'transfer') = (bank_reference IS NOT NULL)", name="transfer_has_a_reference"
        ),
        CheckConstraint(
            "(kind = 'set_off') = (payment_id IS NOT NULL)"
            " AND (payment_id IS NULL) = (reason IS NULL)",
            name="set_off_has_a_payment_and_a_reason",
        ),
        CheckConstraint(
            "(undone_by IS NULL) = (undone_at IS NULL)"
            " AND (undone_at IS NULL OR confirmed_at IS NULL)",
            name="undone_by_somebody_unless_confirmed",
        ),
        CheckConstraint("confirmed_by <> booked_by", name="confirmed_by_another"),
        CheckConstraint(
            "((confirmed_by IS NULL) = (confirmed_at IS NULL) OR confirmed_at = booked_at)"
            " AND (confirmed_at IS NULL OR kind = 'transfer')",
            name="transfer_is_confirmed_by_somebody",
        ),
        Index(
            "uq_recovery_receipt_bank_reference",
            "bank_reference",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index(
            "uq_recovery_receipt_one_live_set_off",
            "payment_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    recovery_id: Mapped[int] = mapped_column(ForeignKey("recovery.id"))
    kind: Mapped[str] = mapped_column(default=ReceiptOf.TRANSFER.value)
    received_on: Mapped[date]
    amount: Mapped[Money]
    bank_reference: Mapped[str | None]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    reason: Mapped[str | None]
    booked_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    booked_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    undone_at: Mapped[datetime | None]

    recovery: Mapped[Recovery] = relationship(back_populates="receipts")
    payment: Mapped[Payment | None] = relationship()


class RecoveryInstalment(Base):
    """A day by which a part of what is asked back was agreed to come in; all of one plan together
    were what was open when it was agreed. A later plan replaces it."""

    __tablename__ = "recovery_instalment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(
            "uq_recovery_instalment_one_a_day",
            "recovery_id",
            "due_on",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    recovery_id: Mapped[int] = mapped_column(ForeignKey("recovery.id"))
    due_on: Mapped[date]
    amount: Mapped[Money]
    agreed_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    agreed_at: Mapped[Instant]
    replaced_at: Mapped[datetime | None]
