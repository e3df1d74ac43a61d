"""Who may log in: right and wrong passwords, locks, and how a password is kept."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from models import AuditEvent, User
from models.people import Role
from rules.errors import Refused
from tests.desk import PASSWORD, Desk
from workflows.engine.history import broken_links
from workflows.people.accounts import AccountFacts, add_user, user_by_login
from workflows.people.passwords import log_in


def try_in(desk: Desk, login: str, password: str = PASSWORD) -> User | None:
    with desk.office.sessions.unit_of_work() as session:
        return log_in(session, desk.office, login, password)


@pytest.fixture
def login(desk: Desk) -> str:
    return desk.user(Role.CLERK).login


def test_the_right_password_lets_in(desk: Desk, login: str) -> None:
    found = try_in(desk, login)
    assert found is not None
    assert found.login == login


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), "x" * 100_000])
def test_a_wrong_password_does_not(desk: Desk, login: str, password: str) -> None:
    assert try_in(desk, login, password) is None


def test_an_unknown_name_takes_as_much_work_as_a_wrong_password(desk: Desk) -> None:
    assert try_in(desk, "nobody") is None
    assert try_in(desk, "") is None


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(
    desk: Desk, login: str
) -> None:
    for _ in range(5):
        assert try_in(desk, login, "wrong") is None
    assert try_in(desk, login) is None
    desk.clock.now += timedelta(minutes=14)
    assert try_in(desk, login) is None
    desk.clock.now += timedelta(minutes=1)
    assert try_in(desk, login) is not None


def test_the_right_password_makes_the_wrong_ones_before_it_forgotten(
    desk: Desk, login: str
) -> None:
    for _ in range(3):
        for _ in range(4):
            assert try_in(desk, login, "wrong") is None
        assert try_in(desk, login) is not None


def test_one_locked_account_does_not_lock_another(desk: Desk, login: str) -> None:
    other = desk.user(Role.CLERK).login
    for _ in range(5):
        try_in(desk, login, "wrong")
    assert try_in(desk, other) is not None


def test_a_disabled_account_stays_out(desk: Desk, login: str) -> None:
    with desk.office.sessions.unit_of_work() as session:
        user_by_login(session, login).disabled_at = desk.clock()
    assert try_in(desk, login) is None


def test_every_log_in_and_every_failure_is_in_the_history(desk: Desk, login: str) -> None:
    try_in(desk, login, "wrong")
    try_in(desk, login)
    with desk.office.sessions.read_only() as session:
        of_users = select(AuditEvent.verb).where(AuditEvent.subject == User.__tablename__)
        verbs = session.scalars(of_users.order_by(AuditEvent.seq)).all()
        assert verbs == ["add_user", "fail_log_in", "log_in"]
        assert list(broken_links(session)) == []


@pytest.mark.parametrize("password", ["", "short", "123456789", "          "])
def test_a_weak_password_is_refused(desk: Desk, password: str) -> None:
    with pytest.raises(Refused, match="密码"), desk.office.sessions.unit_of_work() as session:
        account = AccountFacts("new", "新人", "N-1", (Role.CLERK,))
        add_user(session, desk.office, account, password, by=None)


def test_a_password_is_not_the_name_it_goes_with(desk: Desk) -> None:
    with pytest.raises(Refused, match="密码"), desk.office.sessions.unit_of_work() as session:
        account = AccountFacts("zhangsan2026", "张三", "N-1", (Role.CLERK,))
        add_user(session, desk.office, account, "zhangsan2026", by=None)


def test_a_password_is_kept_only_as_a_hash(desk: Desk, login: str) -> None:
    with desk.office.sessions.read_only() as session:
        kept = user_by_login(session, login).password_hash
        assert kept.startswith("$argon2id$")
        assert PASSWORD not in kept
        assert PasswordHasher().verify(kept, PASSWORD)
