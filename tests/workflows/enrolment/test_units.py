"""The register of units: who may be in it, and what is remembered of a change."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from models import AuditEvent, Unit
from models.people import Role
from rules.errors import Refused
from samples.unit import code_check
from tests.desk import Desk
from workflows.enrolment.units import UnitFacts, change, facts_of, register

WHOLE = UnitFacts(
    name="吉林省某厅机关工会",
    city="长春市",
    code="81220000MC0Q7W31XU",
    headcount=35,
    contact_name="王某",
    contact_phone="0431-80000000",
    contact_email="union@example.com",
)


def registered(desk: Desk, facts: UnitFacts = WHOLE) -> UnitFacts:
    clerk = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        return facts_of(register(session, desk.office, clerk, facts))


def a_code_with_check_zero() -> str:
    """A code whose check value is 31, which counts as 0 (GB 32100)."""
    bodies = (f"8122000{number:010d}" for number in range(100))
    return next(body + "0" for body in bodies if code_check(body) == "0")


def test_a_unit_is_kept_as_it_was_put_down(desk: Desk) -> None:
    assert registered(desk) == WHOLE


@pytest.mark.parametrize("code", ["", a_code_with_check_zero(), " 81220000mc0q7w31xu"])
def test_a_code_that_is_right_or_not_known_is_taken(desk: Desk, code: str) -> None:
    kept = registered(desk, replace(WHOLE, code=code)).code
    assert kept == code.strip().upper()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "81220000MC0Q7W31XA"}, "信用代码"),
        ({"code": "81220000MC0Q7W31X"}, "信用代码"),
        ({"name": " "}, "名称"),
        ({"city": ""}, "城市"),
        ({"headcount": 0}, "人数"),
        ({"contact_email": "nobody"}, "邮箱"),
        ({"contact_phone": "8812345"}, "联系电话"),
        ({"contact_phone": "1380000000"}, "联系电话"),
    ],
)
def test_what_cannot_be_right_is_refused(desk: Desk, wrong: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        registered(desk, replace(WHOLE, **wrong))  # type: ignore[arg-type]


def test_neither_name_nor_code_is_taken_twice(desk: Desk) -> None:
    registered(desk)
    for again in (replace(WHOLE, code=""), replace(WHOLE, name="另一单位")):
        with pytest.raises(Refused, match="已有单位"):
            registered(desk, again)
    registered(desk, UnitFacts(name="没有代码的单位", city="长春市"))
    registered(desk, UnitFacts(name="也没有代码的单位", city="长春市"))


def test_a_change_names_the_fields_and_none_of_their_values(desk: Desk) -> None:
    clerk = desk.user(Role.CLERK)
    registered(desk)
    with desk.office.sessions.unit_of_work() as session:
        unit = session.scalars(select(Unit)).one()
        new = replace(WHOLE, contact_name="李某", headcount=36)
        change(session, desk.office, clerk, unit, new)
        change(session, desk.office, clerk, unit, new)
    with desk.office.sessions.read_only() as session:
        events = session.scalars(select(AuditEvent).filter_by(subject="unit").order_by("seq")).all()
        assert [event.verb for event in events] == ["register", "ask_for_city", "change"]
        assert events[2].detail == {"fields": ["headcount", "contact_name"]}


def test_only_a_clerk_of_the_office_keeps_the_register(desk: Desk) -> None:
    for role in (Role.SUPERVISOR, Role.UNIT_CLERK, Role.CASHIER):
        person = desk.user(role)
        with desk.office.sessions.unit_of_work() as session, pytest.raises(Refused):
            register(session, desk.office, person, WHOLE)
