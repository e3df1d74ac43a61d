"""The sample unit's roster is covered without a supervisor, as of the day its fee came."""

from datetime import date

from sqlalchemy import select

from models import Coverage, Enrolment
from servers import samples
from tests.desk import PASSWORD, Desk
from workflows.people.accounts import AccountFacts, add_user
from workflows.sweep import sweep


def test_the_sample_roster_is_covered_from_new_year_and_is_not_backdated(desk: Desk) -> None:
    with desk.office.sessions.unit_of_work() as session:
        for login, (name, roles) in samples.PEOPLE.items():
            account = AccountFacts(login, name, login, tuple(roles))
            add_user(session, desk.office, account, PASSWORD, by=None)
    samples.hand_in_roster(desk.office)
    sweep(desk.office)
    desk.work()
    with desk.office.sessions.read_only() as session:
        assert set(session.scalars(select(Enrolment.state))) == {"covered"}
        covers = session.execute(select(Coverage.starts_on, Coverage.handed_in_on)).all()
    # One of the members has a second plan.
    assert len(covers) == samples.HEADCOUNT + 1
    assert set(covers) == {(date(2026, 1, 1), date(2025, 12, 31))}
