"""Single sign-on (统一身份认证): whom the provider names comes in as the account of that name."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import User
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.identity_provider import Identity
from workflows.people.sessions import Browser, begin_session, begin_whole_session
from workflows.people.tampered_accounts import refuse_tampered_accounts
from workflows.people.watched import note_stranger


def sign_on(
    session: Session, office: Office, identity: Identity, browser: Browser
) -> tuple[User, str] | None:
    """The person and the token of his new session; None if no account of that name is open.

    Roles are those of the account. Who is asked for a second factor gives it here, unless he gave
    the provider one that the settings trust.
    """
    user = session.scalar(select(User).filter_by(login=identity.login).with_for_update())
    if user is None:
        note_stranger(session, office, identity.login, "sign_on")
        return None
    if user.disabled_at is not None:
        record(session, user, "fail_sign_on", office.clock())
        return None
    refuse_tampered_accounts(session, office, [user.id])
    record(session, user, "sign_on", office.clock(), user.id, two_factors=identity.has_two_factors)
    begin = begin_whole_session if identity.has_two_factors else begin_session
    return user, begin(session, office, user, browser)
