"""Who may do what: every act of a person passes through `require`."""

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from language import _
from models import Claim, Maker, User
from models.people import ROLE_WORDS, Role
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office

__all__ = ["Role", "add_user", "log_in", "note_maker", "require", "require_for", "user_by_login"]

_HASHER = PasswordHasher()
_LOCK_AFTER = 5
_LOCK_FOR = timedelta(minutes=15)

# Checking against it takes as long as against a real one, so that a log-in tells no names.
_NOBODY = _HASHER.hash("nobody")


def require(person: User, *roles: Role) -> None:
    """Let the person go on, or raise Refused: one of these roles is needed."""
    if person.disabled_at is not None or not set(roles) & set(person.roles):
        words = "、".join(_(ROLE_WORDS[role]) for role in roles)
        raise Refused(_("此操作需要“%(roles)s”岗位") % {"roles": words})


def require_for(person: User, unit_id: int, *roles: Role) -> None:
    """Let one of the office with such a role go on, or the unit's own clerk; or raise Refused."""
    require(person, *roles, Role.UNIT_CLERK)
    if not set(roles) & set(person.roles) and person.unit_id != unit_id:
        raise Refused(_("只能办理本单位的业务"))


def note_maker(session: Session, claim: Claim, person: User) -> None:
    """Remember that the person had a hand in the claim, and so cannot approve it."""
    session.execute(
        insert(Maker).values(claim_id=claim.id, user_id=person.id).on_conflict_do_nothing()
    )


def add_user(
    session: Session,
    office: Office,
    login: str,
    name: str,
    password: str,
    roles: list[Role],
    unit_id: int | None = None,
    by: User | None = None,
) -> User:
    """Create a person who can log in; Refused for a weak password or a name that is taken."""
    password_hash = hash_of(login, password)
    if session.scalar(select(User.id).filter_by(login=login)):
        raise Refused(_("已有用户名 %(login)s") % {"login": login})
    user = User(
        login=login,
        name=name,
        password_hash=password_hash,
        roles=[role.value for role in roles],
        unit_id=unit_id,
        version=0,
        failed_logins=0,
        session_epoch=0,
    )
    session.add(user)
    session.flush()
    actor = by.id if by else None
    record(session, user, "add_user", office.clock(), actor, roles=user.roles, unit=unit_id)
    return user


def hash_of(login: str, password: str) -> str:
    """What is kept of a password; Refused if it is too easy to guess."""
    if len(password.strip()) < 10 or password == login:
        raise Refused(_("密码至少 10 个字符，且不能与用户名相同"))
    return _HASHER.hash(password)


def user_by_login(session: Session, login: str) -> User:
    """The person with this log-in; raises Refused."""
    user = session.scalar(select(User).filter_by(login=login))
    if user is None:
        raise Refused(_("没有这个用户：%(login)s") % {"login": login})
    return user


def log_in(session: Session, office: Office, login: str, password: str) -> User | None:
    """The person, if the password is right and the account is neither disabled nor locked."""
    user = session.scalar(select(User).filter_by(login=login).with_for_update())
    return user if _is_right(session, office, user, password, "log_in") else None


def change_password(
    session: Session, office: Office, person: User, old: str, new: str
) -> User | None:
    """Give the person the new password and end all other visits; None if the old one is wrong."""
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
    """Whether the password opens the account for this act; five wrong ones lock it for a while."""
    right = _matches(user.password_hash if user else _NOBODY, password)
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


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
