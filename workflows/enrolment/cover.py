"""Cover (保障): begins for all lines of a paid roster at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Coverage, CoverYear, Enrolment, EnrolmentLine, Member, Unit
from rules import plans
from rules.enrolment import age_allows, last_day
from rules.plans import Plan
from workflows.books.booking import Booking
from workflows.books.causes import Cause
from workflows.books.chart import BookPlace
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.enrolment import fees
from workflows.enrolment.backdating import backdated
from workflows.enrolment.roster_changes import come_into_force
from workflows.enrolment.rosters import strike


def begin_cover(session: Session, enrolments: Sequence[Enrolment], office: Office) -> None:
    """Begin cover on the day after the fee was complete, or on the unit's common day (R26).

    A member is struck if he has other cover by now, or if his age on that day does not allow cover
    (R22); what was paid for him can then be refunded.
    """
    for enrolment in enrolments:
        _begin(session, enrolment, office)


def _begin(session: Session, enrolment: Enrolment, office: Office) -> None:
    plan = plans.load(enrolment.plan)
    starts_on = fees.starts_on(session, enrolment)
    year = cover_year(session, enrolment.unit_id, plan, starts_on, last_day(plan, starts_on))
    born: dict[int, date] = dict(
        session.execute(
            _lines(enrolment, EnrolmentLine.member_id, Member.birth_date).join(Member)
        ).all()
    )
    fit = {id_ for id_, birth in born.items() if age_allows(plan, birth, starts_on)}
    strike(session, office, enrolment, born.keys() - fit)
    covered = _cover(session, enrolment, plan, year)
    strike(session, office, enrolment, fit - covered)
    come_into_force(session, office, enrolment, covered)
    enrolment.cover_year_id = year.id
    book_cover(session, office, enrolment, plan, year)
    advance(
        session,
        enrolment,
        "begin_cover",
        office,
        starts_on=year.starts_on.isoformat(),
        ends_on=year.ends_on.isoformat(),
        covered=len(covered),
        struck=len(born) - len(covered),
    )


def book_cover(
    session: Session, office: Office, enrolment: Enrolment, plan: Plan, year: CoverYear
) -> None:
    """The fees of all lines that were not struck are earned now, and the subsidy is due."""
    place = BookPlace(plan.family, None, year.starts_on, year.unit_id)
    booking = Booking(session, office, None, Enrolment, enrolment.id)
    booking.book(Cause.COVER_BEGAN, enrolment.fee_due, place=place)
    booking.book(Cause.SUBSIDY_GREW_DUE, enrolment.subsidy_due, place=place)


def cover_year(
    session: Session, unit_id: int, plan: Plan, starts_on: date, ends_on: date
) -> CoverYear:
    """The unit's period under the plan from this day; created if it does not exist.

    The unit's city of now stays that of the period (R32).
    """
    # Two rosters of one unit may be paid on one day and then share a cover year.
    unit = session.get_one(Unit, unit_id, with_for_update={"key_share": True})
    query = select(CoverYear).filter_by(unit_id=unit_id, plan=plan.code, starts_on=starts_on)
    year = session.scalar(query)
    if year is None:
        year = CoverYear(
            unit_id=unit_id, plan=plan.code, starts_on=starts_on, ends_on=ends_on, city=unit.city
        )
        session.add(year)
        session.flush()
    return year


def _cover(session: Session, enrolment: Enrolment, plan: Plan, year: CoverYear) -> set[int]:
    """Insert cover for every line; return the members for whom this call inserted it.

    A member for whom another transaction inserted cover of this family first is missing.
    """
    came_on = backdated(session, enrolment, year.starts_on).came_on
    same = (year.id, plan.code, plan.family, year.starts_on, year.ends_on, came_on)
    lines = _lines(enrolment, EnrolmentLine.member_id, EnrolmentLine.shares, *map(literal, same))
    of_all = ["cover_year_id", "plan", "family", "starts_on", "ends_on", "handed_in_on"]
    columns = ["member_id", "shares", *of_all]
    return set(
        session.scalars(
            insert(Coverage)
            .from_select(columns, lines.order_by(EnrolmentLine.member_id))
            .on_conflict_do_nothing()
            .returning(Coverage.member_id)
        )
    )


def _lines(enrolment: Enrolment, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(EnrolmentLine)
        .where(EnrolmentLine.enrolment_id == enrolment.id, EnrolmentLine.struck_at.is_(None))
    )
