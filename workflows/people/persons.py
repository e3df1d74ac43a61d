"""Persons: one person acts by all accounts that carry his staff number (工号)."""

import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import User
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.excluded_roles import refuse_excluded
from workflows.people.rights import Act, require


def own_accounts(session: Session, person: User) -> frozenset[int]:
    """The ids of all accounts of the person whose account this is, shut ones too.

    Acts are kept by account; whoever asks whether a person did something asks it of all of these.
    """
    # Asked of the table: what the session or a caller holds may be older.
    number = select(User.staff_number).where(User.id == person.id).scalar_subquery()
    return frozenset(session.scalars(select(User.id).where(User.staff_number == number)))


def as_staff_number(text: str) -> str:
    """The number in the one way in which numbers are compared; Refused if there is none."""
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not number:
        raise Refused(_("请填写工号"))
    return number


def refuse_another_name(session: Session, number: str, name: str) -> None:
    """Refused if the person of this staff number has another name."""
    query = select(User.name).where(User.staff_number == number, User.name != name)
    if known := session.scalar(query.order_by(User.id).limit(1)):
        words = {"number": number, "known": known, "name": name}
        raise Refused(_("工号 %(number)s 是%(known)s的，不是%(name)s的") % words)


def set_staff_number(
    session: Session, office: Office, admin: User, user: User, number: str
) -> None:
    """Say whose account it is: from now on all that was done by it was done by this person."""
    require(admin, Act.SET_STAFF_NUMBER)
    if user.id in own_accounts(session, admin):
        raise Refused(_("自己的工号须由另一位安全管理员更改"))
    before, after = user.staff_number, as_staff_number(number)
    if after == before:
        raise Refused(_("工号没有变动"))
    refuse_another_name(session, after, user.name)
    if user.disabled_at is None:
        refuse_excluded(session, user.roles, after, user.id)
    user.staff_number = after
    told = {"before": before, "after": after}
    record(session, user, "set_staff_number", office.clock(), admin.id, **told)
