"""Sessions: when they end, who ends them, and what a browser keeps of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from console.app import build
from models import AuditEvent, User, WebSession
from models.people import Role
from settings import Settings
from tests.console.conftest import Visitor
from tests.desk import Desk
from workflows.people.sessions import Browser, begin_whole_session, see

At = Callable[..., Any]


@pytest.fixture
def brief(desk: Desk) -> Desk:
    """An office whose sessions end when the settings say so that nobody has changed."""
    fields = Settings.model_fields
    usual = {name: fields[name].default for name in ("session_idle_minutes", "session_hours")}
    settings = desk.office.settings.model_copy(update=usual)
    return replace(desk, office=replace(desk.office, settings=settings))


def browser(desk: Desk, user: User) -> Visitor:
    app = build(desk.office)
    found = Visitor(desk.office, TestClient(app, raise_server_exceptions=False))
    found.log_in(user)
    return found


def is_in(screen: Visitor) -> bool:
    return screen.get("/me", follow_redirects=False).status_code == 200


def seen_at(desk: Desk) -> Any:
    with desk.office.sessions.read_only() as session:
        return session.scalars(select(WebSession.seen_at)).one()


def test_who_does_nothing_for_half_an_hour_is_out(brief: Desk) -> None:
    screen = browser(brief, brief.user(Role.CLERK))
    for _time in range(3):
        brief.clock.pass_(minutes=29)
        assert is_in(screen)
    brief.clock.pass_(minutes=30)
    assert not is_in(screen)
    brief.clock.now -= timedelta(minutes=1)
    assert is_in(screen), "the row is there until somebody logs in"


def test_after_half_a_day_one_logs_in_again_whatever_one_does(brief: Desk) -> None:
    screen = browser(brief, brief.user(Role.CLERK))
    for _time in range(35):
        brief.clock.pass_(minutes=20)
        assert is_in(screen)
    brief.clock.pass_(minutes=20)
    assert not is_in(screen)
    browser(brief, brief.user(Role.CLERK))
    with brief.office.sessions.read_only() as session:
        assert len(session.scalars(select(WebSession.id)).all()) == 1, "ended ones are forgotten"


def test_that_it_is_in_use_is_written_once_a_minute(brief: Desk) -> None:
    screen = browser(brief, brief.user(Role.CLERK))
    begun = seen_at(brief)
    brief.clock.pass_(seconds=59)
    screen.get("/")
    assert seen_at(brief) == begun
    brief.clock.pass_(seconds=1)
    screen.get("/")
    assert seen_at(brief) == begun + timedelta(minutes=1)


def test_a_browser_keeps_only_a_random_token_and_the_table_only_its_hash(desk: Desk) -> None:
    user = desk.user(Role.CLERK)
    screen = browser(desk, user)
    token = screen.client.cookies["huzhu"]
    assert len(token.partition(".")[2]) == 43
    with desk.office.sessions.read_only() as session:
        row = session.scalars(select(WebSession)).one()
        assert token.encode() not in row.token_print
        assert len(row.token_print) == 32


def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(desk: Desk, visitor: At) -> None:
    user, other = desk.user(Role.CLERK), desk.user(Role.CLERK)
    here, there, third, of_other = visitor(), visitor(), visitor(), visitor()
    for screen, person in ((here, user), (there, user), (third, user), (of_other, other)):
        screen.log_in(person)
    with desk.office.sessions.read_only() as session:
        ids = session.scalars(select(WebSession.id).order_by(WebSession.id)).all()
    page = here.get("/me").text
    assert page.count("/end") == 3
    assert "本次登录" in page
    assert f"/me/sessions/{ids[3]}/end" not in page
    assert here.post(f"/me/sessions/{ids[3]}/end").status_code == 409
    assert "已结束这个登录" in here.post(f"/me/sessions/{ids[1]}/end").text
    assert [is_in(screen) for screen in (here, there, third, of_other)] == [True, False, True, True]
    there.log_in(user)
    assert "已结束其他登录 2 个" in here.post("/me/sessions/others/end").text
    assert [is_in(screen) for screen in (here, there, third, of_other)] == [
        True,
        False,
        False,
        True,
    ]
    with desk.office.sessions.read_only() as session:
        verbs = session.scalars(select(AuditEvent.verb).filter_by(actor_id=user.id)).all()
    assert [verb for verb in verbs if verb.startswith("end_")] == ["end_session", "end_sessions"]


def test_logging_out_here_leaves_the_others_in(desk: Desk, visitor: At) -> None:
    user, here, there = desk.user(Role.CLERK), visitor(), visitor()
    here.log_in(user)
    there.log_in(user)
    here.post("/logout")
    assert not is_in(here)
    assert is_in(there)


def test_a_session_that_ends_while_it_is_used_stays_ended(desk: Desk, visitor: At) -> None:
    """Its use is noted once a minute; a log-out in another tab may come between."""
    screen = visitor()
    screen.log_in(desk.user(Role.CLERK))
    with desk.office.sessions.unit_of_work() as session:
        found = session.scalars(select(WebSession)).one()
        with desk.office.sessions.unit_of_work() as other:
            other.delete(other.get_one(WebSession, found.id))
        see(session, desk.office, found)
    assert not is_in(screen)


EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/131.0 Safari/537.36 Edg/131.0"


def test_ones_browsers_are_named_as_one_knows_them(desk: Desk) -> None:
    person = desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        begin_whole_session(session, desk.office, person, Browser("203.0.113.7", EDGE))
    page = browser(desk, person).get("/me").text
    assert ">Edge · Windows</td>" in page
    assert ">tests</td>" in page
