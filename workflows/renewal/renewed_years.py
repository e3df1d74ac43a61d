"""Tells which members of a cover year have not renewed; a year without any is not reminded of."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Interval,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from models import Coverage, CoverYear, Enrolment, EnrolmentLine, Member
from models.states import ENROLLED_NOT_COVERED, EnrolmentKind, EnrolmentState
from rules import plans
from rules.renewal import next_edition
from workflows.engine.office import BEIJING


def renewed(session: Session, years: Sequence[CoverYear]) -> set[int]:
    """The ids of those cover years of which no member is left to be reminded of.

    A member who can go on is left until he has later cover or a line on a roster that waits for
    its fee. An accepted roster stands for all members until its lines are written.
    """
    left, coming = _with_members_left(session, years), _being_enrolled(session, years)
    return {
        year.id
        for year in years
        if year.id not in left
        or any(_will_follow(one, year) for one in coming[year.unit_id, plans.family_of(year.plan)])
    }


def has_gone_on(family: str) -> ColumnElement[bool]:
    """Of a Coverage joined with its CoverYear: the member has cover after it, or waits for it."""
    later = aliased(Coverage)
    began = func.timezone(BEIJING.key, cast(CoverYear.starts_on, DateTime))
    line = and_(EnrolmentLine.member_id == Coverage.member_id, EnrolmentLine.struck_at.is_(None))
    roster = and_(
        Enrolment.id == EnrolmentLine.enrolment_id,
        Enrolment.plan.in_(plans.codes_of(family)),
        Enrolment.state.in_(ENROLLED_NOT_COVERED),
        Enrolment.handed_in_at >= began,
        or_(Enrolment.asked_start.is_(None), Enrolment.asked_start > CoverYear.ends_on),
    )
    return or_(
        exists().where(
            later.member_id == Coverage.member_id,
            later.family == family,
            later.starts_on > CoverYear.ends_on,
        ),
        exists().where(line, roster),
    )


def _with_members_left(session: Session, years: Sequence[CoverYear]) -> set[int]:
    alike: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for year in years:
        alike[plans.family_of(year.plan), _age_most(year)].append(year.id)
    left: set[int] = set()
    for (family, most), ids in alike.items():
        query = (
            select(Coverage.cover_year_id)
            .join(CoverYear)
            .join(Member, Member.id == Coverage.member_id)
            .where(Coverage.cover_year_id.in_(ids), Coverage.declined_on.is_(None))
            .where(_can_go_on(most), ~has_gone_on(family))
        )
        left.update(session.scalars(query.distinct()))
    return left


def _can_go_on(age_most: int | None) -> ColumnElement[bool]:
    """Still in the unit, and not too old on the day after the end (R22)."""
    stays = and_(
        Member.unit_id == CoverYear.unit_id,
        or_(Member.left_on.is_(None), Member.left_on > CoverYear.ends_on),
    )
    if age_most is None:
        return stays
    # The day after the end, so many years earlier: who was born by then has passed the age.
    back = func.make_interval(-age_most - 1, 0, 0, 1, type_=Interval)
    return and_(stays, Member.birth_date > cast(CoverYear.ends_on + back, Date))


def _age_most(year: CoverYear) -> int | None:
    family = plans.family_of(year.plan)
    if all(plan.family != family for plan in plans.available()):
        return None
    return next_edition(family, year.ends_on).enrolment.age_most.value


def _being_enrolled(
    session: Session, years: Sequence[CoverYear]
) -> dict[tuple[int, str], list[Enrolment]]:
    found: dict[tuple[int, str], list[Enrolment]] = defaultdict(list)
    for enrolment in session.scalars(
        select(Enrolment).where(
            Enrolment.unit_id.in_({year.unit_id for year in years}),
            Enrolment.kind != EnrolmentKind.ADDITION,
            Enrolment.state == EnrolmentState.ACCEPTED,
        )
    ):
        found[enrolment.unit_id, plans.family_of(enrolment.plan)].append(enrolment)
    return found


def _will_follow(enrolment: Enrolment, year: CoverYear) -> bool:
    began = datetime.combine(year.starts_on, time(), BEIJING)
    is_after = enrolment.asked_start is None or enrolment.asked_start > year.ends_on
    return is_after and enrolment.handed_in_at >= began
