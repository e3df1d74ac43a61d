"""Passwords: how they are checked and changed.

Each check is three steps, so that no transaction and no row waits for the hash: count the attempt
and look the account up, hash, and record the outcome.
"""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import User
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.attempts import LogInSender, count_attempt, forgive
from workflows.people.hashing import hash_of_nobody, hash_password, matches
from workflows.people.sessions import end_sessions


@dataclass(frozen=True)
class Attempt:
    """A password that somebody gave for a name, not checked yet. `verb` is what he wants;
    `password_hash` is None for a name that nobody has."""

    login: str
    sender: LogInSender
    verb: str
    password_hash: str | None = field(repr=False)
    password: str = field(repr=False)

    def is_right(self) -> bool:
        """Whether the password fits; slow on purpose, for names that nobody has too."""
        # Asked for known names too: at its first use it takes time, which would tell them apart.
        of_nobody = hash_of_nobody()
        return matches(self.password_hash or of_nobody, self.password)


def hash_of(login: str, password: str) -> str:
    """The hash to store for a password; Refused if the password is too easy to guess."""
    refuse_weak(login, password)
    return hash_password(password)


def refuse_weak(login: str, password: str) -> None:
    """Refused if the password is too easy to guess."""
    if len(password.strip()) < 10 or password == login:
        raise Refused(_("密码至少 10 个字符，且不能与用户名相同"))


def begin_attempt(
    session: Session, office: Office, login: str, password: str, sender: LogInSender, verb: str
) -> Attempt:
    """Count the attempt; TryLater if too many wrong ones came from this sender."""
    count_attempt(session, office, login, sender)
    known = session.scalar(select(User.password_hash).filter_by(login=login))
    return Attempt(login, sender, verb, known, password)


def end_attempt(session: Session, office: Office, attempt: Attempt, *, right: bool) -> User | None:
    """The person, if the password was right and is still his, and the account is not shut."""
    user = session.scalar(select(User).filter_by(login=attempt.login).with_for_update())
    if user is None or user.disabled_at is not None:
        return None
    until = user.first_password_until
    right = right and (until is None or office.clock() < until)
    if not right or user.password_hash != attempt.password_hash:
        record(session, user, f"fail_{attempt.verb}", office.clock())
        return None
    forgive(session, office, attempt.login, attempt.sender)
    record(session, user, attempt.verb, office.clock(), user.id)
    return user


def log_in(office: Office, login: str, password: str, sender: LogInSender) -> User | None:
    """The person, if the password is right and the account is not shut."""
    with office.sessions.unit_of_work() as session:
        attempt = begin_attempt(session, office, login, password, sender, "log_in")
    right = attempt.is_right()
    with office.sessions.unit_of_work() as session:
        return end_attempt(session, office, attempt, right=right)


def new_hash(attempt: Attempt, new: str) -> str | None:
    """The hash of the new password, if the old one is right; Refused if the new one will not do."""
    if not attempt.is_right():
        return None
    if new == attempt.password:
        raise Refused(_("新密码不能与原密码相同"))
    return hash_of(attempt.login, new)


def change_password(
    session: Session, office: Office, attempt: Attempt, hashed: str | None
) -> User | None:
    """Set the new password and end all sessions; None if the old password was wrong."""
    user = end_attempt(session, office, attempt, right=hashed is not None)
    if user is None or hashed is None:
        return None
    user.password_hash, user.must_change_password = hashed, False
    user.first_password_until = None
    end_sessions(session, user)
    return user
