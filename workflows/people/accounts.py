"""Accounts (账户): one administrator opens and resets them, another one confirms them.

The system administrator knows the first password of each person he adds. So that he cannot act
as that person, the security administrator confirms the account, and the password must be changed.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from language import _
from models import Unit, User
from models.people import Role
from rules.approval_limits import ApproverLevel
from rules.errors import OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.account_names import as_log_in, as_staff_number
from workflows.people.ended_tokens import end_tokens
from workflows.people.excluded_roles import ADMINISTRATORS, refuse_excluded
from workflows.people.passwords import hash_of, replace_hash
from workflows.people.persons import own_accounts, refuse_another_name
from workflows.people.rights import Act, require
from workflows.people.second_factor import forget_factor, new_code
from workflows.people.sessions import end_sessions

_SETUP_CODE_LIFE = timedelta(days=1)


@dataclass(frozen=True)
class AccountFacts:
    """What an account is opened with: `staff_number` tells the person, `unit_id` is set for unit
    clerks only, `level` means something for supervisors only."""

    login: str
    name: str
    staff_number: str
    roles: tuple[Role, ...]
    unit_id: int | None = None
    level: ApproverLevel = ApproverLevel.ORDINARY


@dataclass(frozen=True)
class OpenedAccount:
    """An account and its first password, which is shown once and stored only as a hash."""

    user: User
    password: str = field(repr=False)


def open_account(
    session: Session, office: Office, admin: User, account: AccountFacts
) -> OpenedAccount:
    """Add a person; the account opens when the security administrator confirms it."""
    require(admin, Act.OPEN_ACCOUNTS)
    _check_roles(session, account)
    name = account.name.strip()
    if not name:
        raise Refused(_("请填写登录名和姓名"))
    password = secrets.token_urlsafe(9)
    user = add_user(session, office, replace(account, name=name), password, admin)
    user.must_change_password, user.disabled_at = True, office.clock()
    return OpenedAccount(user, password)


def appoint(
    session: Session, office: Office, login: str, name: str, role: Role, staff_number: str
) -> OpenedAccount:
    """Create the first administrator of a kind from the command line; he opens all others."""
    if role not in ADMINISTRATORS:
        raise Refused(_("这里只设管理员和审计员；其他账户由系统管理员在网页上开设"))
    if session.scalar(select(User.id).where(User.roles == [role.value]).limit(1)) is not None:
        raise Refused(_("已有这个岗位的人，请在网页上办理"))
    code = new_code()
    account = AccountFacts(login, name, staff_number, (role,))
    user = add_user(session, office, account, code, by=None)
    user.must_change_password = True
    user.first_password_until = office.clock() + _SETUP_CODE_LIFE
    return OpenedAccount(user, code)


def set_up_again(session: Session, office: Office, login: str) -> OpenedAccount:
    """A new set-up code for an administrator who cannot come in, from the command line: the account
    is open, its second factor is set up anew. So no administrator is locked out for good."""
    user = user_by_login(session, login)
    session.refresh(user, with_for_update=True)
    if not ADMINISTRATORS & set(user.roles):
        raise Refused(_("这里只为管理员和审计员重设；其他账户由系统管理员在网页上办理"))
    refuse_excluded(session, user.roles, user.staff_number, user.id)
    code = new_code()
    replace_hash(session, office, user, hash_of(office, code, user.login))
    user.must_change_password, user.disabled_at = True, None
    user.first_password_until = office.clock() + _SETUP_CODE_LIFE
    forget_factor(session, user)
    end_sessions(session, user)
    end_tokens(session, office, user, None)
    record(session, user, "set_up_again", office.clock())
    return OpenedAccount(user, code)


def reset_password(session: Session, office: Office, admin: User, user: User) -> OpenedAccount:
    """Give a new first password; the account stays shut until it is confirmed again."""
    require(admin, Act.OPEN_ACCOUNTS)
    if user.id in own_accounts(session, admin):
        raise OwnWork(_("自己的密码请在“修改密码”中更改"))
    password = secrets.token_urlsafe(9)
    replace_hash(session, office, user, hash_of(office, password, user.login))
    user.must_change_password, user.first_password_until = True, None
    user.disabled_at = office.clock()
    end_sessions(session, user)
    end_tokens(session, office, user, admin)
    record(session, user, "reset_password", office.clock(), admin.id)
    return OpenedAccount(user, password)


def disable(session: Session, office: Office, admin: User, user: User) -> None:
    """Disable the account and end its sessions at once."""
    require(admin, Act.SHUT_ACCOUNTS)
    if user.id in own_accounts(session, admin):
        raise OwnWork(_("不能停用自己的账户"))
    if user.disabled_at is not None:
        raise Refused(_("这个账户已经停用"))
    user.disabled_at = office.clock()
    end_sessions(session, user)
    end_tokens(session, office, user, admin)
    record(session, user, "disable", office.clock(), admin.id)


def enable(session: Session, office: Office, admin: User, user: User, shown: str) -> None:
    """Confirm the person, by the staff number that was `shown`, and the roles, and enable the
    account. Name, roles and level never change."""
    require(admin, Act.CONFIRM_ACCOUNTS)
    if user.disabled_at is None:
        raise Refused(_("这个账户已经启用"))
    if user.id in own_accounts(session, admin):
        raise OwnWork(_("不能启用自己的账户"))
    if user.staff_number != shown:
        raise Refused(_("工号在页面显示之后又有改动，请刷新后重新核对"))
    refuse_excluded(session, user.roles, user.staff_number, user.id)
    user.disabled_at = None
    record(session, user, "enable", office.clock(), admin.id, roles=user.roles, level=user.level)


def add_user(
    session: Session, office: Office, account: AccountFacts, password: str, by: User | None
) -> User:
    """Create an account by which a person can log in; `by` None: the command line, or the samples.

    Refused for a weak password, a log-in that is taken, another person's staff number, and a role
    that excludes another one of the person.
    """
    login, number = as_log_in(account.login), as_staff_number(account.staff_number)
    password_hash = hash_of(office, password, login, account.name)
    if session.scalar(select(User.id).where(func.lower(User.login) == login.lower())):
        raise Refused(_("已有用户名 %(login)s") % {"login": login})
    refuse_another_name(session, number, account.name)
    refuse_excluded(session, account.roles, number)
    user = User(
        login=login,
        name=account.name,
        staff_number=number,
        password_hash=password_hash,
        roles=[role.value for role in account.roles],
        level=account.level,
        unit_id=account.unit_id,
        version=0,
    )
    session.add(user)
    session.flush()
    _record_opening(session, office, user, by)
    return user


def _record_opening(session: Session, office: Office, user: User, by: User | None) -> None:
    told: dict[str, Any] = {
        "roles": user.roles,
        "level": user.level,
        "unit": user.unit_id,
        "staff_number": user.staff_number,
    }
    record(session, user, "add_user", office.clock(), by.id if by else None, **told)


def has_level(roles: Collection[str]) -> bool:
    """Whether an account with these roles approves, so that its level means something."""
    return Role.SUPERVISOR in roles


def user_by_login(session: Session, login: str) -> User:
    """The person with this log-in; raises Refused."""
    user = session.scalar(select(User).filter_by(login=login))
    if user is None:
        raise Refused(_("没有这个用户：%(login)s") % {"login": login})
    return user


def _check_roles(session: Session, account: AccountFacts) -> None:
    if not account.roles:
        raise Refused(_("请选择岗位"))
    if account.level != ApproverLevel.ORDINARY and not has_level(account.roles):
        raise Refused(_("审批级别只用于审批岗位"))
    if Role.UNIT_CLERK not in account.roles:
        if account.unit_id is not None:
            raise Refused(_("只有单位经办属于一个单位"))
        return
    if account.unit_id is None or session.get(Unit, account.unit_id) is None:
        raise Refused(_("请为单位经办选择单位"))
