"""The three phases of a campaign, planned for all units and noted for each."""

from datetime import date

import pytest
from sqlalchemy import select

from models import Milestone, Unit, User
from models.people import Role
from rules.errors import BadInput, Refused
from tests.desk import Desk
from workflows import campaign

DAYS = {
    "publicity": date(2026, 3, 31),
    "enrolment": date(2026, 5, 31),
    "operation": date(2026, 12, 31),
}
TODAY = date(2026, 6, 15)


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture(autouse=True)
def units(desk: Desk) -> list[int]:
    return [desk.unit(name, has_union=name != "丙") for name in ("甲", "乙", "丙")]


def plan(desk: Desk, person: User, **changed: date) -> int:
    with desk.office.sessions.unit_of_work() as session:
        return campaign.plan(session, desk.office, person, 2026, DAYS | changed)


def reach(desk: Desk, person: User, ids: list[int], on: date | None = TODAY) -> int:
    with desk.office.sessions.unit_of_work() as session:
        return campaign.reach(session, desk.office, person, ids, on)


def milestones(desk: Desk) -> list[Milestone]:
    with desk.office.sessions.read_only() as session:
        return list(session.scalars(select(Milestone).order_by(Milestone.id)))


def test_every_unit_with_a_union_gets_three_phases(desk: Desk, clerk: User) -> None:
    assert plan(desk, clerk) == 2
    assert [m.planned_on for m in milestones(desk)] == list(DAYS.values()) * 2


def test_planning_again_moves_the_days_and_keeps_what_was_reached(desk: Desk, clerk: User) -> None:
    plan(desk, clerk)
    first = milestones(desk)[0].id
    reach(desk, clerk, [first])
    plan(desk, clerk, publicity=date(2026, 4, 15))
    again = milestones(desk)
    assert len(again) == 6
    assert (again[0].id, again[0].planned_on, again[0].reached_on) == (
        first,
        date(2026, 4, 15),
        TODAY,
    )


def test_phases_follow_each_other(desk: Desk, clerk: User) -> None:
    plan(desk, clerk, enrolment=DAYS["publicity"])
    with pytest.raises(BadInput, match="不能早于"):
        plan(desk, clerk, enrolment=date(2026, 3, 30))


def test_a_phase_is_not_reached_in_the_future_and_a_note_can_be_taken_back(
    desk: Desk, clerk: User
) -> None:
    plan(desk, clerk)
    ids = [m.id for m in milestones(desk)][:2]
    with pytest.raises(Refused, match="不能晚于今天"):
        reach(desk, clerk, ids, date(2026, 6, 16))
    assert reach(desk, clerk, ids) == 2
    assert reach(desk, clerk, ids[:1], None) == 1
    assert [m.reached_on for m in milestones(desk)[:2]] == [None, TODAY]
    with pytest.raises(BadInput, match="勾选"):
        reach(desk, clerk, [])


def test_a_unit_clerk_notes_only_his_own_unit(desk: Desk, clerk: User, units: list[int]) -> None:
    plan(desk, clerk)
    person = desk.user(Role.UNIT_CLERK)
    with desk.office.sessions.unit_of_work() as session:
        session.get_one(User, person.id).unit_id = units[0]
    with desk.office.sessions.read_only() as session:
        person = session.get_one(User, person.id)
    own = [m.id for m in milestones(desk) if m.unit_id == units[0]]
    other = [m.id for m in milestones(desk) if m.unit_id == units[1]]
    assert reach(desk, person, own) == 3
    with pytest.raises(Refused, match="本单位"):
        reach(desk, person, own + other)


def test_who_plans_and_who_notes(desk: Desk, clerk: User) -> None:
    plan(desk, desk.user(Role.SUPERVISOR))
    for role in set(Role) - {Role.CLERK, Role.SUPERVISOR}:
        with pytest.raises(Refused):
            plan(desk, desk.user(role))
    for role in set(Role) - {Role.CLERK}:
        with pytest.raises(Refused):
            reach(desk, desk.user(role), [1])


def test_without_units_there_is_nothing_to_plan(desk: Desk, clerk: User) -> None:
    with desk.office.sessions.unit_of_work() as session:
        for unit in session.scalars(select(Unit)):
            unit.has_union = False
    with pytest.raises(Refused, match="登记单位"):
        plan(desk, clerk)
