"""Passwords: how they are stored, checked and changed."""

from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import User
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office

_HASHER = PasswordHasher()
_LOCK_AFTER = 5
_LOCK_FOR = timedelta(minutes=15)


def hash_of(login: str, password: str) -> str:
    """The hash to store for a password; Refused if the password is too easy to guess."""
    if len(password.strip()) < 10 or password == login:
        raise Refused(_("密码至少 10 个字符，且不能与用户名相同"))
    return _HASHER.hash(password)


def log_in(session: Session, office: Office, login: str, password: str) -> User | None:
    """The person, if the password is right and the account is neither disabled nor locked."""
    user = session.scalar(select(User).filter_by(login=login).with_for_update())
    return user if _is_right(session, office, user, password, "log_in") else None


def change_password(
    session: Session, office: Office, person: User, old: str, new: str
) -> User | None:
    """Set the new password and end all other sessions; None if the old password is wrong."""
    user = session.get_one(User, person.id, with_for_update=True)
    if not _is_right(session, office, user, old, "change_password"):
        return None
    if new == old:
        raise Refused(_("新密码不能与原密码相同"))
    user.password_hash = hash_of(user.login, new)
    user.must_change_password = False
    user.session_epoch += 1
    return user


def _is_right(
    session: Session, office: Office, user: User | None, password: str, verb: str
) -> bool:
    """Whether password and account are valid; five wrong passwords lock the account for a time."""
    # Asked for known logins too: at its first use it takes time, which would tell the two apart.
    of_no_account = _of_no_account()
    right = _matches(user.password_hash if user else of_no_account, password)
    if user is None or user.disabled_at is not None:
        return False
    now = office.clock()
    if user.locked_until is not None and user.locked_until > now:
        return False
    if right:
        user.failed_logins, user.locked_until = 0, None
        record(session, user, verb, now, user.id)
        return True
    user.failed_logins += 1
    if user.failed_logins >= _LOCK_AFTER:
        user.failed_logins, user.locked_until = 0, now + _LOCK_FOR
    record(session, user, f"fail_{verb}", now)
    return False


@cache
def _of_no_account() -> str:
    """An unknown login is checked against this, so that response times do not reveal logins."""
    return _HASHER.hash("no account")


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
