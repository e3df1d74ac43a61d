"""Builders for tests of reminders: units with cover that ends, and what has become of each rung."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy import select

from documents.rosters.roster_file import RosterRow
from models import CoverYear, Enrolment, Renewal, Unit
from models.people import Role
from models.states import EnrolmentState
from tests.desk import Desk, a_card_number, an_id_number
from tests.workflows.enrolment.rosters import Worker, sheet
from workflows.engine.moves import advance, start
from workflows.enrolment.takeover import take_over

END = date(2026, 12, 31)
_serial = count(1)
_WAY_TO = {
    EnrolmentState.CHECKED: (),
    EnrolmentState.SHORT: ("hold",),
    EnrolmentState.WITHDRAWN: ("withdraw",),
    EnrolmentState.ACCEPTED: ("accept",),
    EnrolmentState.UNPAID: ("accept", "enrol"),
    EnrolmentState.FUNDED: ("accept", "enrol", "fund"),
}


def a_year(
    desk: Desk,
    ends_on: date = END,
    unit: str = "",
    plan: str = "main-2025",
    email: str | None = None,
    born: tuple[str, ...] = ("19850317", "19660101"),
) -> CoverYear:
    """A unit's cover year with a member for each date of birth."""
    unit_id = desk.unit(unit or f"样例第{next(_serial)}单位工会")
    with desk.office.sessions.unit_of_work() as session:
        found = session.get_one(Unit, unit_id)
        found.contact_email = email or found.contact_email
        starts_on = ends_on - timedelta(days=364)
        rows = [
            RosterRow(at, f"会员{at}", an_id_number(day), card=a_card_number(), bank_name="建行")
            for at, day in enumerate(born, 1)
        ]
        take_over(session, desk.office, found, plan, starts_on, ends_on, rows)
        return session.scalars(
            select(CoverYear).filter_by(unit_id=found.id, plan=plan, starts_on=starts_on)
        ).one()


def set_day(desk: Desk, day: date) -> None:
    """Ten in the morning of this day in Beijing."""
    desk.clock.now = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def rungs_of(desk: Desk, year: CoverYear) -> dict[int, str]:
    """The state of each rung of the year that has a row."""
    with desk.office.sessions.look() as session:
        rows = session.scalars(
            select(Renewal).filter_by(cover_year_id=year.id).order_by(Renewal.rung)
        )
        return {row.rung: row.state for row in rows}


def an_enrolment(
    desk: Desk,
    year: CoverYear,
    state: EnrolmentState = EnrolmentState.ACCEPTED,
    kind: str = "renewal",
    asked_start: date | None = None,
    plan: str = "main-2025",
) -> int:
    """A roster of the unit of this year, handed in now, as if it had come as far as this state."""
    with desk.office.sessions.unit_of_work() as session:
        number = next(_serial)
        enrolment = Enrolment(
            number=f"CB2026{number:06d}",
            unit_id=year.unit_id,
            plan=plan,
            kind=kind,
            asked_start=asked_start,
            sha256=desk.office.store.put(sheet([Worker()])),
            rows=1,
            rows_done=0 if state in (EnrolmentState.CHECKED, EnrolmentState.ACCEPTED) else 1,
            eligible=1,
            handed_in_by=desk.user(Role.CLERK).id,
            handed_in_at=desk.clock(),
        )
        start(session, enrolment, "hand_in", desk.office)
        for verb in _WAY_TO[state]:
            advance(session, enrolment, verb, desk.office)
        return enrolment.id


def unit_of(desk: Desk, year: CoverYear) -> Unit:
    with desk.office.sessions.look() as session:
        return session.get_one(Unit, year.unit_id)
