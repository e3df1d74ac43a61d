"""Who looks at many numbers in full is stopped, and somebody is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from console.app import build
from models import AuditEvent, User
from models.people import Role
from tests.console.conftest import Visitor
from tests.desk import Desk, number_of
from workflows.engine import broker_notes
from workflows.engine.office import BEIJING


@pytest.fixture
def strict(desk: Desk) -> Desk:
    """An office in which one sees two numbers an hour and three a day."""
    limits = {"reveals_an_hour": 2, "reveals_a_day": 3}
    settings = desk.office.settings.model_copy(update=limits)
    return replace(desk, office=replace(desk.office, settings=settings))


def browser(desk: Desk, user: User) -> Visitor:
    app = build(desk.office)
    found = Visitor(desk.office, TestClient(app, raise_server_exceptions=False))
    found.log_in(user)
    return found


def asks(screen: Any, number: str) -> Any:
    path = f"/claims/{number}/fields/bank_card_number/reveal"
    return screen.post(path, {"purpose": "核对材料"})


def test_one_sees_so_many_numbers_an_hour_and_a_day_and_what_is_wanted_beyond_is_told(
    strict: Desk,
) -> None:
    person, clerk = strict.member(), strict.user(Role.CLERK)
    claim_id = strict.claim(person)
    strict.work()
    number = number_of(strict, claim_id)
    screen = browser(strict, clerk)
    before = sum(broker_notes.counted(strict.office.settings.redis_url, "not_revealed").values())
    answers = [asks(screen, number) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert "一小时内已查看 2 次" in answers[-1].text
    again = (strict.clock() + timedelta(minutes=61)).astimezone(BEIJING)
    assert f"{again:%m-%d %H:%M} 起可再查看" in answers[-1].text
    shown = screen.get(f"/claims/{number}").text
    assert shown.count("<b>查看完整号码</b>") == 1
    assert "起 2 次 · 银行卡号 · 核对材料" in shown
    assert person.card not in answers[-1].text
    strict.clock.pass_(minutes=61)
    screen.log_in(clerk)
    assert [asks(screen, number).status_code for _time in range(2)] == [200, 409]
    with strict.office.sessions.read_only() as session:
        kept = session.scalars(select(AuditEvent).filter_by(verb="refuse_reveal")).all()
        assert [event.detail for event in kept] == [{"within": "hour"}, {"within": "day"}]
        assert {event.subject_id for event in kept} == {clerk.id}
    after = broker_notes.counted(strict.office.settings.redis_url, "not_revealed")
    assert sum(after.values()) == before + 2


def test_a_second_account_of_the_same_person_brings_no_more(strict: Desk) -> None:
    person, clerk, other = strict.member(), strict.user(Role.CLERK), strict.user(Role.SUPERVISOR)
    with strict.office.sessions.unit_of_work() as session:
        session.get_one(User, other.id).staff_number = clerk.staff_number
    claim_id = strict.claim(person)
    strict.work()
    first, second = browser(strict, clerk), browser(strict, other)
    number = number_of(strict, claim_id)
    assert [asks(one, number).status_code for one in (first, second, first)] == [200, 200, 409]
    assert asks(second, number).status_code == 409
