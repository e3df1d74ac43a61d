"""The city of a cover stays what it was when it began, until two persons change it (R32)."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from models import CoverYear, Unit, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, Person, a_page, said_of
from tests.renewals import set_day
from tests.workflows.enrolment.rosters import OWN, Hall, Worker
from workflows.claims.approving import approval_queue
from workflows.enrolment import cover_city, unit_city, units
from workflows.enrolment.take_over import take_over

START, END = date(2026, 6, 16), date(2027, 6, 15)
SHEET = a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单")


def amount(desk: Desk, worker: Worker, admitted: date) -> int:
    """What ten days in a hospital of Changchun come to."""
    person = Person(worker.name, worker.id_number, worker.card)
    discharged = admitted.replace(day=admitted.day + 10)
    claim_id = desk.claim(person, admitted=str(admitted), discharged=str(discharged), more=(SHEET,))
    desk.work()
    return desk.decision(claim_id).amount


def ask(desk: Desk, person: User, city: str, reason: str) -> None:
    with desk.office.sessions.unit_of_work() as session:
        year = session.scalars(select(CoverYear)).one()
        cover_city.ask_for_city(session, desk.office, person, year, city, reason)


def confirm(desk: Desk, person: User, seen: str = "四平市") -> None:
    with desk.office.sessions.unit_of_work() as session:
        year = session.scalars(select(CoverYear)).one()
        cover_city.confirm_city(session, desk.office, person, year, seen)


def register_city(desk: Desk, hall: Hall, city: str, confirmer: User | None = None) -> None:
    """A clerk gives the unit another city in the register; a second person confirms it, if one."""
    with desk.office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        facts = replace(units.facts_of(unit), city=city)
        units.change(session, desk.office, hall.clerk, unit, facts)
    if confirmer:
        with desk.office.sessions.unit_of_work() as session:
            unit = session.get_one(Unit, hall.unit_id)
            unit_city.confirm_unit_city(session, desk.office, confirmer, unit, city)


def test_one_clerk_who_changes_the_units_city_changes_no_sum_of_its_covers(desk: Desk) -> None:
    hall, worker = Hall.of(desk, headcount=1), Worker()
    hall.covered([worker], date(2026, 6, 16))
    register_city(desk, hall, "四平市")
    set_day(desk, date(2026, 9, 1))
    assert amount(desk, worker, date(2026, 7, 1)) == 50_000

    clerk = desk.user(Role.CLERK)
    same = desk.user(Role.SUPERVISOR, of=clerk)
    with pytest.raises(Refused, match="没有待确认"):
        confirm(desk, hall.supervisor)
    with pytest.raises(Refused, match="原因"):
        ask(desk, clerk, "四平市", " ")
    with pytest.raises(Refused, match="不同的城市"):
        ask(desk, clerk, "长春市", "登记有误")
    with pytest.raises(Refused, match="岗位"):
        ask(desk, hall.supervisor, "四平市", "登记有误")
    ask(desk, clerk, "四平市", "参保时已在四平，登记有误")
    with pytest.raises(Refused, match="提出更改的人"):
        confirm(desk, same)
    assert amount(desk, worker, date(2026, 7, 15)) == 50_000, "asked for is not confirmed"
    confirm(desk, hall.supervisor)
    assert amount(desk, worker, date(2026, 8, 1)) == 40_000
    # Claims that were judged before, or after it is changed back, show both.
    ask(desk, clerk, "长春市", "仍以登记为准")
    confirm(desk, hall.supervisor, "长春市")
    assert notes(desk) == {
        "参保城市曾由 长春市 改为 四平市，2026-09-01 由"
        f"{hall.supervisor.name}确认：参保时已在四平，登记有误",
        f"参保城市曾由 四平市 改为 长春市，2026-09-01 由{hall.supervisor.name}确认：仍以登记为准",
    }


def notes(desk: Desk) -> set[str]:
    """What every claim in the queue is told of changes of its city."""
    with desk.office.sessions.read_only() as session:
        told = [
            {note for note in said_of(item) if "参保城市" in note}
            for item in approval_queue.queue(session, desk.office)
        ]
    assert told
    assert all(each == told[0] for each in told)
    return told[0]


def test_who_confirms_a_city_confirms_the_one_that_he_saw(desk: Desk) -> None:
    hall, other = Hall.of(desk, headcount=1), desk.user(Role.CLERK)
    hall.covered([Worker()], date(2026, 6, 16))
    ask(desk, other, "吉林市", "参保地在吉林市，有文件")
    ask(desk, hall.clerk, "四平市", "同上")
    with pytest.raises(Refused, match="显示之后已有变动"):
        confirm(desk, hall.supervisor, "吉林市")
    confirm(desk, hall.supervisor, "四平市")


def test_the_first_city_of_a_unit_begins_no_cover_before_a_second_person_confirms_it(
    desk: Desk,
) -> None:
    worker, clerk = Worker(), desk.user(Role.CLERK)
    same = desk.user(Role.SUPERVISOR, of=clerk)
    supervisor, cashier = desk.user(Role.SUPERVISOR), desk.user(Role.CASHIER)
    with desk.office.sessions.unit_of_work() as session:
        facts = units.UnitFacts(name="吉林省新厅机关工会", city="四平市", headcount=1)
        unit = units.register(session, desk.office, clerk, facts)
        hall = Hall(desk, unit.id, clerk, supervisor, cashier)
        with pytest.raises(Refused, match="四平市）尚未由另一人确认"):
            take_over(session, desk.office, unit, "main-2020", START, END, [])
    [number] = hall.hand_in([worker], START)
    with pytest.raises(Refused, match="四平市）尚未由另一人确认"):
        hall.accept(number)
    with desk.office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        with pytest.raises(Refused, match="提出更改的人"):
            unit_city.confirm_unit_city(session, desk.office, same, unit, "四平市")
        unit_city.refuse_unit_city(session, desk.office, supervisor, unit, unit.city_asked or "")
        with pytest.raises(Refused, match="尚未由另一人确认"):
            unit_city.require_city(unit)
    register_city(desk, hall, "长春市", supervisor)
    hall.accept(number)
    desk.work()
    hall.pay(number, OWN, desk.office.today())
    desk.work()
    set_day(desk, date(2026, 9, 1))
    assert amount(desk, worker, date(2026, 7, 1)) == 50_000
    assert notes(desk) == set()


def test_a_units_city_that_one_clerk_changes_before_cover_and_back_changes_no_sum(
    desk: Desk,
) -> None:
    hall, worker = Hall.of(desk, headcount=1), Worker()
    register_city(desk, hall, "四平市")
    hall.covered([worker], date(2026, 6, 16))
    register_city(desk, hall, "长春市")
    with desk.office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        assert (unit.city, unit.city_asked) == ("长春市", "四平市"), "it waits still"
        with pytest.raises(Refused, match="岗位"):
            unit_city.confirm_unit_city(session, desk.office, hall.clerk, unit, "四平市")
        with pytest.raises(Refused, match="显示之后已有变动"):
            unit_city.confirm_unit_city(session, desk.office, hall.supervisor, unit, "吉林市")
        unit_city.refuse_unit_city(
            session, desk.office, hall.supervisor, unit, unit.city_asked or ""
        )
        with pytest.raises(Refused, match="没有待确认的城市"):
            unit_city.confirm_unit_city(session, desk.office, hall.supervisor, unit, "四平市")
    set_day(desk, date(2026, 9, 1))
    assert amount(desk, worker, date(2026, 7, 1)) == 50_000
    assert notes(desk) == set()


def test_a_units_city_that_two_change_before_cover_and_back_is_seen_in_its_claims(
    desk: Desk,
) -> None:
    hall, worker = Hall.of(desk, headcount=1), Worker()
    register_city(desk, hall, "四平市", hall.supervisor)
    hall.covered([worker], date(2026, 6, 16))
    register_city(desk, hall, "长春市", hall.supervisor)
    set_day(desk, date(2026, 9, 1))
    assert amount(desk, worker, date(2026, 7, 1)) == 40_000
    assert [note[:20] for note in sorted(notes(desk))] == [
        "参保城市曾由 四平市 改为 长春市，20",
        "参保城市曾由 长春市 改为 四平市，20",
    ]
