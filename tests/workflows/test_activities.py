"""Prevention activities: noted, counted, corrected, struck."""

from datetime import date

import pytest
from sqlalchemy import select

from models import Activity, User
from models.people import Role
from rules.errors import BadInput, Refused
from tests.desk import Desk
from workflows import activities
from workflows.activities import NotedActivity

TODAY = date(2026, 6, 15)


def held(
    unit_id: int | None = None,
    held_on: date = TODAY,
    signed_in: int | None = None,
    kind: str = "lecture",
) -> NotedActivity:
    return NotedActivity(kind, "心脑血管疾病预防讲座", held_on, "会议室", unit_id, signed_in)


def note(desk: Desk, person: User, what: NotedActivity) -> int:
    with desk.office.sessions.unit_of_work() as session:
        return activities.note(session, desk.office, person, what).id


def change(desk: Desk, person: User, activity_id: int, what: NotedActivity) -> None:
    with desk.office.sessions.unit_of_work() as session:
        activity = session.get_one(Activity, activity_id)
        activities.change(session, desk.office, person, activity, what)


def remove(desk: Desk, person: User, activity_id: int) -> None:
    with desk.office.sessions.unit_of_work() as session:
        activities.remove(session, person, session.get_one(Activity, activity_id))


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def own(desk: Desk) -> User:
    """A unit clerk of the one unit."""
    return desk.user(Role.UNIT_CLERK, unit_id=desk.unit())


def test_an_activity_is_noted_and_counted_after_it_was_held(desk: Desk, clerk: User) -> None:
    activity_id = note(desk, clerk, held(held_on=date(2026, 6, 16)))
    with pytest.raises(Refused, match="还没有举办"):
        change(desk, clerk, activity_id, held(held_on=date(2026, 6, 16), signed_in=1))
    desk.clock.pass_(days=1)
    change(desk, clerk, activity_id, held(held_on=date(2026, 6, 16), signed_in=86))
    with desk.office.sessions.read_only() as session:
        found = session.scalars(select(Activity)).one()
        assert (found.signed_in, found.noted_by, found.noted_at) == (86, clerk.id, desk.clock())


def test_what_cannot_be_understood_is_not_noted(desk: Desk, clerk: User) -> None:
    with pytest.raises(BadInput, match="没有这种活动"):
        note(desk, clerk, held(kind="party"))
    with pytest.raises(BadInput, match="小于零"):
        note(desk, clerk, held(signed_in=-1))
    with pytest.raises(BadInput, match="名称和地点"):
        note(desk, clerk, NotedActivity("event", " ", TODAY, "会议室", None, None))


def test_an_activity_noted_by_mistake_is_struck(desk: Desk, clerk: User) -> None:
    remove(desk, clerk, note(desk, clerk, held()))
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Activity)).all() == []


def test_a_unit_clerk_notes_and_changes_only_what_his_unit_held(
    desk: Desk, clerk: User, own: User
) -> None:
    activity_id = note(desk, own, held(own.unit_id))
    change(desk, own, activity_id, held(own.unit_id, signed_in=3))
    of_the_office = note(desk, clerk, held())
    for act in (
        lambda: note(desk, own, held()),
        lambda: change(desk, own, activity_id, held()),
        lambda: change(desk, own, of_the_office, held(own.unit_id)),
        lambda: remove(desk, own, of_the_office),
    ):
        with pytest.raises(Refused, match="本单位"):
            act()
    remove(desk, own, activity_id)


def test_no_other_role_notes_activities(desk: Desk) -> None:
    for role in set(Role) - {Role.CLERK}:
        with pytest.raises(Refused):
            note(desk, desk.user(role), held())
