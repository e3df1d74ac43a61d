"""Who may log in: right and wrong passwords, locks, and how a password is kept."""

from contextlib import suppress
from functools import partial

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from models import AuditEvent, LogInAttempt, User
from models.people import Role
from rules.errors import Refused
from tests.desk import PASSWORD, Desk, at_once
from workflows.engine.history import broken_links
from workflows.people.accounts import AccountFacts, add_user, user_by_login
from workflows.people.attempts import LogInSender, TryLater
from workflows.people.passwords import log_in

STRANGER = LogInSender("192.0.2.7")


def try_in(
    desk: Desk, login: str, password: str = PASSWORD, sender: LogInSender = STRANGER
) -> User | None:
    return log_in(desk.office, login, password, sender)


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


def test_five_wrong_passwords_make_their_sender_wait_and_each_one_more_twice_as_long(
    desk: Desk, login: str
) -> None:
    for _ in range(5):
        assert try_in(desk, login, "wrong") is None
    for wait in (30, 60, 120, 240, 480, 900, 900):
        with pytest.raises(TryLater, match=f" {wait + 1} 秒"):
            try_in(desk, login)
        desk.clock.pass_(seconds=wait)
        assert try_in(desk, login, "wrong") is None
    desk.clock.pass_(minutes=15)
    assert try_in(desk, login) is not None


def test_wrong_passwords_from_elsewhere_keep_nobody_out(desk: Desk, login: str) -> None:
    for _ in range(5):
        try_in(desk, login, "wrong")
    for _ in range(60):
        with suppress(TryLater):
            try_in(desk, "another name", "wrong")
    at_home, known_there = (
        LogInSender("192.0.2.8"),
        LogInSender("192.0.2.7", "a browser he was in before"),
    )
    assert try_in(desk, login, sender=at_home) is not None
    assert try_in(desk, login, sender=known_there) is not None
    with pytest.raises(TryLater):
        try_in(desk, login)


def test_one_sender_who_tries_many_names_waits_for_all_of_them(desk: Desk, login: str) -> None:
    for at in range(50):
        assert try_in(desk, f"name{at}", "wrong") is None
    with pytest.raises(TryLater):
        try_in(desk, login)
    desk.clock.pass_(minutes=20)
    assert try_in(desk, login) is not None


def test_an_office_that_mistypes_now_and_then_behind_one_address_is_never_held(desk: Desk) -> None:
    for at in range(60):
        assert try_in(desk, f"name{at}", "wrong") is None
        desk.clock.pass_(minutes=1, seconds=59)


def test_who_comes_in_after_wrong_ones_leaves_nothing_counted_at_his_address(
    desk: Desk, login: str
) -> None:
    for _ in range(13):
        for _ in range(4):
            assert try_in(desk, login, "wrong") is None
        assert try_in(desk, login) is not None


def test_many_at_one_address_come_in_at_once_while_old_attempts_are_forgotten(desk: Desk) -> None:
    """Each locks the address and his name, and deletes what is old, in whatever order it stands."""
    logins = [desk.user(Role.CLERK).login for _ in range(6)]
    for login in [*logins, *(f"name{at}" for at in range(20))]:
        try_in(desk, login, "wrong")
    desk.clock.pass_(days=2)
    calls = [
        partial(try_in, desk, login, password)
        for login in logins
        for password in (PASSWORD, "wrong", PASSWORD)
    ]
    found = at_once(*calls)
    assert [one is not None for one in found] == [True, False, True] * 6
    with desk.office.sessions.read_only() as session:
        assert len(session.scalars(select(LogInAttempt)).all()) <= 7


def test_many_wrong_passwords_at_once_are_each_counted(desk: Desk, login: str) -> None:
    def guess() -> str:
        try:
            return str(try_in(desk, login, "wrong"))
        except TryLater:
            return "later"

    answers = at_once(*[guess] * 8)
    assert sorted(answers) == ["None"] * 5 + ["later"] * 3


def test_a_name_that_nobody_has_is_answered_like_one_that_exists(desk: Desk, login: str) -> None:
    answers = []
    for name in (login, "nobody"):
        for _ in range(5):
            assert try_in(desk, name, "wrong") is None
        with pytest.raises(TryLater) as refusal:
            try_in(desk, name)
        answers.append(str(refusal.value))
    assert answers[0] == answers[1]


def test_the_right_password_makes_the_wrong_ones_before_it_forgotten(
    desk: Desk, login: str
) -> None:
    for _ in range(3):
        for _ in range(4):
            assert try_in(desk, login, "wrong") is None
        assert try_in(desk, login) is not None


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


@pytest.mark.parametrize(
    "password",
    [
        "Password2026!",
        "1qaz2wsx3edc",
        "woaini1314520",
        "huzhu2026!!",
        "zhangsan2026",
        "张三张三张三张三张三",
    ],
    ids=["common", "keyboard", "pinyin", "programme", "login", "name"],
)
def test_a_password_that_strangers_try_first_is_refused(desk: Desk, password: str) -> None:
    with pytest.raises(Refused, match="太容易猜到"), desk.office.sessions.unit_of_work() as session:
        account = AccountFacts("zhangsan", "张三", "N-1", (Role.CLERK,))
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
