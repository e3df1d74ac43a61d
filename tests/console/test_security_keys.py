"""Security keys: added with a code, given in its place, and worth nothing elsewhere or again."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from console.app import build
from models import SecurityKey, User
from models.people import Role
from tests.console.conftest import Visitor
from tests.console.soft_key import SoftKey
from tests.desk import PASSWORD, Desk
from workflows.people import second_factor

ORIGIN = "https://huzhu.example.org"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Opened = Callable[[], Visitor]


@pytest.fixture
def opened(desk: Desk) -> Opened:
    """A new browser at a console that knows its own address."""
    settings = desk.office.settings.model_copy(update={"origin": ORIGIN})
    office = replace(desk.office, settings=settings)
    return lambda: Visitor(office, TestClient(build(office), raise_server_exceptions=False))


@pytest.fixture
def user(desk: Desk) -> User:
    """A supervisor with a telephone."""
    found = desk.user(Role.SUPERVISOR)
    with desk.office.sessions.unit_of_work() as session:
        second_factor.take_up(session, desk.office, session.get_one(User, found.id), SECRET)
    return found


def code_of(desk: Desk, user: User) -> str:
    with desk.office.sessions.read_only() as session:
        return second_factor.code_of(session, desk.office, user, SECRET)


def asked_by(html: str) -> dict[str, Any]:
    found = re.search(r'data-(?:make-key|sign-by-key)="([^"]+)"', html)
    assert found is not None, html
    asked: dict[str, Any] = json.loads(unescape(found[1]))
    return asked


def with_key(desk: Desk, user: User, screen: Visitor, origin: str = ORIGIN) -> tuple[SoftKey, Any]:
    """A key of his, and what came of adding it."""
    key = SoftKey(origin)
    screen.log_in(user)
    page = screen.post("/me/keys/new", {"code": code_of(desk, user)})
    answer = key.make(asked_by(page.text))
    return key, screen.post("/me/keys", {"answer": answer, "name": "办公室的密钥"})


def half_in(screen: Visitor, user: User) -> dict[str, Any]:
    """The password was given; what a key is asked to sign."""
    screen.client.cookies.clear()
    return asked_by(screen.post("/login", {"login": user.login, "password": PASSWORD}).text)


def is_in(screen: Visitor) -> bool:
    return screen.get("/approvals", follow_redirects=False).status_code == 200


def test_a_key_that_was_added_with_a_code_signs_in_its_place(
    desk: Desk, user: User, opened: Opened
) -> None:
    screen = opened()
    key, answer = with_key(desk, user, screen)
    assert "已添加安全密钥" in answer.text
    assert "办公室的密钥" in answer.text
    asked = half_in(screen, user)
    assert not is_in(screen)
    assert screen.post("/second-factor/key", {"answer": key.sign(asked)}).status_code == 200
    assert is_in(screen)
    with desk.office.sessions.read_only() as session:
        id_ = session.scalars(select(SecurityKey.id)).one()
    other = opened()
    other.log_in(desk.user(Role.CLERK))
    assert other.post(f"/me/keys/{id_}/remove").status_code == 409, "another person's"
    assert "已删除安全密钥" in screen.post(f"/me/keys/{id_}/remove").text


def test_no_key_is_added_without_a_code_or_from_another_page(
    desk: Desk, user: User, opened: Opened
) -> None:
    screen = opened()
    _key, answer = with_key(desk, user, screen, "https://huzhu.example.com")
    assert "没有添加安全密钥" in answer.text
    assert "data-make-key" not in screen.post("/me/keys/new", {"code": "000000"}).text
    assert "没有添加安全密钥" in screen.post("/me/keys", {"answer": "{}"}).text
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(SecurityKey)).all() == []


def elsewhere(key: SoftKey, asked: dict[str, Any]) -> str:
    key.origin = "https://huzhu.example.com"
    return key.sign(asked)


def as_made_up(_key: SoftKey, asked: dict[str, Any]) -> str:
    return SoftKey(ORIGIN).sign(asked)


def by_another_pair(key: SoftKey, asked: dict[str, Any]) -> str:
    return SoftKey(ORIGIN, credential=key.credential).sign(asked)


def by_a_copy(key: SoftKey, asked: dict[str, Any]) -> str:
    key.signed = 0
    return key.sign(asked)


def of_an_old_challenge(key: SoftKey, asked: dict[str, Any]) -> str:
    return key.sign(asked | {"challenge": "b2xk"})


@pytest.mark.parametrize(
    "signs",
    [elsewhere, as_made_up, by_another_pair, by_a_copy, of_an_old_challenge],
    ids=lambda signs: str(signs.__name__),
)
def test_what_the_persons_key_did_not_sign_here_and_now_lets_nobody_in(
    desk: Desk, user: User, opened: Opened, signs: Callable[..., str]
) -> None:
    screen = opened()
    key, _answer = with_key(desk, user, screen)
    asked = half_in(screen, user)
    assert screen.post("/second-factor/key", {"answer": key.sign(asked)}).status_code == 200
    answer = signs(key, half_in(screen, user))
    assert screen.post("/second-factor/key", {"answer": answer}).status_code == 401
    assert not is_in(screen)


def test_a_signature_counts_once(desk: Desk, user: User, opened: Opened) -> None:
    screen = opened()
    key, _answer = with_key(desk, user, screen)
    answer = key.sign(half_in(screen, user))
    half_in(screen, user)
    assert screen.post("/second-factor/key", {"answer": answer}).status_code == 401
    assert screen.post("/second-factor/key", {"answer": answer}).status_code == 401


def test_a_reset_of_the_second_factor_forgets_the_keys(
    desk: Desk, user: User, opened: Opened
) -> None:
    with_key(desk, user, opened())
    with desk.office.sessions.unit_of_work() as session:
        second_factor.forget_factor(session, user)
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(SecurityKey)).all() == []
