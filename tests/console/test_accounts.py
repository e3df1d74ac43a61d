"""Accounts on the screen: opened by one administrator, confirmed by another, changed by oneself."""

import re
import threading
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from models import AuditEvent, User
from models.people import Role
from tests.desk import PASSWORD, Desk
from workflows.people import accounts, hashing

At = Callable[..., Any]
NEW = "a password of my own"


WHO = {"login": "a", "name": "b", "staff_number": "1"}


def opened(screen: Any, **form: Any) -> str:
    """The first password of a new account."""
    answer = screen.post(
        "/people",
        {"login": "lina", "name": "李娜", "staff_number": "012", "roles": "clerk", **form},
    )
    found = re.search(r"<code>(\S+)</code>", answer.text)
    assert found is not None, answer.text
    return found[1]


def act(desk: Desk, screen: Any, what: str, login: str = "lina") -> Any:
    with desk.office.sessions.read_only() as session:
        user = accounts.user_by_login(session, login)
    shown = {"shown": user.staff_number} if what == "enable" else {}
    return screen.post(f"/people/{user.id}/{what}", shown)


def log_in(screen: Any, password: str, login: str = "lina") -> Any:
    return screen.post("/login", {"login": login, "password": password})


def test_two_administrators_let_a_person_in_who_then_chooses_his_own_password(
    desk: Desk, at_desk: At, visitor: At
) -> None:
    system, security = at_desk(Role.SYSTEM_ADMIN), at_desk(Role.SECURITY_ADMIN)
    first, lina = opened(system), visitor()
    assert log_in(lina, first).status_code == 401
    assert "已启用：lina" in act(desk, security, "enable").text
    assert "请先改成只有您知道的密码" in log_in(lina, first).text
    assert str(lina.get("/claims").url).endswith("/password")
    answer = lina.post("/password", {"old": first, "new": NEW, "again": NEW})
    assert "密码已修改" in answer.text
    assert lina.get("/claims").status_code == 200
    assert log_in(visitor(), first).status_code == 401
    assert log_in(visitor(), NEW).status_code == 200


def test_the_first_password_is_shown_once_and_kept_nowhere(desk: Desk, at_desk: At) -> None:
    system = at_desk(Role.SYSTEM_ADMIN)
    first = opened(system)
    assert first not in system.get("/people").text
    with desk.office.sessions.read_only() as session:
        user = accounts.user_by_login(session, "lina")
        events = session.scalars(select(AuditEvent).filter_by(subject="app_user")).all()
    assert first not in user.password_hash
    assert all(first not in str(event.detail) for event in events)


def test_no_administrator_can_let_a_person_in_alone(desk: Desk, at_desk: At, visitor: At) -> None:
    system, security = at_desk(Role.SYSTEM_ADMIN), at_desk(Role.SECURITY_ADMIN)
    first = opened(system)
    assert act(desk, system, "enable").status_code == 403
    assert (
        security.post("/people", {"login": "x", "name": "y", "roles": "clerk"}).status_code == 403
    )
    assert log_in(visitor(), first).status_code == 401


def test_a_reset_ends_all_visits_and_waits_for_the_second_administrator(
    desk: Desk, at_desk: At, visitor: At
) -> None:
    system, security = at_desk(Role.SYSTEM_ADMIN), at_desk(Role.SECURITY_ADMIN)
    clerk = desk.user(Role.CLERK)
    screen = visitor()
    screen.log_in(clerk)
    answer = act(desk, system, "reset", clerk.login)
    second = re.search(r"<code>(\S+)</code>", answer.text)
    assert second is not None
    assert screen.get("/claims", follow_redirects=False).status_code == 303
    assert log_in(visitor(), PASSWORD, clerk.login).status_code == 401
    assert log_in(visitor(), second[1], clerk.login).status_code == 401
    act(desk, security, "enable", clerk.login)
    assert "只有您知道的密码" in log_in(visitor(), second[1], clerk.login).text


def test_a_disabled_person_is_out_at_once_and_may_come_back(
    desk: Desk, at_desk: At, visitor: At
) -> None:
    security, clerk, screen = at_desk(Role.SECURITY_ADMIN), desk.user(Role.CLERK), visitor()
    screen.log_in(clerk)
    assert "已停用" in act(desk, security, "disable", clerk.login).text
    assert act(desk, security, "disable", clerk.login).status_code == 409
    assert screen.get("/", follow_redirects=False).status_code == 303
    act(desk, security, "enable", clerk.login)
    screen.log_in(clerk)
    assert screen.get("/").status_code == 200


def test_no_person_shuts_or_resets_his_own_account(desk: Desk, visitor: At) -> None:
    admin, screen = desk.user(Role.SYSTEM_ADMIN), visitor()
    screen.log_in(admin)
    assert act(desk, screen, "disable", admin.login).status_code == 409
    assert act(desk, screen, "reset", admin.login).status_code == 409


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"roles": ["system_admin", "cashier"]}, "岗位“出纳”和“系统管理员”不能由一人兼任"),
        ({"roles": ["auditor", "security_admin"]}, "“安全管理员”和“审计员”不能由一人兼任"),
        ({"roles": "unit_clerk"}, "请为单位经办选择单位"),
        ({"roles": ["unit_clerk", "clerk"], "unit": "1"}, "“单位经办”和“经办”不能由一人兼任"),
        ({"roles": "clerk", "unit": "1"}, "只有单位经办属于一个单位"),
        ({"roles": ["clerk", "supervisor"]}, "“经办”和“审批”不能由一人兼任"),
        ({"roles": "emperor"}, "没有这种岗位"),
        ({"roles": "clerk", "login": " "}, "请填写登录名和姓名"),
        ({"roles": "clerk", "staff_number": " "}, "请填写工号"),
        ({"roles": "clerk", "level": "senior"}, "审批级别只用于审批岗位"),
    ],
)
def test_accounts_that_must_not_be_are_refused_in_words(
    desk: Desk, at_desk: At, form: dict[str, Any], sentence: str
) -> None:
    desk.unit()
    answer = at_desk(Role.SYSTEM_ADMIN).post("/people", WHO | form)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text


def account_of(desk: Desk, login: str = "lina") -> str:
    with desk.office.sessions.read_only() as session:
        return f"/people/{accounts.user_by_login(session, login).id}/staff-number"


def test_one_administrator_asks_whose_account_it_is_and_another_one_agrees(
    desk: Desk, at_desk: At
) -> None:
    system, security = at_desk(Role.SYSTEM_ADMIN), at_desk(Role.SECURITY_ADMIN)
    opened(system)
    path, shown = account_of(desk), {"shown": "A013"}
    assert security.post(path, {"number": "A013"}).status_code == 403
    assert security.post(f"{path}/confirm", shown).status_code == 409
    assert "lina 的工号改为 A013，待安全管理员确认" in system.post(path, {"number": "a ０13"}).text
    assert system.post(f"{path}/confirm", shown).status_code == 403
    html = security.get("/people").text
    assert "<td>012<br>" in html
    assert "的工号由 012 改为 A013？" in html
    assert "lina 的工号改为 A013" in security.post(f"{path}/confirm", shown).text
    assert "<td>A013</td>" in system.get("/people").text


def test_an_account_is_enabled_only_for_the_person_that_the_page_showed(
    desk: Desk, at_desk: At
) -> None:
    security = at_desk(Role.SECURITY_ADMIN)
    opened(at_desk(Role.SYSTEM_ADMIN))
    path = account_of(desk).replace("staff-number", "enable")
    assert "工号在页面显示之后又有改动" in security.post(path, {"shown": "011"}).text
    assert 'name="shown" value="012"' in security.get("/people").text
    assert "已启用：lina" in security.post(path, {"shown": "012"}).text


def test_the_second_administrator_agrees_only_to_the_number_that_he_was_shown(
    desk: Desk, at_desk: At
) -> None:
    system, security = at_desk(Role.SYSTEM_ADMIN), at_desk(Role.SECURITY_ADMIN)
    opened(system)
    path = account_of(desk)
    for number in ("013", "014"):
        system.post(path, {"number": number})
    for act in ("confirm", "refuse"):
        late = security.post(f"{path}/{act}", {"shown": "013"})
        assert late.status_code == 409
        assert "显示之后又有改动" in late.text
    assert "lina 的工号仍为 012" in security.post(f"{path}/refuse", {"shown": "014"}).text
    assert "没有待确认的工号变动" in security.post(f"{path}/confirm", {"shown": "014"}).text
    assert "<td>012</td>" in security.get("/people").text


def test_a_supervisor_is_opened_at_a_level_which_the_page_shows(desk: Desk, at_desk: At) -> None:
    system, security = at_desk(Role.SYSTEM_ADMIN), at_desk(Role.SECURITY_ADMIN)
    opened(system, roles="supervisor", level="senior")
    assert "审批 <small>高级</small>" in security.get("/people").text
    act(desk, security, "enable")
    with desk.office.sessions.read_only() as session:
        user = accounts.user_by_login(session, "lina")
        events = session.scalars(select(AuditEvent).filter_by(subject_id=user.id, verb="enable"))
        assert (user.level, events.one().detail["level"]) == ("senior", "senior")


def test_a_unit_clerk_is_opened_with_his_unit(desk: Desk, at_desk: At) -> None:
    unit = desk.unit()
    opened(at_desk(Role.SYSTEM_ADMIN), roles="unit_clerk", unit=str(unit))
    with desk.office.sessions.read_only() as session:
        assert accounts.user_by_login(session, "lina").unit_id == unit


def test_the_auditor_sees_the_accounts_and_changes_none(at_desk: At) -> None:
    opened(at_desk(Role.SYSTEM_ADMIN))
    html = at_desk(Role.AUDITOR).get("/people").text
    assert "lina" in html
    assert "停用</button>" not in html
    assert "开设账户" not in html


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"old": "wrong", "new": NEW, "again": NEW}, 401, "原密码不对"),
        ({"old": PASSWORD, "new": NEW, "again": NEW + "!"}, 422, "不一样"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, 409, "至少 10 个字符"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, 409, "不能与原密码相同"),
    ],
)
def test_a_password_is_not_changed_lightly(
    desk: Desk, at_desk: At, form: dict[str, str], status: int, sentence: str
) -> None:
    answer = at_desk(Role.CLERK).post("/password", form)
    assert answer.status_code == status
    assert sentence in answer.text


def test_guessing_the_old_password_makes_the_guesser_wait(desk: Desk, visitor: At) -> None:
    clerk, screen = desk.user(Role.CLERK), visitor()
    screen.log_in(clerk)
    for _time in range(5):
        screen.post("/password", {"old": "wrong", "new": NEW, "again": NEW})
    assert log_in(visitor(), PASSWORD, clerk.login).status_code == 429
    right = screen.post("/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert right.status_code == 429
    desk.clock.pass_(seconds=30)
    right = screen.post("/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert "密码已修改" in right.text


def test_a_changed_password_ends_the_other_visits(desk: Desk, visitor: At) -> None:
    clerk, here, there = desk.user(Role.CLERK), visitor(), visitor()
    here.log_in(clerk)
    there.log_in(clerk)
    here.post("/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert here.get("/", follow_redirects=False).status_code == 200
    assert there.get("/", follow_redirects=False).status_code == 303
    with desk.office.sessions.read_only() as session:
        user = session.get_one(User, clerk.id)
        verbs = session.scalars(
            select(AuditEvent.verb).filter_by(subject="app_user", subject_id=user.id)
        )
        assert "change_password" in set(verbs)


def test_a_new_password_that_is_refused_is_no_wrong_one(desk: Desk, visitor: At) -> None:
    clerk, screen = desk.user(Role.CLERK), visitor()
    screen.log_in(clerk)
    for new in ("short", PASSWORD) * 4:
        answer = screen.post("/password", {"old": PASSWORD, "new": new, "again": new})
        assert answer.status_code == 409
    assert screen.post("/password", {"old": "x", "new": NEW, "again": NEW}).status_code == 401
    answer = screen.post("/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert "密码已修改" in answer.text


def test_none_of_the_last_five_passwords_comes_back(desk: Desk, visitor: At) -> None:
    clerk, screen = desk.user(Role.CLERK), visitor()
    screen.log_in(clerk)
    held = [PASSWORD, *(f"{tea} leaves in the rain" for tea in ("green", "black", "white", "red"))]
    for old, new in pairwise(held):
        assert "密码已修改" in changed(screen, old, new).text
    for former in held[:-1]:
        assert "最近五次" in changed(screen, held[-1], former).text
    for old, new in pairwise([held[-1], "a seventh of them", "an eighth of them"]):
        assert "密码已修改" in changed(screen, old, new).text
    assert "密码已修改" in changed(screen, "an eighth of them", PASSWORD).text


def test_who_asks_again_and_again_for_a_former_password_is_slowed_down(
    desk: Desk, visitor: At
) -> None:
    """Each such wish costs some hashes, for which those wait who log in."""
    clerk, screen = desk.user(Role.CLERK), visitor()
    screen.log_in(clerk)
    assert "密码已修改" in changed(screen, PASSWORD, NEW).text
    statuses = [changed(screen, NEW, PASSWORD).status_code for _time in range(6)]
    assert statuses == [409] * 5 + [429]
    with desk.office.sessions.read_only() as session:
        verbs = session.scalars(select(AuditEvent.verb).filter_by(subject="app_user"))
        assert list(verbs).count("refuse_password") == 5


def test_one_person_changes_one_password_at_a_time(desk: Desk, visitor: At) -> None:
    clerk, screen = desk.user(Role.CLERK), visitor()
    screen.log_in(clerk)
    with hashing.the_place_of(clerk.id):
        answer = changed(screen, PASSWORD, NEW)
    assert answer.status_code == 503
    assert "尚未完成" in answer.text
    assert "密码已修改" in changed(screen, PASSWORD, NEW).text


def test_who_logs_in_does_not_wait_for_who_changes_his_password() -> None:
    done: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def first() -> None:
        begun.set()
        go_on.wait()

    under_way = hashing.in_turn(first)
    begun.wait()
    others = [
        hashing.after_log_ins(partial(done.append, "change")),
        hashing.in_turn(partial(done.append, "log in")),
    ]
    go_on.set()
    for each in (under_way, *others):
        each.result()
    assert done == ["log in", "change"]


def changed(screen: Any, old: str, new: str) -> Any:
    return screen.post("/password", {"old": old, "new": new, "again": new})
