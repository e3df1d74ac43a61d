"""What leads to cover: a unit's roster, its lines, and the fees paid for it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Digest, Instant, Key, Money, Sealed, Worked
from models.membership import CoverYear, Member, Unit


class Enrolment(Worked, Base):
    """One roster (名册) a unit handed in under one plan, on its way to cover.

    `rows` counts the rows of the stored file that it takes, `rows_done` those that became lines or
    were left out. `sheet_rows` are the numbers of these rows in the sheet, where the file's rows of
    this plan begin on different days; None: it takes all of them. `eligible` is the unit's
    headcount when the roster was accepted. `member_part` is what a member pays of one share, by the
    unit's own rule. `fee_due` is the unit's and its members' part of all fees, `subsidy_due` that
    of the provincial-organs union (article 5). `asked_start` is the unit's common first day, if it
    wants one later than the day after the fee (R26), or the day after the running cover that a
    renewal follows on. `not_before` is the first day that a supervisor allowed where cover would
    have been backdated (R31). `consented_on` and `consent_text` are the day and the version of the
    text of the members' consent, for the rows that do not say their own. `accepted_by` accepted the
    roster at `accepted_at`; None before. `cover_year` is set when cover begins. Since `erased_at`
    the file is gone.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("kind IN ('first', 'renewal', 'addition')", name="kind"),
        CheckConstraint("rows > 0 AND rows_done BETWEEN 0 AND rows", name="rows_done_within_rows"),
        CheckConstraint(
            "fee_due >= 0 AND subsidy_due >= 0 AND member_part >= 0", name="not_negative"
        ),
        CheckConstraint(
            "(state = 'covered') = (cover_year_id IS NOT NULL)", name="covered_for_a_year"
        ),
        CheckConstraint(
            "(accepted_by IS NULL) = (accepted_at IS NULL)", name="accepted_by_a_person"
        ),
        Index("ix_enrolment_state", "state"),
        Index(
            "ix_enrolment_parked_at", "parked_at", postgresql_where=text("parked_at IS NOT NULL")
        ),
        # The same file under the same plan from the same day is one enrolment, however often it is
        # sent, until its members are covered: a year later the unit may hand in the list again.
        Index(
            "uq_enrolment_one_of_a_file",
            "unit_id",
            "plan",
            "sha256",
            "asked_start",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("state NOT IN ('covered', 'withdrawn')"),
        ),
        Index("ix_enrolment_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_enrolment_unit_id_id", "unit_id", "id"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    plan: Mapped[str]
    kind: Mapped[str]
    asked_start: Mapped[date | None]
    sha256: Mapped[str]
    rows: Mapped[int]
    sheet_rows: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    rows_done: Mapped[int] = mapped_column(default=0)
    eligible: Mapped[int]
    member_part: Mapped[Money] = mapped_column(default=0)
    fee_due: Mapped[Money] = mapped_column(default=0)
    subsidy_due: Mapped[Money] = mapped_column(default=0)
    handed_in_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    handed_in_at: Mapped[Instant]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    accepted_at: Mapped[datetime | None]
    not_before: Mapped[date | None]
    consented_on: Mapped[date | None]
    consent_text: Mapped[str | None]
    cover_year_id: Mapped[int | None] = mapped_column(ForeignKey("cover_year.id"))
    erased_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    cover_year: Mapped[CoverYear | None] = relationship()
    lines: Mapped[list["EnrolmentLine"]] = relationship(order_by="EnrolmentLine.row")
    receipts: Mapped[list["FeeReceipt"]] = relationship(order_by="FeeReceipt.id")


class EnrolmentLine(Base):
    """One member on one roster and what is owed for him; `row` is the sheet's own number.

    `struck_at` is when the line was taken off before cover began; None: it was not. `consented_on`
    is the day of the member's consent, `consent_text` the version of the text he consented to.
    """

    __tablename__ = "enrolment_line"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "row"),
        CheckConstraint("shares > 0", name="shares_positive"),
        CheckConstraint("fee >= 0 AND subsidy BETWEEN 0 AND fee", name="subsidy_within_fee"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    row: Mapped[int]
    shares: Mapped[int]
    fee: Mapped[Money]
    subsidy: Mapped[Money]
    consented_on: Mapped[date | None]
    consent_text: Mapped[str | None]
    struck_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()


class RosterChange(Base):
    """What a roster says of a known member otherwise than the register (名册变更).

    Nothing of it counts before cover begins. `from_unit_id` is the unit that he leaves, as
    `moved_by` confirmed for the office; None: he stays. `comes_back` cancels a noted leaving. A
    first card and another phone are taken over when cover begins. Another card waits until a person
    of the office decides: `card_decided_by` is None and `card_decided_at` set for a first card,
    `card_refused` is the reason of a refusal.
    """

    __tablename__ = "roster_change"
    __table_args__ = (
        CheckConstraint(
            "(from_unit_id IS NULL) = (moved_by IS NULL) "
            "AND (moved_by IS NULL) = (moved_at IS NULL)",
            name="moved_by_a_person",
        ),
        CheckConstraint("(card IS NULL) = (card_print IS NULL)", name="card_with_its_print"),
        CheckConstraint(
            "card_decided_at IS NULL OR card IS NOT NULL", name="only_a_card_is_decided"
        ),
        CheckConstraint(
            "card_refused IS NULL OR card_decided_by IS NOT NULL", name="refused_by_a_person"
        ),
        Index(
            "ix_roster_change_card_waits",
            "enrolment_id",
            postgresql_where=text("card IS NOT NULL AND card_decided_at IS NULL"),
        ),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    from_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    moved_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    moved_at: Mapped[datetime | None]
    comes_back: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[bytes | None]
    card: Mapped[bytes | None]
    card_print: Mapped[bytes | None]
    bank_name: Mapped[str | None]
    card_decided_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    card_decided_at: Mapped[datetime | None]
    card_refused: Mapped[str | None]

    member: Mapped[Member] = relationship()


class IdCopy(Base):
    """A file with copies of ID cards that came with a roster (身份证复印件).

    `cards` is what was read on its pages, sealed; None until they are read.
    """

    __tablename__ = "id_copy"
    __table_args__ = (CheckConstraint("page_count > 0", name="has_pages"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    page_count: Mapped[int]
    cards: Mapped[Sealed | None]
    handed_in_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    handed_in_at: Mapped[Instant]


class IdCopyAnswer(Base):
    """Why a row may be enrolled although its copy differs; by the office.

    `compared` is the fingerprint of the row's name and number and those on the copy: the answer
    counts for exactly these, at any place of the roster.
    """

    __tablename__ = "id_copy_answer"
    __table_args__ = (
        CheckConstraint("difference IN ('name_differs', 'number_differs')", name="difference"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    compared: Mapped[Digest] = mapped_column(primary_key=True)
    difference: Mapped[str]
    reason: Mapped[str]
    answered_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[Instant]


class FeeReceipt(Base):
    """Money in or out for an enrolment (会费收据); never edited, a wrong entry is reversed.

    `payer` is who paid or gets the refund. `amount` is negative in a refund; a reversal has the
    opposite sign of its entry.
    """

    __tablename__ = "fee_receipt"
    __table_args__ = (
        CheckConstraint("payer IN ('unit', 'subsidy')", name="payer"),
        CheckConstraint("kind IN ('receipt', 'refund', 'reversal')", name="kind"),
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint("kind <> 'receipt' OR amount > 0", name="receipt_positive"),
        CheckConstraint("kind <> 'refund' OR amount < 0", name="refund_negative"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reverses"),
    )

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    payer: Mapped[str]
    kind: Mapped[str]
    amount: Mapped[Money]
    moved_on: Mapped[date]
    noted_by: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    noted_at: Mapped[Instant]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("fee_receipt.id"), unique=True)
