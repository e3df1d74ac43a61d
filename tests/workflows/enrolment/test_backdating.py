"""Cover that would begin before its roster came, or with a late receipt, waits (R31)."""

from datetime import date

import pytest
from sqlalchemy import select

from models import AuditEvent, Coverage, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk
from tests.renewals import set_day
from tests.workflows.enrolment.rosters import OWN, Hall, workers
from workflows.enrolment import backdating, fees, rosters

TODAY = date(2026, 6, 15)  # a Monday


@pytest.fixture
def hall(desk: Desk) -> Hall:
    return Hall.of(desk, headcount=2)


def begin_tomorrow(hall: Hall, number: str, person: User) -> None:
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        backdating.begin_tomorrow(session, hall.desk.office, person, found, "住院在先")


def history(hall: Hall, number: str) -> list[tuple[str, int | None]]:
    id_ = hall.find(number).id
    with hall.desk.office.sessions.look() as session:
        query = select(AuditEvent).filter_by(subject="enrolment", subject_id=id_)
        events = session.scalars(query.order_by(AuditEvent.seq))
        return [(event.verb, event.actor_id) for event in events]


def test_cover_from_before_the_roster_waits_for_a_supervisor_with_a_reason(hall: Hall) -> None:
    number = hall.enrolled(workers(2), None)
    hall.pay(number, 2 * OWN, date(2026, 6, 12))
    hall.desk.work()
    assert hall.state(number) == "backdated"
    assert hall.periods() == []
    with pytest.raises(Refused, match="原因"):
        hall.let_pass(number, " ")
    hall.let_pass(number, "银行回单证明 12 日到账")
    hall.desk.work()
    assert hall.periods() == [(date(2026, 6, 13), date(2027, 6, 12))] * 2
    assert ("let_pass", hall.supervisor.id) in history(hall, number)
    with hall.desk.office.sessions.look() as session:
        assert set(session.scalars(select(Coverage.handed_in_on))) == {TODAY}


def test_who_booked_the_fee_does_not_let_it_pass(hall: Hall) -> None:
    number = hall.enrolled(workers(2), None)
    hall.cashier = hall.desk.user(Role.CASHIER, Role.SUPERVISOR)
    hall.pay(number, 2 * OWN, date(2026, 6, 12))
    with pytest.raises(Refused, match="登记会费"):
        hall.let_pass(number, "好", hall.cashier)
    with pytest.raises(Refused, match="登记会费"):
        begin_tomorrow(hall, number, hall.cashier)


@pytest.mark.parametrize(
    ("entered_on", "state"), [(date(2026, 6, 18), "covered"), (date(2026, 6, 19), "backdated")]
)
def test_a_receipt_of_more_than_three_working_days_ago_waits(
    hall: Hall, entered_on: date, state: str
) -> None:
    number = hall.enrolled(workers(2), None)
    set_day(hall.desk, entered_on)
    hall.pay(number, 2 * OWN, TODAY)
    hall.desk.work()
    assert hall.state(number) == state


def test_a_supervisor_who_refuses_lets_cover_begin_tomorrow(hall: Hall) -> None:
    number = hall.enrolled(workers(2), None)
    hall.pay(number, 2 * OWN, date(2026, 6, 1))
    begin_tomorrow(hall, number, hall.supervisor)
    hall.desk.work()
    assert hall.periods() == [(date(2026, 6, 16), date(2027, 6, 15))] * 2
    assert ("begin_tomorrow", hall.supervisor.id) in history(hall, number)


def test_a_wrong_date_is_reversed_and_the_right_one_needs_no_supervisor(hall: Hall) -> None:
    number = hall.enrolled(workers(2), None)
    hall.pay(number, 2 * OWN, date(2025, 6, 15))
    assert hall.state(number) == "backdated"
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        wrong = found.receipts[0]
        fees.reverse_receipt(session, hall.desk.office, hall.cashier, found, wrong, "冲-1")
    assert hall.state(number) == "unpaid"
    hall.pay(number, 2 * OWN, TODAY)
    hall.desk.work()
    assert hall.periods() == [(date(2026, 6, 16), date(2027, 6, 15))] * 2


def test_a_roster_that_waits_can_be_withdrawn(hall: Hall) -> None:
    number = hall.enrolled(workers(2), None)
    hall.pay(number, 2 * OWN, date(2026, 6, 1))
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        rosters.withdraw(session, hall.desk.office, hall.clerk, found)
    assert hall.state(number) == "withdrawn"


def test_a_roster_that_does_not_wait_for_its_first_day_has_none_to_refuse(hall: Hall) -> None:
    number = hall.enrolled(workers(2), None)
    with pytest.raises(Refused, match=r"^这份名册的起保日不待审批$"):
        begin_tomorrow(hall, number, hall.supervisor)
