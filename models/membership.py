"""Units, their members, and who is covered from when to when."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Audited, Base, Digest, Instant, Key, Sealed

if TYPE_CHECKING:
    from models.decisions import Entitlement, LimitCounter


LEFT_BY_DEATH = "died"
"""Why a member left, in the event of his leaving, where he has died."""


class Unit(Audited, Base):
    """A grass-roots union (工会). `city` is where its members have their medical insurance, empty
    before the first one is confirmed; `city_asked` is one that `city_asked_by` asked for, until a
    second person confirms it.

    `headcount` is the eligible staff in service, the base of the participation rate (R24).
    """

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("headcount > 0", name="headcount_positive"),
        CheckConstraint(
            "(city_asked IS NULL) = (city_asked_by IS NULL)", name="city_asked_by_somebody"
        ),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str | None] = mapped_column(unique=True)
    city: Mapped[str]
    city_asked: Mapped[str | None]
    # Users belong to units: without `use_alter` the two tables could not be put in order.
    city_asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", use_alter=True))
    has_union: Mapped[bool] = mapped_column(default=True)
    headcount: Mapped[int | None]
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    contact_email: Mapped[str | None]


class Member(Audited, Base):
    """A covered worker (会员). ID, card and phone are sealed; `ref` names the row in the seal.

    `rights` are the live ones: what has been granted and not been given back. `left_on` is the
    day the worker retired or left the unit; cover goes on to its end (R23). Since `erased_at` the
    row says of nobody who he was.
    """

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("sex IN ('F', 'M')", name="sex"),
        Index("ix_member_name_begins", "name", postgresql_ops={"name": "text_pattern_ops"}),
    )

    id: Mapped[Key]
    ref: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str]
    id_number: Mapped[Sealed]
    id_print: Mapped[Digest] = mapped_column(unique=True)
    birth_date: Mapped[date]
    sex: Mapped[str]
    card: Mapped[bytes | None]
    card_print: Mapped[bytes | None] = mapped_column(index=True)
    card_changed_at: Mapped[datetime | None]
    bank_name: Mapped[str | None]
    phone: Mapped[bytes | None]
    phone_print: Mapped[bytes | None] = mapped_column(index=True)
    left_on: Mapped[date | None]
    erased_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    coverages: Mapped[list["Coverage"]] = relationship(order_by="Coverage.starts_on", viewonly=True)
    rights: Mapped[list["Entitlement"]] = relationship(
        primaryjoin="and_(Member.id == Entitlement.member_id, Entitlement.released_at.is_(None))",
        order_by="Entitlement.id",
        back_populates="member",
    )
    counters: Mapped[list["LimitCounter"]] = relationship(order_by="LimitCounter.id")


class MemberCard(Base):
    """A card that was named for a member in the place of the one on the register (收款卡).

    It counts once `confirmed_by`, another person than `asked_by`, has confirmed it, until it is
    dropped. `asked_by` is None where papers named it. `claim_id` is the claim that is paid to it,
    None where it is for the register. `name_print` and `card_print` are the fingerprints of the
    payee, `replaced_print` that of the card on the register at the time, None where there was none.
    """

    __tablename__ = "member_card"
    __table_args__ = (
        CheckConstraint("confirmed_by <> asked_by", name="confirmer_did_not_ask"),
        CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_and_at_together"
        ),
        CheckConstraint(
            "claim_id IS NULL OR confirmed_at IS NOT NULL", name="of_a_claim_when_confirmed"
        ),
        Index("ix_member_card_member_id", "member_id"),
        Index(
            "uq_member_card_one_waits",
            "member_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NULL AND dropped_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    ref: Mapped[UUID] = mapped_column(default=uuid4)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    # Claims belong to members: without `use_alter` the two tables could not be put in order.
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id", use_alter=True))
    name_print: Mapped[Digest]
    card: Mapped[Sealed]
    card_print: Mapped[Digest]
    bank_name: Mapped[str | None]
    replaced_print: Mapped[bytes | None]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]


class DeathSource(StrEnum):
    """What first told that a member has died."""

    UNIT = "unit"
    CERTIFICATE = "certificate"
    EVENT = "event"


class KnownDeath(Base):
    """That a member is known to have died; it stands until two people have taken it back.

    `told_by` is the person who told it, None where it was read from papers; `claim_id` is the claim
    that showed it, None where the unit told it. `paid_before` are the payments to the member's own
    card that had left when his death became known, `paid_until` those that had left when it was
    taken back: the same, since none may leave between.
    """

    __tablename__ = "known_death"
    __table_args__ = (
        CheckConstraint(
            "(doubted_by IS NULL) = (doubted_at IS NULL)"
            " AND (doubted_by IS NULL) = (reason IS NULL)",
            name="doubted_together",
        ),
        CheckConstraint(
            "(taken_back_by IS NULL) = (taken_back_at IS NULL)"
            " AND (taken_back_by IS NULL) = (paid_until IS NULL)"
            " AND (taken_back_by IS NULL OR doubted_by IS NOT NULL)",
            name="taken_back_together",
        ),
        CheckConstraint("taken_back_by <> doubted_by", name="taken_back_by_another"),
        CheckConstraint("taken_back_by <> told_by", name="taken_back_by_no_author"),
        Index(
            "uq_known_death_one_in_force",
            "member_id",
            unique=True,
            postgresql_where=text("taken_back_at IS NULL"),
        ),
        Index("ix_known_death_member_id", "member_id"),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    known_at: Mapped[Instant]
    source: Mapped[str]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    told_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    paid_before: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    doubted_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    doubted_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    taken_back_at: Mapped[datetime | None]
    paid_until: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))


class CoverYear(Base):
    """A unit's enrolment (参保) under one plan for one period, both dates inclusive.

    `city` is that of the unit's medical insurance when cover began: it stays what it is when the
    register of units changes (R32). `city_asked` is another one that `city_asked_by` asked for with
    `city_reason`; a second person confirms it.
    """

    __tablename__ = "cover_year"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint(
            "(city_asked IS NULL) = (city_reason IS NULL) "
            "AND (city_asked IS NULL) = (city_asked_by IS NULL)",
            name="city_asked_with_a_reason",
        ),
        UniqueConstraint("unit_id", "plan", "starts_on"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    plan: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    city: Mapped[str]
    city_asked: Mapped[str | None]
    city_reason: Mapped[str | None]
    city_asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    unit: Mapped[Unit] = relationship()


class Coverage(Base):
    """One member under one plan from start to end, both dates inclusive.

    Never two at once of one family: editions of the same plan follow each other. `handed_in_on` is
    the day its roster came, or the day on which a late receipt for it was entered if that is later;
    None where cover was taken over from a former system (R31).
    `declined_on` is the day on which an accepted roster said that the member does not renew.
    """

    __tablename__ = "coverage"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint("shares > 0", name="shares_positive"),
        # The family is hashed and the id made a range, since the server has no btree_gist.
        ExcludeConstraint(
            (text("int8range(member_id, member_id, '[]')"), "&&"),
            (text("int8range(hashtext(family)::bigint, hashtext(family)::bigint, '[]')"), "&&"),
            (text("daterange(starts_on, ends_on, '[]')"), "&&"),
            name="ex_coverage_one_at_a_time",
            using="gist",
        ),
        Index("ix_coverage_member_id_starts_on", "member_id", "starts_on"),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    cover_year_id: Mapped[int] = mapped_column(ForeignKey("cover_year.id"), index=True)
    plan: Mapped[str]
    family: Mapped[str]
    shares: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    handed_in_on: Mapped[date | None]
    declined_on: Mapped[date | None]

    cover_year: Mapped[CoverYear] = relationship()
