"""The city of a cover stays what it was when it began, until two persons change it (R32)."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from models import CoverYear, Unit, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, Person, a_page
from tests.renewals import set_day
from tests.workflows.enrolment.rosters import Hall, Worker
from workflows.enrolment import cover_city, units

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


def confirm(desk: Desk, person: User) -> None:
    with desk.office.sessions.unit_of_work() as session:
        year = session.scalars(select(CoverYear)).one()
        cover_city.confirm_city(session, desk.office, person, year)


def test_one_clerk_who_changes_the_units_city_changes_no_sum_of_its_covers(desk: Desk) -> None:
    hall, worker = Hall.of(desk, headcount=1), Worker()
    hall.covered([worker], date(2026, 6, 16))
    with desk.office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        facts = replace(units.facts_of(unit), city="四平市")
        units.change(session, desk.office, hall.clerk, unit, facts)
    set_day(desk, date(2026, 9, 1))
    assert amount(desk, worker, date(2026, 7, 1)) == 50_000

    both = desk.user(Role.CLERK, Role.SUPERVISOR)
    with pytest.raises(Refused, match="没有待确认"):
        confirm(desk, hall.supervisor)
    with pytest.raises(Refused, match="原因"):
        ask(desk, both, "四平市", " ")
    with pytest.raises(Refused, match="不同的城市"):
        ask(desk, both, "长春市", "登记有误")
    with pytest.raises(Refused, match="岗位"):
        ask(desk, hall.supervisor, "四平市", "登记有误")
    ask(desk, both, "四平市", "参保时已在四平，登记有误")
    with pytest.raises(Refused, match="提出更改的人"):
        confirm(desk, both)
    assert amount(desk, worker, date(2026, 7, 15)) == 50_000, "asked for is not confirmed"
    confirm(desk, hall.supervisor)
    assert amount(desk, worker, date(2026, 8, 1)) == 40_000
