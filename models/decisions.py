"""What is owed and who agreed: decisions, entitlements, limits, approvals."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Digest, Instant, Key, Money, Sealed
from models.membership import Member

if TYPE_CHECKING:
    from models.claims import Claim


class Decision(Base):
    """One adjudication (核定) of a claim; never edited, only superseded by the next one.

    It refers if a part refers, else pays if a part pays, else denies; `amount` is the sum.
    `proposed_by` is the supervisor who proposed a denial; None where the rules decided.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("claim_id", "number"),
        CheckConstraint("outcome IN ('pay', 'deny', 'refer')", name="outcome"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("(outcome = 'pay') = (amount > 0)", name="only_pay_has_an_amount"),
        CheckConstraint("proposed_by IS NULL OR outcome = 'deny'", name="people_propose_denials"),
        Index(
            "uq_decision_one_in_force",
            "claim_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    number: Mapped[int]
    outcome: Mapped[str]
    amount: Mapped[Money]
    made_at: Mapped[Instant]
    superseded_at: Mapped[datetime | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    parts: Mapped[list["DecisionPart"]] = relationship(order_by="DecisionPart.number")
    lines: Mapped[list["DecisionLine"]] = relationship(
        primaryjoin="Decision.id == foreign(DecisionLine.decision_id)",
        order_by="(DecisionLine.part, DecisionLine.number)",
        viewonly=True,
    )
    reasons: Mapped[list["DecisionReason"]] = relationship(
        primaryjoin="Decision.id == foreign(DecisionReason.decision_id)",
        order_by="(DecisionReason.part, DecisionReason.number)",
        viewonly=True,
    )


class DecisionPart(Base):
    """One event of the claim under one plan: what it comes to, and the facts it was judged by.

    `event` is the event's place in the claim, from 0; `facts` are sealed, but for whether they are
    `of_death`. The period is that of the cover on the day of the event, both days inclusive; None
    where there was no cover.
    """

    __tablename__ = "decision_part"
    __table_args__ = (
        UniqueConstraint("decision_id", "event", "plan"),
        CheckConstraint("outcome IN ('pay', 'deny', 'refer')", name="outcome"),
        CheckConstraint("(outcome = 'pay') = (amount > 0)", name="only_pay_has_an_amount"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("event >= 0", name="event_from_nought"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[int]
    plan: Mapped[str]
    outcome: Mapped[str]
    amount: Mapped[Money]
    facts: Mapped[Sealed]
    of_death: Mapped[bool] = mapped_column(default=False)
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]

    lines: Mapped[list["DecisionLine"]] = relationship(order_by="DecisionLine.number")
    reasons: Mapped[list["DecisionReason"]] = relationship(order_by="DecisionReason.number")


def _of_a_part() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["decision_id", "part"], ["decision_part.decision_id", "decision_part.number"]
    )


class DecisionLine(Base):
    """One step of the sum in a sentence, with the article behind it."""

    __tablename__ = "decision_line"
    __table_args__ = (_of_a_part(),)

    decision_id: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    benefit: Mapped[str]
    article: Mapped[str]
    text: Mapped[Sealed]
    amount: Mapped[Money]


class DecisionReason(Base):
    """Why something was cut, raised, denied or referred. `kind` is deny, refer or note."""

    __tablename__ = "decision_reason"
    __table_args__ = (_of_a_part(),)

    decision_id: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    code: Mapped[str]
    article: Mapped[str]
    text: Mapped[Sealed]


class Entitlement(Base):
    """A right to money: one part of a decision that pays.

    Its key is member, plan, benefit and event, never the claim number. `event_print` is the
    fingerprint of the event, with a number behind it where a person told it apart from its twin.
    `past` is what later claims of the member must know of it, sealed.
    """

    __tablename__ = "entitlement"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(
            "uq_entitlement_one_live_right",
            "member_id",
            "plan",
            "event_print",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
        ),
        UniqueConstraint("decision_id", "part"),
        _of_a_part(),
        Index(
            "ix_entitlement_live_of_a_claim",
            "claim_id",
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    plan: Mapped[str]
    benefit: Mapped[str]
    event_print: Mapped[Digest]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    decision_id: Mapped[int]
    part: Mapped[int]
    amount: Mapped[Money]
    past: Mapped[Sealed]
    released_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(back_populates="rights")
    claim: Mapped["Claim"] = relationship()
    granted_by: Mapped[DecisionPart] = relationship()


class LimitCounter(Base):
    """What a member has used of a limit in one period: times, days and fen.

    `about` is the day that names the accident whose limit it is (R30); empty for all else, and for
    accidents that were decided before each had a limit.
    """

    __tablename__ = "limit_counter"
    __table_args__ = (
        UniqueConstraint("member_id", "plan", "period_start", "benefit", "about"),
        CheckConstraint("times >= 0 AND days >= 0 AND amount >= 0", name="not_negative"),
        CheckConstraint("times_limit IS NULL OR times <= times_limit", name="times_within_limit"),
        CheckConstraint(
            "amount_limit IS NULL OR amount <= amount_limit", name="amount_within_limit"
        ),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    plan: Mapped[str]
    period_start: Mapped[date]
    benefit: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    times: Mapped[int] = mapped_column(default=0)
    days: Mapped[int] = mapped_column(default=0)
    amount: Mapped[Money] = mapped_column(default=0)
    times_limit: Mapped[int | None]
    amount_limit: Mapped[int | None]


class Reservation(Base):
    """What one entitlement takes of a limit; counters are the sums of the live ones."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("times >= 0 AND days >= 0 AND amount >= 0", name="not_negative"),
        Index(
            "uq_reservation_one_live",
            "entitlement_id",
            "counter_id",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    counter_id: Mapped[int] = mapped_column(ForeignKey("limit_counter.id"), index=True)
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlement.id"))
    times: Mapped[int]
    days: Mapped[int]
    amount: Mapped[Money]
    confirmed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]

    entitlement: Mapped[Entitlement] = relationship()
    counter: Mapped[LimitCounter] = relationship()


class Approval(Base):
    """A supervisor's act (审批) on the exact list that was shown: count, sum and digest."""

    __tablename__ = "approval"

    id: Mapped[Key]
    approver_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    approved_at: Mapped[Instant]
    count: Mapped[int]
    sum: Mapped[Money]
    digest: Mapped[str]

    items: Mapped[list["ApprovalItem"]] = relationship(order_by="ApprovalItem.claim_id")


class ApprovalItem(Base):
    """One decision that a supervisor approved; a trigger refuses it when the approver had a hand in
    the claim, or approved this version of it already.

    `above` is the limit that the sum passed, 0 for none, and `asked` how many persons approve what
    does; this is the `nth` approval of the version, from 1. With the last one the claim moves. More
    than were asked for approve where one of them became a maker before the last one. `ceiling` is
    the highest sum that the approver's level could approve then, None for any.
    `looks` are the codes of what asked for a second look when it was approved; empty where it was
    clean, None where that was not kept yet.
    """

    __tablename__ = "approval_item"
    __table_args__ = (
        UniqueConstraint("claim_id", "claim_version", "nth"),
        CheckConstraint("nth >= 1 AND asked >= 1", name="counts_from_one"),
        CheckConstraint("amount <= ceiling", name="within_the_ceiling"),
    )

    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    claim_version: Mapped[int]
    amount: Mapped[Money]
    looks: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    above: Mapped[Money] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=1)
    nth: Mapped[int] = mapped_column(default=1)
    ceiling: Mapped[Money | None]


class Maker(Base):
    """A person who made something of a claim, and what: he cannot approve it while that stands.

    `about` is what he made, `lapsed_at` when something took its place; None while it stands.
    """

    __tablename__ = "maker"

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    lapsed_at: Mapped[datetime | None]
