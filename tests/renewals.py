"""Builders for tests of reminders: units with cover that ends, and what has become of each rung."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.rosters.roster_file import RosterRow
from models import Coverage, CoverYear, Enrolment, EnrolmentLine, Member, Renewal, Unit
from models.people import Role
from models.states import EnrolmentState
from tests.desk import Desk, a_card_number, an_id_number
from tests.workflows.enrolment.rosters import Worker, sheet
from workflows.engine.moves import advance, start
from workflows.enrolment.take_over import take_over
from workflows.sealed_values.members import id_number_of

END = date(2026, 12, 31)
_DAY = timedelta(days=1)
_serial = count(1)
_WAY_TO = {
    EnrolmentState.CHECKED: (),
    EnrolmentState.SHORT: ("hold",),
    EnrolmentState.WITHDRAWN: ("withdraw",),
    EnrolmentState.ACCEPTED: ("accept",),
    EnrolmentState.UNPAID: ("accept", "enrol"),
    EnrolmentState.BACKDATED: ("accept", "enrol", "hold_start"),
    EnrolmentState.FUNDED: ("accept", "enrol", "fund"),
}


def a_year(
    desk: Desk,
    ends_on: date = END,
    unit: str = "",
    plan: str = "main-2025",
    email: str | None = None,
    born: tuple[str, ...] = ("19850317", "19660101"),
    ids: Sequence[str] = (),
) -> CoverYear:
    """A unit's cover year with a member for each date of birth, or with these ID numbers."""
    unit_id = desk.unit(unit or f"样例第{next(_serial)}单位工会")
    with desk.office.sessions.unit_of_work() as session:
        found = session.get_one(Unit, unit_id)
        found.contact_email = email or found.contact_email
        starts_on = ends_on - timedelta(days=364)
        rows = [
            RosterRow(at, f"会员{at}", number, card=a_card_number(), bank_name="建行")
            for at, number in enumerate(ids or map(an_id_number, born), 1)
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
    with desk.office.sessions.read_only() as session:
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
    """A roster of the members of this year, handed in now, as if it had come to this state."""
    with desk.office.sessions.unit_of_work() as session:
        number, people = next(_serial), [Worker()]
        if kind != "addition":
            people += _people_of(session, desk, year)
        enrolment = Enrolment(
            number=f"CB2026{number:06d}",
            unit_id=year.unit_id,
            plan=plan,
            kind=kind,
            asked_start=asked_start or (year.ends_on + _DAY if kind == "renewal" else None),
            sha256=desk.office.store.put(sheet(people)),
            rows=len(people),
            rows_done=0 if "enrol" not in _WAY_TO[state] else len(people),
            eligible=1,
            handed_in_by=desk.user(Role.CLERK).id,
            handed_in_at=desk.clock(),
        )
        start(session, enrolment, "hand_in", desk.office)
        for verb in _WAY_TO[state]:
            advance(session, enrolment, verb, desk.office)
        if "enrol" in _WAY_TO[state] and kind != "addition":
            write_lines(session, enrolment, year)
        return enrolment.id


def _people_of(session: Session, desk: Desk, year: CoverYear) -> list[Worker]:
    members = select(Member).join(Coverage).where(Coverage.cover_year_id == year.id)
    return [
        Worker(member.name, id_number_of(desk.office.keys, member))
        for member in session.scalars(members)
    ]


def write_lines(session: Session, enrolment: Enrolment, year: CoverYear) -> None:
    """A line for each member of the year, as enrolling writes it."""
    members = select(Coverage.member_id).filter_by(cover_year_id=year.id)
    for row, member_id in enumerate(session.scalars(members), 2):
        line = EnrolmentLine(member_id=member_id, row=row, shares=1, fee=11000, subsidy=3000)
        enrolment.lines.append(line)


def unit_of(desk: Desk, year: CoverYear) -> Unit:
    with desk.office.sessions.read_only() as session:
        return session.get_one(Unit, year.unit_id)
