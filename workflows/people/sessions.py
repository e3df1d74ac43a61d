"""Sessions (登录会话): who is logged in stands in the database, so that it ends where it is ended.

A browser holds a token and nothing else: the account's id and a random part. The table knows the
keyed hash of the token and of whether a second factor is still to be given, so that who can write
to the database makes no session, and turns none into another's.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from language import _
from models import User, WebSession
from rules.errors import Refused
from settings import Settings
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.second_factor import is_asked

_SEEN_AGAIN_AFTER = timedelta(minutes=1)
_LONGEST_AGENT = 200
_LONGEST_ID = 10


@dataclass(frozen=True)
class Browser:
    """Where a request comes from, as the person would recognise it."""

    address: str
    agent: str


def new_token() -> str:
    """256 random bits, in signs that a cookie may hold."""
    return secrets.token_urlsafe(32)


def _token_for(user_id: int) -> str:
    return f"{user_id}.{new_token()}"


def begin_session(session: Session, office: Office, user: User, browser: Browser) -> str:
    """Log the person in at this browser by his password; the token its cookie holds from now on.
    Who is asked for a second factor gives it next. A first password that has an end lets in once.
    """
    if user.first_password_until is not None:
        user.first_password_until = office.clock()
    return _begin(session, office, user, browser, needs_code=is_asked(session, user))


def begin_whole_session(session: Session, office: Office, user: User, browser: Browser) -> str:
    """The same for who has given all that is asked of him."""
    return _begin(session, office, user, browser, needs_code=False)


def _begin(
    session: Session, office: Office, user: User, browser: Browser, *, needs_code: bool
) -> str:
    now, token = office.clock(), _token_for(user.id)
    _forget_ended(session, office.settings, now)
    session.add(
        WebSession(
            token_print=_print(office, user.id, token, needs_code),
            user_id=user.id,
            began_at=now,
            seen_at=now,
            address=browser.address,
            agent=browser.agent[:_LONGEST_AGENT],
            needs_code=needs_code,
        )
    )
    return token


def session_of(session: Session, office: Office, token: str) -> tuple[WebSession, User] | None:
    """The session of this token and its person; None if it has ended or the account is shut."""
    said = token.partition(".")[0]
    if not (said.isascii() and said.isdigit() and len(said) < _LONGEST_ID):
        return None
    user_id = int(said)
    prints = {needs: _print(office, user_id, token, needs) for needs in (False, True)}
    query = (
        select(WebSession, User)
        .join(User, User.id == WebSession.user_id)
        .where(WebSession.token_print.in_(prints.values()), WebSession.user_id == user_id)
        .where(User.disabled_at.is_(None))
    )
    for found, user in session.execute(query):
        is_its = found.token_print == prints[found.needs_code]
        if is_its and _is_live(found, office.settings, office.clock()):
            return found, user
    return None


def is_to_be_seen(office: Office, found: WebSession) -> bool:
    """Whether its last use is so long ago that the new one is written: a row a minute, no more."""
    return office.clock() - found.seen_at >= _SEEN_AGAIN_AFTER


def see(session: Session, office: Office, found: WebSession) -> None:
    """Note that it is in use. One that was ended meanwhile stays ended."""
    this = update(WebSession).where(WebSession.id == found.id)
    session.execute(this.values(seen_at=office.clock()))


def complete(session: Session, office: Office, found: WebSession) -> str | None:
    """The second factor was given too: the token of the session from now on. Who knows the one
    before, which opened nothing, has nothing of it. None for a session that was ended meanwhile."""
    row = session.get(WebSession, found.id, with_for_update=True)
    if row is None:
        return None
    token = _token_for(row.user_id)
    row.token_print, row.needs_code = _print(office, row.user_id, token, False), False
    return token


def own_sessions(session: Session, office: Office, user: User) -> Sequence[WebSession]:
    """The sessions of this account that have not ended, the one used last first."""
    query = select(WebSession).filter_by(user_id=user.id).order_by(WebSession.seen_at.desc())
    now = office.clock()
    return [row for row in session.scalars(query) if _is_live(row, office.settings, now)]


def log_out(session: Session, office: Office, found: WebSession) -> None:
    """End the session in which it is asked for."""
    _end(session, office, found.user_id, "log_out", WebSession.id == found.id)


def end_own_session(session: Session, office: Office, user: User, session_id: int) -> None:
    """End one session of one's own."""
    if not _end(session, office, user.id, "end_session", WebSession.id == session_id):
        raise Refused(_("这个登录已经结束"))


def end_other_sessions(session: Session, office: Office, kept: WebSession) -> int:
    """End all sessions of the account but this one; how many there were."""
    return _end(session, office, kept.user_id, "end_sessions", WebSession.id != kept.id)


def end_sessions(session: Session, user: User) -> None:
    """End all sessions of the account: its password, its person or its rights have changed. What
    changed them records it."""
    session.execute(delete(WebSession).where(WebSession.user_id == user.id))


def _end(
    session: Session, office: Office, user_id: int, verb: str, which: ColumnElement[bool]
) -> int:
    user = session.get_one(User, user_id, with_for_update=True)
    ended = delete(WebSession).where(WebSession.user_id == user_id, which)
    count = len(session.scalars(ended.returning(WebSession.id)).all())
    if count:
        record(session, user, verb, office.clock(), user_id, count=count)
    return count


def _forget_ended(session: Session, settings: Settings, now: datetime) -> None:
    began = WebSession.began_at <= now - timedelta(hours=settings.session_hours)
    seen = WebSession.seen_at <= now - timedelta(minutes=settings.session_idle_minutes)
    session.execute(delete(WebSession).where(began | seen))


def _is_live(row: WebSession, settings: Settings, now: datetime) -> bool:
    is_young = now - row.began_at < timedelta(hours=settings.session_hours)
    return is_young and now - row.seen_at < timedelta(minutes=settings.session_idle_minutes)


def _print(office: Office, user_id: int, token: str, needs_code: bool) -> bytes:
    return office.keys.fingerprint(f"session {user_id} {needs_code} {token}")
