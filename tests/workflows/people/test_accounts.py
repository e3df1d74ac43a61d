"""The first administrators are made at the machine, once; everybody else by two of them."""

from contextlib import nullcontext

import pytest
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from console.people_cli import commands
from models import User
from models.people import Role
from rules.errors import Refused
from tests.desk import PASSWORD, Desk
from workflows.people import accounts, passwords
from workflows.people.accounts import AccountFacts
from workflows.people.attempts import LogInSender
from workflows.people.excluded_roles import ADMINISTRATORS, EXCLUDING
from workflows.people.persons import ask_staff_number


def appoint(desk: Desk, login: str, role: Role) -> accounts.OpenedAccount:
    with desk.office.sessions.unit_of_work() as session:
        number = login.replace("_", "-")
        return accounts.appoint(session, desk.office, login, login, role, number)


def test_the_first_administrator_of_each_kind_can_log_in(desk: Desk) -> None:
    for role in ADMINISTRATORS:
        made = appoint(desk, role.value, role)
        found = passwords.log_in(desk.office, role.value, made.password, LogInSender("here"))
        assert found is not None
        assert found.must_change_password


def test_a_second_one_is_not_made_at_the_machine(desk: Desk) -> None:
    appoint(desk, "one", Role.SYSTEM_ADMIN)
    with pytest.raises(Refused, match="已有这个岗位的人"):
        appoint(desk, "two", Role.SYSTEM_ADMIN)


def test_a_person_who_moves_money_is_not_made_at_the_machine(desk: Desk) -> None:
    for role in set(Role) - ADMINISTRATORS:
        with pytest.raises(Refused, match="只设管理员和审计员"):
            appoint(desk, "one", role)


def test_the_command_prints_the_first_password(desk: Desk) -> None:
    result = CliRunner().invoke(
        commands,
        ["people", "appoint", "admin", "系统管理员", "system_admin", "A-1"],
        obj=lambda: nullcontext(desk.office),
    )
    assert result.exit_code == 0, result.output
    password = result.output.split("：")[1].split("（")[0]
    assert passwords.log_in(desk.office, "admin", password, LogInSender("here")) is not None


@pytest.mark.parametrize("act", ["open_account", "reset_password", "enable", "disable"])
def test_only_administrators_touch_accounts(desk: Desk, act: str) -> None:
    for role in set(Role) - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}:
        person, other = desk.user(role), desk.user(Role.CLERK)
        with desk.office.sessions.unit_of_work() as session, pytest.raises(Refused):
            if act == "open_account":
                new = AccountFacts("new", "新人", "N-1", (Role.CASHIER,))
                accounts.open_account(session, desk.office, person, new)
            else:
                shown = [other.staff_number] if act == "enable" else []
                getattr(accounts, act)(session, desk.office, person, other, *shown)


def test_a_name_is_taken_only_once(desk: Desk) -> None:
    login = desk.user(Role.CLERK).login
    with pytest.raises(Refused, match=login), desk.office.sessions.unit_of_work() as session:
        account = AccountFacts(login, "另一人", "N-1", (Role.CLERK,))
        accounts.add_user(session, desk.office, account, PASSWORD, by=None)


@pytest.mark.parametrize(
    "roles",
    [
        [Role.SYSTEM_ADMIN, Role.SUPERVISOR],
        [Role.SECURITY_ADMIN, Role.CASHIER],
        [Role.AUDITOR, Role.CLERK],
        [Role.SYSTEM_ADMIN, Role.AUDITOR],
        [],
    ],
)
def test_the_three_administrators_are_three_people_who_do_nothing_else(
    desk: Desk, roles: list[Role]
) -> None:
    user = desk.user(Role.CLERK)
    with pytest.raises(IntegrityError), desk.office.sessions.unit_of_work() as session:
        session.get_one(User, user.id).roles = [role.value for role in roles]


@pytest.mark.parametrize("held", sorted(sorted(each) for each in EXCLUDING), ids="-".join)
def test_roles_that_exclude_each_other_are_granted_to_nobody(desk: Desk, held: list[Role]) -> None:
    """Neither by one account nor by two, as long as both are open."""
    office, (one, other) = desk.office, held
    unit = desk.unit()
    admin, second = desk.user(Role.SYSTEM_ADMIN), desk.user(Role.SECURITY_ADMIN)

    def opened(login: str, *roles: Role) -> int:
        with office.sessions.unit_of_work() as session:
            of_unit = unit if Role.UNIT_CLERK in roles else None
            account = AccountFacts(login, "李四", "007", roles, of_unit)
            made = accounts.open_account(session, office, admin, account)
            return made.user.id

    def enabled(id_: int) -> None:
        with office.sessions.unit_of_work() as session:
            accounts.enable(session, office, second, session.get_one(User, id_), "007")

    with pytest.raises(Refused, match="不能由一人兼任"):
        opened("both", one, other)
    first, later = opened("first", one), opened("later", other)
    enabled(first)
    with pytest.raises(Refused, match=r"（工号 007）的账户 first 的岗位.*不能由一人兼任"):
        enabled(later)
    with pytest.raises(Refused, match="账户 first"):
        opened("another", other)
    with office.sessions.unit_of_work() as session:
        accounts.disable(session, office, second, session.get_one(User, first))
    enabled(later)


def test_two_accounts_with_roles_that_exclude_each_other_do_not_become_one_persons(
    desk: Desk,
) -> None:
    admin, clerk = desk.user(Role.SYSTEM_ADMIN), desk.user(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        account = AccountFacts("boss", clerk.name, "boss", (Role.SUPERVISOR,))
        boss = accounts.add_user(session, desk.office, account, PASSWORD, by=None)
        with pytest.raises(Refused, match=f"“审批”与同一人.*账户 {clerk.login} 的岗位“经办”"):
            ask_staff_number(session, desk.office, admin, boss, clerk.staff_number)


def test_an_administrator_does_not_enable_his_own_account(desk: Desk) -> None:
    admin = desk.user(Role.SECURITY_ADMIN)
    mine = desk.user(Role.SECURITY_ADMIN, of=admin)
    with desk.office.sessions.unit_of_work() as session:
        accounts.disable(
            session, desk.office, desk.user(Role.SYSTEM_ADMIN), session.get_one(User, mine.id)
        )
    with desk.office.sessions.unit_of_work() as session, pytest.raises(Refused, match="自己的账户"):
        user = session.get_one(User, mine.id)
        accounts.enable(session, desk.office, admin, user, user.staff_number)


def test_an_unknown_user_is_named(desk: Desk) -> None:
    with pytest.raises(Refused, match="nobody"), desk.office.sessions.read_only() as session:
        accounts.user_by_login(session, "nobody")
