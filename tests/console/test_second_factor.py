"""The second factor on the screen: asked after the password, set up at the first log-in."""

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest

from models.people import Role
from tests.desk import PASSWORD, Desk
from workflows.people import accounts
from workflows.people.second_factor import ASKED_OF

At = Callable[..., Any]
TOKEN = re.compile(r'name="token" value="(\w+)"')
SECRET = re.compile(r"<code>([A-Z2-7]{32})</code>")


def test_the_first_log_in_sets_it_up_and_the_next_asks_for_it(desk: Desk, visitor: At) -> None:
    login = desk.user(Role.SUPERVISOR).login
    first = visitor()
    page = first.post("/login", {"login": login, "password": PASSWORD, "back": "/approvals"}).text
    found = SECRET.search(page)
    assert found is not None
    assert "<svg" in page
    wrong = first.post("/second-factor/set-up", {"code": "000000", "back": "/approvals"})
    assert wrong.status_code == 401
    assert found[1] in wrong.text, "the same secret as before"
    maker = pyotp.TOTP(found[1])
    form = {"code": maker.at(desk.clock()), "back": "/approvals"}
    codes = first.post("/second-factor/set-up", form).text
    assert len(re.findall(r"\b\w{4}-\w{4}-\w{4}-\w{4}\b", codes)) == 10
    assert first.get("/approvals", follow_redirects=False).status_code == 200
    assert first.get("/second-factor").text.count("<code>") == 0, "the secret is not shown again"

    second = visitor()
    page = second.post("/login", {"login": login, "password": PASSWORD, "back": "/approvals"}).text
    assert "动态口令或恢复码" in page
    used = second.post("/second-factor", form)
    assert used.status_code == 401
    desk.clock.pass_(seconds=30)
    code = maker.at(desk.clock())
    form = {"code": f"{code[:3]}-{code[3:]} ", "back": "/approvals"}
    assert str(second.post("/second-factor", form).url).endswith("/approvals")
    # Who goes back in his browser is asked for no code again.
    again = second.get("/second-factor?back=/approvals")
    assert str(again.url).endswith("/approvals")


@pytest.mark.parametrize("role", sorted(Role))
def test_who_moves_money_or_rights_opens_no_page_by_his_password_alone(
    desk: Desk, visitor: At, role: Role
) -> None:
    screen = visitor()
    screen.post("/login", {"login": desk.user(role).login, "password": PASSWORD})
    opened = screen.get("/", follow_redirects=False)
    assert (opened.status_code == 303) == (role in ASKED_OF)
    if role in ASKED_OF:
        asked = screen.get("/").text
        assert re.findall(r'<a href="([^"]+)"', asked) == ["/me"], "no menu before the code"
        assert "/logout" in asked
        for path in ("/", "/me", "/password"):
            answer = screen.get(path, follow_redirects=False)
            assert answer.headers["location"].startswith("/second-factor?back=")
        assert screen.post("/me/sessions/others/end", follow_redirects=False).status_code == 303


def test_a_clerk_may_set_one_up_and_is_asked_from_then_on(desk: Desk, visitor: At) -> None:
    user, screen = desk.user(Role.CLERK), visitor()
    screen.log_in(user)
    found = SECRET.search(screen.get("/second-factor").text)
    assert found is not None
    screen.post("/second-factor/set-up", {"code": pyotp.TOTP(found[1]).at(desk.clock())})
    assert "恢复码还剩 10 个" in screen.get("/me").text
    other = visitor()
    answer = other.post("/login", {"login": user.login, "password": PASSWORD})
    assert "动态口令或恢复码" in answer.text


def test_two_administrators_reset_it_on_the_page(desk: Desk, visitor: At) -> None:
    user, screen = desk.user(Role.CASHIER), visitor()
    screen.log_in(user)
    found = SECRET.search(screen.get("/second-factor").text)
    assert found is not None
    screen.post("/second-factor/set-up", {"code": pyotp.TOTP(found[1]).at(desk.clock())})
    system, security = visitor(), visitor()
    system.log_in(desk.user(Role.SYSTEM_ADMIN))
    security.log_in(desk.user(Role.SECURITY_ADMIN))
    path = f"/people/{user.id}/second-factor/reset"
    own = system.post(path).text
    assert "待另一管理员同意" in own
    assert "须由另一人确认" in own
    assert path + "/agree" not in own
    assert system.post(f"{path}/agree").status_code == 409
    assert path + "/agree" in security.get("/people").text
    assert "已重置" in security.post(f"{path}/agree").text
    assert screen.get("/", follow_redirects=False).status_code == 303


def test_a_set_up_code_opens_one_session_and_is_changed_in_it(desk: Desk, visitor: At) -> None:
    with desk.office.sessions.unit_of_work() as session:
        opened = accounts.appoint(
            session, desk.office, "root", "李安全", Role.SECURITY_ADMIN, "S-1"
        )
    login, code, new = {"login": "root"}, {"password": opened.password}, "a mountain of tea leaves"
    screen, other = visitor(), visitor()
    typed = {"password": opened.password.replace("-", " ").lower()}
    found = SECRET.search(screen.post("/login", login | typed).text)
    assert found is not None
    assert other.post("/login", login | code).status_code == 401, "it lets in once"
    screen.post("/second-factor/set-up", {"code": pyotp.TOTP(found[1]).at(desk.clock())})
    assert str(screen.get("/").url).endswith("/password")
    form = {"old": opened.password, "new": new, "again": new}
    assert "密码已修改" in screen.post("/password", form).text
    assert "动态口令或恢复码" in other.post("/login", login | {"password": new}).text


def test_a_token_that_was_known_before_the_code_is_worth_nothing_after_it(
    desk: Desk, visitor: At
) -> None:
    user, screen, thief = desk.user(Role.SUPERVISOR), visitor(), visitor()
    tokens, half_in = [], {"login": user.login, "password": PASSWORD}
    found = SECRET.search(screen.post("/login", half_in).text)
    assert found is not None
    tokens.append(screen.client.cookies["huzhu"])
    code = {"code": pyotp.TOTP(found[1]).at(desk.clock())}
    form = TOKEN.search(screen.post("/second-factor/set-up", code).text)
    assert form is not None
    assert form[1] == screen.token(), "the page that comes with the new one carries its token"
    tokens.append(screen.client.cookies["huzhu"])
    screen.post("/login", half_in)
    tokens.append(screen.client.cookies["huzhu"])
    desk.clock.pass_(seconds=30)
    screen.post("/second-factor", {"code": pyotp.TOTP(found[1]).at(desk.clock())})
    tokens.append(screen.client.cookies["huzhu"])
    assert len(set(tokens)) == 4
    for token in tokens:
        thief.client.cookies.set("huzhu", token)
        is_in = thief.get("/me", follow_redirects=False).status_code == 200
        assert is_in == (token in tokens[1::2])
