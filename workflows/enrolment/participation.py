"""Participation (参保率): how many of a unit's eligible staff a roster brings under cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import distinct, func, or_, select, union
from sqlalchemy.orm import Session

from language import _
from models import Coverage, CoverYear, Enrolment, EnrolmentLine, Member
from models.states import ENROLLED_NOT_COVERED, EnrolmentState
from rules import plans
from rules.enrolment import last_day, must_enrol
from rules.plans import Plan
from workflows.engine.office import BEIJING


@dataclass(frozen=True)
class Participation:
    """Article 2, R24. `covered` counts the unit's members who have cover or a line already."""

    eligible: int
    needed: int
    covered: int
    joining: int

    @property
    def reached(self) -> int:
        return self.covered + self.joining

    @property
    def short(self) -> int:
        return max(self.needed - self.reached, 0)

    @property
    def over(self) -> int:
        """How many more than the unit's staff in service: the headcount or the roster is wrong."""
        return max(self.reached - self.eligible, 0)

    @property
    def over_in_words(self) -> str:
        sentence = _("参保 %(n)s 人，多于单位登记的在职 %(m)s 人；请先核对在职人数和名册")
        return sentence % {"n": self.reached, "m": self.eligible}


def expected_start(enrolment: Enrolment) -> date:
    """The likely first day of cover; the rows are checked for this day.

    It is the unit's common first day, which may lie in the past because the fee may arrive before
    the list. Without one it is the day after the roster arrived. Ages are checked again when cover
    begins.
    """
    if enrolment.asked_start is not None:
        return enrolment.asked_start
    return enrolment.handed_in_at.astimezone(BEIJING).date() + timedelta(days=1)


def participation(
    session: Session, enrolment: Enrolment, plan: Plan, joining: int, beside: int
) -> Participation:
    """How many of the eligible workers would be enrolled, and how many must be.

    `beside` counts the people on parts of the same roster that are `waiting_beside`.
    """
    start = expected_start(enrolment)
    covered = (
        select(Coverage.member_id)
        .join(CoverYear)
        .join(Member)
        .where(
            CoverYear.unit_id == enrolment.unit_id,
            Coverage.family == plan.family,
            Coverage.starts_on <= start,
            Coverage.ends_on >= start,
            or_(Member.left_on.is_(None), Member.left_on > start),
        )
    )
    on_the_way = select(EnrolmentLine.member_id).where(
        EnrolmentLine.enrolment_id.in_(
            _on_the_way(session, enrolment, plans.codes_of(plan.family), start)
        ),
        EnrolmentLine.struck_at.is_(None),
    )
    both = union(covered, on_the_way).subquery()
    count = session.scalar(select(func.count(distinct(both.c.member_id)))) or 0
    eligible = eligible_now(enrolment)
    return Participation(eligible, must_enrol(plan, eligible), count + beside, joining)


def waiting_beside(session: Session, enrolment: Enrolment) -> list[Enrolment]:
    """Other parts of the same roster that have no lines so far and would cover its first day."""
    if enrolment.sheet_rows is None:
        return []
    others = session.scalars(
        select(Enrolment).where(
            Enrolment.id != enrolment.id,
            Enrolment.unit_id == enrolment.unit_id,
            Enrolment.plan == enrolment.plan,
            Enrolment.sha256 == enrolment.sha256,
            Enrolment.handed_in_at == enrolment.handed_in_at,
            Enrolment.state.in_(
                (EnrolmentState.CHECKED, EnrolmentState.SHORT, EnrolmentState.ACCEPTED)
            ),
        )
    )
    start = expected_start(enrolment)
    return [each for each in others if _would_include(each, start)]


def eligible_now(enrolment: Enrolment) -> int:
    """The base of the rate (R24): until the roster is accepted, as the register has it now."""
    if enrolment.state == EnrolmentState.CHECKED:
        return enrolment.unit.headcount or enrolment.eligible
    return enrolment.eligible


def _on_the_way(
    session: Session, enrolment: Enrolment, codes: Sequence[str], start: date
) -> list[int]:
    """The ids of the unit's other rosters whose cover, once paid, would include this day."""
    others = session.scalars(
        select(Enrolment).where(
            Enrolment.unit_id == enrolment.unit_id,
            Enrolment.id != enrolment.id,
            Enrolment.plan.in_(codes),
            Enrolment.state.in_(ENROLLED_NOT_COVERED),
        )
    )
    return [other.id for other in others if _would_include(other, start)]


def _would_include(enrolment: Enrolment, day: date) -> bool:
    first = expected_start(enrolment)
    return first <= day <= last_day(plans.load(enrolment.plan), first)
