"""The second factor (动态口令): a code that changes every half minute, beside the password."""

import hmac
import secrets
from dataclasses import dataclass, field

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from language import _
from models import RecoveryCode, SecondFactor, SecurityKey, User, WebSession
from models.people import Role
from rules.errors import OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.attempts import LogInSender, count_attempt, forgive
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, require
from workflows.sealed_values.places import TOTP_SECRET

ASKED_OF = frozenset(
    {
        Role.SUPERVISOR,
        Role.CASHIER,
        Role.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN,
        Role.AUDITOR,
    }
)
"""The roles that log in with two factors; who has another role may."""

_SECONDS = 30
_RECOVERY_CODES = 10
# Without signs that are mistaken for each other: people copy them by hand.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Pairing:
    """What a telephone takes up: the secret to type, and the address that the picture holds."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def is_asked(session: Session, user: User) -> bool:
    """Whether the person logs in with a second factor: by his roles, or because he set one up."""
    return bool(ASKED_OF & set(user.roles)) or has_factor(session, user)


def has_factor(session: Session, user: User) -> bool:
    """Whether his second factor is set up."""
    found = session.get(SecondFactor, user.id)
    return found is not None and found.confirmed_at is not None


def pairing(session: Session, office: Office, user: User) -> Pairing:
    """What to set up, the same until it is confirmed; Refused where that was done."""
    row = session.get(SecondFactor, user.id, with_for_update=True)
    if row is None:
        row = SecondFactor(user_id=user.id)
        row.secret = TOTP_SECRET.seal(office.keys, new_secret(), user.id)
        session.add(row)
    if row.confirmed_at is not None:
        raise Refused(_("动态口令已经设置；换手机请由管理员重置"))
    secret = _secret(office, row)
    # The office's whole name would make a picture that old cameras do not read.
    address = pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name=_("互助"))
    return Pairing(secret, address)


def confirm_pairing(
    session: Session, office: Office, user: User, code: str, sender: LogInSender
) -> list[str] | None:
    """Set the second factor up by its first code; the recovery codes, or None for a wrong code."""
    held = session.get_one(User, user.id, with_for_update=True)
    row = session.get(SecondFactor, user.id, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        raise Refused(_("动态口令已经设置；换手机请由管理员重置"))
    if not _counts(session, office, held, row, code, sender):
        return None
    row.confirmed_at = office.clock()
    record(session, held, "set_up_factor", office.clock(), user.id)
    return _new_recovery_codes(session, office, held)


def give_code(session: Session, office: Office, user: User, code: str, sender: LogInSender) -> bool:
    """Whether this is the code of now, or a recovery code; each counts once."""
    held = session.get_one(User, user.id, with_for_update=True)
    row = session.get(SecondFactor, user.id, with_for_update=True)
    if row is None or row.confirmed_at is None:
        return False
    if not _counts(session, office, held, row, code, sender):
        record(session, held, "fail_factor", office.clock())
        return False
    return True


def take_up(session: Session, office: Office, user: User, secret: str) -> None:
    """Set up what is known already: the people of the demonstration have no telephone."""
    sealed = TOTP_SECRET.seal(office.keys, secret, user.id)
    session.add(
        SecondFactor(user_id=user.id, secret=sealed, confirmed_at=office.clock(), last_step=0)
    )
    record(session, user, "set_up_factor", office.clock(), user.id)


def code_of(session: Session, office: Office, user: User, secret: str) -> str:
    """The next code of this secret that was not used yet, as a telephone would show it."""
    row = session.get_one(SecondFactor, user.id)
    now = int(office.clock().timestamp()) // _SECONDS
    return pyotp.HOTP(secret).at(max(now - 1, row.last_step + 1))


def renew_recovery_codes(
    session: Session, office: Office, user: User, code: str, sender: LogInSender
) -> list[str] | None:
    """Ten new recovery codes in the place of those that are left; None for a wrong code."""
    if not give_code(session, office, user, code, sender):
        return None
    held = session.get_one(User, user.id, with_for_update=True)
    record(session, held, "renew_recovery_codes", office.clock(), user.id)
    return _new_recovery_codes(session, office, held)


def codes_left(session: Session, user: User) -> int:
    """How many recovery codes are left."""
    left = select(RecoveryCode.id).filter_by(user_id=user.id, used_at=None)
    return len(session.scalars(left).all())


def ask_reset(session: Session, office: Office, admin: User, user: User) -> None:
    """Ask that the person set up a new second factor; a second administrator must agree."""
    require(admin, Act.RESET_FACTORS)
    row = _of_another(session, admin, user)
    row.reset_asked_by = admin.id
    record(session, user, "ask_factor_reset", office.clock(), admin.id)


def agree_reset(session: Session, office: Office, admin: User, user: User) -> None:
    """Agree to it: all sessions end, and the person sets a new one up when he logs in again."""
    require(admin, Act.RESET_FACTORS)
    row = _of_another(session, admin, user)
    if row.reset_asked_by is None:
        raise Refused(_("没有待同意的动态口令重置"))
    if row.reset_asked_by in own_accounts(session, admin):
        raise OwnWork(_("须由提出人以外的管理员同意"))
    forget_factor(session, user)
    session.execute(delete(WebSession).where(WebSession.user_id == user.id))
    record(session, user, "reset_factor", office.clock(), admin.id)


def _of_another(session: Session, admin: User, user: User) -> SecondFactor:
    if user.id in own_accounts(session, admin):
        raise OwnWork(_("自己的动态口令不能由自己重置"))
    row = session.get(SecondFactor, user.id, with_for_update=True)
    if row is None or row.confirmed_at is None:
        raise Refused(_("此账户没有设置动态口令"))
    return row


def forget_factor(session: Session, user: User) -> None:
    """The person sets a new one up at his next log-in. What does this records it."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    # One by one, so that each leaves a stamp that says that it is gone.
    for kept in (SecurityKey, SecondFactor):
        for row in session.scalars(select(kept).filter_by(user_id=user.id)):
            session.delete(row)
    session.flush()


def new_secret() -> str:
    """A random secret, as telephones take it up."""
    return pyotp.random_base32()


def new_code(length: int = 16) -> str:
    """A random code in groups of four, 79 bits in sixteen signs."""
    signs = [secrets.choice(_LETTERS) for _place in range(length)]
    return _in_fours("".join(signs))


def code_as_handed_over(typed: str) -> str:
    """A code as it was shown, whether it was typed with dashes, with blanks or in small letters."""
    return _in_fours(_signs_of(typed))


def _in_fours(signs: str) -> str:
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def _signs_of(typed: str) -> str:
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def print_of(office: Office, user: User, code: str) -> bytes:
    """The keyed hash by which a code of this person is kept, however it was typed."""
    return office.keys.fingerprint(f"code of {user.id}: {_signs_of(code)}")


def _counts(
    session: Session, office: Office, user: User, row: SecondFactor, code: str, sender: LogInSender
) -> bool:
    """Whether the code is right and not used yet; wrong ones make strangers wait together."""
    # Many addresses must not have many times as many guesses at a code of six figures.
    guesser = LogInSender("", sender.known_as)
    count_attempt(session, office, f"code of {user.login}", guesser)
    if not (_is_of_now(office, row, code) or _is_recovery(session, office, user, code)):
        return False
    forgive(session, office, f"code of {user.login}", guesser)
    return True


def _is_of_now(office: Office, row: SecondFactor, code: str) -> bool:
    """One half minute before and after is let pass: clocks differ."""
    now = int(office.clock().timestamp()) // _SECONDS
    maker, given = pyotp.HOTP(_secret(office, row)), _signs_of(code).encode()
    for step in (now - 1, now, now + 1):
        if step > row.last_step and hmac.compare_digest(maker.at(step).encode(), given):
            row.last_step = step
            return True
    return False


def _is_recovery(session: Session, office: Office, user: User, code: str) -> bool:
    query = select(RecoveryCode).filter_by(
        user_id=user.id, code_print=print_of(office, user, code), used_at=None
    )
    found = session.scalar(query.with_for_update())
    if found is None:
        return False
    found.used_at = office.clock()
    record(session, user, "use_recovery_code", office.clock(), user.id)
    return True


def _new_recovery_codes(session: Session, office: Office, user: User) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [new_code() for _place in range(_RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(user_id=user.id, code_print=print_of(office, user, code)) for code in codes
    )
    return codes


def _secret(office: Office, row: SecondFactor) -> str:
    return TOTP_SECRET.open(office.keys, row.secret, row.user_id)
