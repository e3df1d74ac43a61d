"""Passwords: how they are checked and changed.

Each check is three steps, so that no transaction and no row waits for the hash: count the attempt
and look the account up, hash, and record the outcome.
"""

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from language import _
from models import FormerPassword, User
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.attempts import LogInSender, count_attempt, forgive
from workflows.people.hashing import hash_of_nobody, hash_password, matches
from workflows.people.second_factor import code_as_handed_over
from workflows.people.sessions import end_sessions
from workflows.people.tampered_accounts import refuse_tampered_accounts
from workflows.people.watched import note_stranger
from workflows.people.weak_passwords import refuse_weak

LOG_IN = "log_in"
_CHANGE = "change_password"
_REMEMBERED = 5


@dataclass(frozen=True)
class Attempt:
    """A password that somebody gave for a name, not checked yet. `verb` is what he wants;
    `password_hash` is None for a name that nobody has. `former` are the hashes of the last ones,
    looked up where a new one is wanted."""

    login: str
    sender: LogInSender
    verb: str
    password_hash: str | None = field(repr=False)
    password: str = field(repr=False)
    former: tuple[str, ...] = field(default=(), repr=False)

    def is_right(self) -> bool:
        """Whether the password fits; slow on purpose, for names that nobody has too."""
        # Asked for known names too: at its first use it takes time, which would tell them apart.
        of_nobody = hash_of_nobody()
        return matches(self.password_hash or of_nobody, self.password)


def hash_of(office: Office, password: str, login: str, *known: str) -> str:
    """The hash to store for a password; Refused if the password is too easy to guess."""
    refuse_weak(office, password, login, *known)
    return hash_password(password)


def replace_hash(session: Session, office: Office, user: User, password_hash: str) -> None:
    """Keep this hash from now on; the last ones are remembered, so that none comes back."""
    was = FormerPassword(
        user_id=user.id, password_hash=user.password_hash, replaced_at=office.clock()
    )
    session.add(was)
    session.flush()
    newest = _former(user.id).with_only_columns(FormerPassword.id)
    old = delete(FormerPassword).filter_by(user_id=user.id)
    session.execute(old.where(FormerPassword.id.not_in(newest)))
    user.password_hash = password_hash


def _former(user_id: int) -> Select[FormerPassword]:
    of_him = select(FormerPassword).filter_by(user_id=user_id)
    return of_him.order_by(FormerPassword.id.desc()).limit(_REMEMBERED)


def begin_attempt(
    session: Session, office: Office, login: str, password: str, sender: LogInSender, verb: str
) -> Attempt:
    """Count the attempt; TryLater if too many wrong ones came from this sender.

    A set-up code is right however it was typed.
    """
    count_attempt(session, office, login, sender)
    user = session.scalar(select(User).filter_by(login=login))
    if user is not None and user.first_password_until is not None:
        password = code_as_handed_over(password)
    return Attempt(login, sender, verb, user.password_hash if user else None, password)


def refuse_the_same(old: str, new: str) -> None:
    """Refused, before anything is hashed or counted, if the new password is what the old one is
    said to be."""
    if new == old:
        raise Refused(_("新密码不能与原密码相同"))


def begin_change(
    session: Session, office: Office, person: User, password: str, sender: LogInSender
) -> Attempt:
    """The same for who wants to change it; his last passwords are looked up too."""
    attempt = begin_attempt(session, office, person.login, password, sender, _CHANGE)
    former = session.scalars(_former(person.id))
    return replace(attempt, former=tuple(each.password_hash for each in former))


def end_attempt(session: Session, office: Office, attempt: Attempt, *, right: bool) -> User | None:
    """The person, if the password was right and is still his, and the account is not shut."""
    user = session.scalar(select(User).filter_by(login=attempt.login).with_for_update())
    if user is None:
        note_stranger(session, office, attempt.login, attempt.verb)
        return None
    is_over = attempt.verb == LOG_IN and _has_ended(office, user)
    is_shut = user.disabled_at is not None
    if not right or is_over or is_shut or user.password_hash != attempt.password_hash:
        record(session, user, f"fail_{attempt.verb}", office.clock())
        return None
    refuse_tampered_accounts(session, office, [user.id])
    forgive(session, office, attempt.login, attempt.sender)
    record(session, user, attempt.verb, office.clock(), user.id)
    return user


def _has_ended(office: Office, user: User) -> bool:
    until = user.first_password_until
    return until is not None and until <= office.clock()


def log_in(office: Office, login: str, password: str, sender: LogInSender) -> User | None:
    """The person, if the password is right and the account is not shut."""
    with office.sessions.unit_of_work() as session:
        attempt = begin_attempt(session, office, login, password, sender, LOG_IN)
    right = attempt.is_right()
    with office.sessions.unit_of_work() as session:
        return end_attempt(session, office, attempt, right=right)


class NotChanged(Enum):
    """Why a password was not changed."""

    WRONG = auto()
    USED_BEFORE = auto()


def hash_new(attempt: Attempt, new: str) -> str | NotChanged:
    """Check the old password and hash the new one; slow."""
    if not attempt.is_right():
        return NotChanged.WRONG
    if any(matches(former, new) for former in attempt.former):
        return NotChanged.USED_BEFORE
    return hash_password(new)


def change_password(
    session: Session, office: Office, attempt: Attempt, hashed: str | NotChanged
) -> User | NotChanged:
    """Set the new password and end all sessions.

    Who wants a password again that he had counts as one who gave a wrong one: several hashes are
    made for him, so that he could keep others from logging in.
    """
    if hashed is NotChanged.USED_BEFORE:
        holder = select(User).filter_by(login=attempt.login).with_for_update()
        person = session.scalars(holder).one()
        record(session, person, "refuse_password", office.clock(), person.id)
        return hashed
    user = end_attempt(session, office, attempt, right=isinstance(hashed, str))
    if user is None or isinstance(hashed, NotChanged):
        return NotChanged.WRONG
    replace_hash(session, office, user, hashed)
    user.must_change_password, user.first_password_until = False, None
    end_sessions(session, user)
    return user
