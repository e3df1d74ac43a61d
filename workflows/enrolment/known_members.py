"""Finds which people of a roster are members already, and why some cannot be enrolled.

Each question is one query for the whole roster, not one for each row.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NamedTuple, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.rosters.check import RosterCode
from documents.rosters.roster_file import RosterRow
from language import _
from models import Coverage, Enrolment, EnrolmentLine, Member, RosterChange
from models.states import ENROLLED_NOT_COVERED, EnrolmentState
from rules import plans
from rules.enrolment import last_day
from rules.plans import Plan
from workflows.engine.rows import any_of
from workflows.known_deaths import known_dead


class WhyNotEnrolled(NamedTuple):
    """Why a row cannot be enrolled: the field it shows in, a code, a sentence."""

    field: str
    code: RosterCode
    text: str


@dataclass(frozen=True)
class KnownMember:
    """The columns of a member that a check of a roster needs; cheaper than the whole row."""

    COLUMNS: ClassVar[tuple[Any, ...]] = (
        Member.id,
        Member.id_print,
        Member.name,
        Member.birth_date,
        Member.sex,
        Member.card_print,
        Member.left_on,
        Member.unit_id,
    )

    id: int
    id_print: bytes
    name: str
    birth_date: date
    sex: str
    card_print: bytes | None
    left_on: date | None
    unit_id: int

    @classmethod
    def of(cls, member: Member) -> Self:
        """The same values, taken from a member whose whole row has been loaded."""
        return cls(*(getattr(member, column.key) for column in cls.COLUMNS))


def known_by_print(session: Session, prints: Collection[bytes]) -> dict[bytes, KnownMember]:
    """The members whose ID numbers have these fingerprints, by fingerprint."""
    rows = session.execute(select(*KnownMember.COLUMNS).where(any_of(Member.id_print, prints)))
    return {row.id_print: KnownMember(*row) for row in rows}


@dataclass(frozen=True)
class Hindrances:
    """Why known members cannot be enrolled by a roster of this unit.

    `moving` are the members of other units whose move to this one the office has confirmed.
    """

    unit_id: int
    by_member: dict[int, WhyNotEnrolled]
    moving: frozenset[int]

    def against(self, row: RosterRow, member: KnownMember) -> WhyNotEnrolled | None:
        """Why the stored data forbid the row, as the unit is told; None if they allow it.

        Of a member of another unit it is told nothing else.
        """
        why = self.beside_the_unit(row, member)
        if member.unit_id != self.unit_id and (why or member.id not in self.moving):
            sentence = _("不能在本名册参保，请联系办公室")
            return WhyNotEnrolled("id_number", RosterCode.ANOTHER_UNITS_MEMBER, sentence)
        return why

    def beside_the_unit(self, row: RosterRow, member: KnownMember) -> WhyNotEnrolled | None:
        """Why the row would be forbidden if the member were one of this unit."""
        if member.name != row.name:
            sentence = _("与这个证件号码已登记的姓名不一致")
            return WhyNotEnrolled("name", RosterCode.NAME_DIFFERS, sentence)
        return self.by_member.get(member.id)


def hindrances(
    session: Session,
    enrolment: Enrolment,
    plan: Plan,
    starts_on: date,
    member_ids: Sequence[int],
) -> Hindrances:
    """Which of the members cannot be enrolled for the period from this day, and why."""
    ends_on = last_day(plan, starts_on)
    listed = _on_other_rosters(session, enrolment, plan, member_ids)
    covered = _covered_already(session, plan, starts_on, ends_on, member_ids)
    text = _("已知此会员身故，不能参保；如系误记，须先撤销身故")
    why = WhyNotEnrolled("id_number", RosterCode.MEMBER_DIED, text)
    reasons = listed | covered | dict.fromkeys(known_dead(session, member_ids), why)
    return Hindrances(enrolment.unit_id, reasons, _moving(session, enrolment))


def _moving(session: Session, enrolment: Enrolment) -> frozenset[int]:
    """The members whose move was confirmed and who are still in the unit that they leave."""
    confirmed = select(RosterChange.member_id).filter_by(enrolment_id=enrolment.id).join(Member)
    return frozenset(session.scalars(confirmed.where(RosterChange.from_unit_id == Member.unit_id)))


def _on_other_rosters(
    session: Session, enrolment: Enrolment, plan: Plan, member_ids: Sequence[int]
) -> dict[int, WhyNotEnrolled]:
    """The members whose cover under this family of plans is on its way by another roster."""
    rows = session.execute(
        select(EnrolmentLine.member_id, Enrolment.unit_id, Enrolment.number)
        .join(Enrolment)
        .where(
            any_of(EnrolmentLine.member_id, member_ids),
            EnrolmentLine.struck_at.is_(None),
            Enrolment.id != enrolment.id,
            Enrolment.state.in_((EnrolmentState.ACCEPTED, *ENROLLED_NOT_COVERED)),
            Enrolment.plan.in_(plans.codes_of(plan.family)),
        )
    )
    return {
        row.member_id: WhyNotEnrolled(
            "id_number",
            RosterCode.DUPLICATE_IN_UNITS,
            _("已在本单位的名册 %(number)s 中") % {"number": row.number}
            if row.unit_id == enrolment.unit_id
            else _("已在另一单位的名册中"),
        )
        for row in rows
    }


def _covered_already(
    session: Session, plan: Plan, starts_on: date, ends_on: date, member_ids: Sequence[int]
) -> dict[int, WhyNotEnrolled]:
    """The members who have cover under this family of plans on a day of the period."""
    covered = session.execute(
        select(Coverage.member_id, Coverage.starts_on, Coverage.ends_on).where(
            any_of(Coverage.member_id, member_ids),
            Coverage.family == plan.family,
            Coverage.starts_on <= ends_on,
            Coverage.ends_on >= starts_on,
        )
    )
    return {
        row.member_id: WhyNotEnrolled(
            "id_number",
            RosterCode.ALREADY_COVERED,
            _("%(start)s 至 %(end)s 已参保") % {"start": row.starts_on, "end": row.ends_on},
        )
        for row in covered
    }
