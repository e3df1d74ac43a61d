"""Each request has an id: in the answer, on a page that refuses, and in what the act caused."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from console.app import build
from models import Packet
from models.people import Role
from tests.console.conftest import Visitor, Visitors
from tests.desk import Desk, a_stay
from workflows.engine.office import Office
from workflows.engine.origin import new_correlation, well_formed

At = Callable[..., Visitor]


def test_each_answer_has_an_id_of_its_own(visitor: Visitors) -> None:
    answers = [visitor().get("/login").headers["x-request-id"] for _ in range(2)]
    assert answers[0] != answers[1]
    assert all(well_formed(each) for each in answers)


@pytest.mark.parametrize("sent", [new_correlation(), str(uuid4())], ids=["ours", "a proxy's"])
def test_an_id_that_a_proxy_gave_is_kept(visitor: Visitors, office: Office, sent: str) -> None:
    said = {"X-Request-ID": sent}
    assert visitor().get("/login", headers=said).headers["x-request-id"] != sent
    settings = office.settings.model_copy(update={"trusted_proxies": "*"})
    behind = Visitor(office, TestClient(build(replace(office, settings=settings))))
    assert behind.get("/login", headers=said).headers["x-request-id"] == sent


@pytest.mark.parametrize("sent", ["220102196803121527", "a" * 5000, "x y", "<b>", ""])
def test_what_is_no_id_is_replaced(visitor: Visitors, sent: str) -> None:
    answer = visitor().get("/login", headers={"X-Request-ID": sent})
    assert well_formed(answer.headers["x-request-id"])
    assert answer.headers["x-request-id"] != sent


def test_a_refusal_shows_its_id_for_a_clerk_to_read_out(at_desk: At) -> None:
    answer = at_desk(Role.CLERK).get("/no-such-page")
    assert answer.status_code == 404
    shown = re.search(r'<p class="correlation">编号 (\S+)</p>', answer.text)
    assert shown is not None
    assert shown[1] == answer.headers["x-request-id"]


def test_the_steps_that_an_upload_causes_carry_the_id_of_its_request(
    desk: Desk, at_desk: At
) -> None:
    page = desk.scan(a_stay(desk.member())[0])
    desk.bells.clear()
    answer = at_desk(Role.CLERK).post(
        "/packets", files={"files": ("出院记录.jpg", page, "image/jpeg")}, follow_redirects=False
    )
    with desk.office.sessions.read_only() as session:
        packet = session.scalars(select(Packet)).one()
    [bell] = [bell for bell in desk.bells if bell.id == packet.id]
    assert bell.correlation == answer.headers["x-request-id"]


def test_the_log_names_the_route_and_the_person_but_nothing_that_was_typed(
    at_desk: At, caplog: pytest.LogCaptureFixture
) -> None:
    clerk = at_desk(Role.CLERK)
    caplog.clear()
    caplog.set_level(logging.INFO, "huzhu.console")
    clerk.get("/claims/HZ2026220102?q=220102196803121527")
    clerk.get("/张三/220102196803121527")
    said = [r.getMessage() for r in caplog.records if r.name == "huzhu.console"]
    assert len(said) == 2
    assert re.match(r"method=GET route=/claims/\{\w+\} status=404 ms=\d+ person=\d+$", said[0])
    assert re.match(r"method=GET route=None status=404 ms=\d+ person=None$", said[1])
