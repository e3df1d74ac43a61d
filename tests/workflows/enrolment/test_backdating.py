"""Cover that would begin before its roster came, or with a late receipt, waits (R31)."""

from datetime import date

import pytest
from sqlalchemy import select

from models import AuditEvent, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, Person
from tests.renewals import set_day
from tests.workflows.enrolment.rosters import OWN, Hall, Worker, workers
from workflows.engine.sealed_details import detail_of
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
    with hall.desk.office.sessions.read_only() as session:
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


@pytest.mark.parametrize(
    ("paid_on", "entered_on", "held"),
    [
        (date(2026, 9, 30), date(2026, 10, 8), False),
        (date(2026, 6, 18), date(2026, 6, 24), False),
        (date(2026, 10, 8), date(2026, 10, 12), False),
        (date(2026, 10, 8), date(2026, 10, 13), True),
    ],
)
def test_holidays_and_make_up_days_are_known(
    hall: Hall, paid_on: date, entered_on: date, held: bool
) -> None:
    set_day(hall.desk, paid_on)
    number = hall.enrolled(workers(2), None)
    set_day(hall.desk, entered_on)
    hall.pay(number, 2 * OWN, paid_on)
    assert hall.state(number) == ("backdated" if held else "funded")


@pytest.mark.parametrize(
    ("paid_on", "entered_on", "admitted", "is_noted"),
    [
        (date(2026, 6, 12), TODAY, "2026-06-13", True),
        (date(2026, 6, 12), TODAY, "2026-06-15", False),
        (TODAY, date(2026, 7, 20), "2026-07-01", True),
        (TODAY, date(2026, 7, 20), "2026-07-20", False),
    ],
)
def test_an_event_before_the_roster_or_before_a_late_receipt_came_carries_a_note(
    desk: Desk, paid_on: date, entered_on: date, admitted: str, is_noted: bool
) -> None:
    hall, worker = Hall.of(desk, headcount=1), Worker()
    number = hall.enrolled([worker], None)
    set_day(desk, entered_on)
    hall.pay(number, OWN, paid_on)
    hall.let_pass(number)
    desk.work()
    set_day(desk, date(2026, 9, 1))
    person = Person(worker.name, worker.id_number, worker.card)
    claim_id = desk.claim(person, admitted=admitted, discharged="2026-08-10")
    desk.work()
    noted = [reason.code for reason in desk.decision(claim_id).reasons]
    assert ("COVER_BACKDATED" in noted) == is_noted
    desk.approve_all()
    assert desk.state_of(claim_id) == "payable"


@pytest.mark.parametrize(
    ("accepted_on", "asked", "state"),
    [
        (date(2026, 6, 18), None, "funded"),
        (date(2026, 6, 22), None, "backdated"),
        (date(2026, 7, 20), date(2026, 7, 1), "backdated"),
        (date(2026, 7, 20), date(2026, 8, 1), "funded"),
    ],
)
def test_a_roster_that_lay_for_long_before_it_was_accepted_came_on_the_day_of_acceptance(
    hall: Hall, accepted_on: date, asked: date | None, state: str
) -> None:
    [number] = hall.hand_in(workers(2), asked)
    hall.pay(number, 2 * OWN, TODAY)
    set_day(hall.desk, accepted_on)
    hall.accept(number)
    hall.desk.run_only("enrol", hall.find(number).id)
    assert hall.state(number) == state


def test_a_roster_kept_until_its_member_is_ill_pays_only_with_a_note(desk: Desk) -> None:
    hall, worker = Hall.of(desk, headcount=1), Worker()
    [number] = hall.hand_in([worker], None)
    hall.pay(number, OWN, TODAY)
    set_day(desk, date(2026, 8, 11))  # the day after he has left hospital
    hall.accept(number)
    desk.work()
    assert hall.state(number) == "backdated"
    assert hall.periods() == []
    hall.let_pass(number, "名册漏确认，另附说明")
    desk.work()
    person = Person(worker.name, worker.id_number, worker.card)
    claim_id = desk.claim(person, admitted="2026-08-01", discharged="2026-08-10")
    desk.work()
    assert "COVER_BACKDATED" in [reason.code for reason in desk.decision(claim_id).reasons]


def test_who_booked_the_fee_does_not_let_it_pass(hall: Hall) -> None:
    number = hall.enrolled(workers(2), None)
    same = hall.desk.user(Role.SUPERVISOR, of=hall.cashier)
    hall.pay(number, 2 * OWN, date(2026, 6, 12))
    with pytest.raises(Refused, match="登记会费"):
        hall.let_pass(number, "好", same)
    with pytest.raises(Refused, match="登记会费"):
        begin_tomorrow(hall, number, same)


@pytest.mark.parametrize(
    ("entered_on", "state"), [(date(2026, 6, 18), "covered"), (date(2026, 6, 22), "backdated")]
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
    with hall.desk.office.sessions.read_only() as session:
        [said] = session.scalars(select(AuditEvent).filter_by(verb="begin_tomorrow"))
        assert detail_of(said)["reason"] == "住院在先"


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
