"""Persons: one person acts by all accounts that carry his staff number (工号)."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from language import _
from models import User, WebSession
from rules.errors import OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.account_names import as_staff_number
from workflows.people.ended_tokens import end_tokens
from workflows.people.excluded_roles import refuse_excluded
from workflows.people.rights import Act, require


def own_accounts(session: Session, person: User) -> frozenset[int]:
    """The ids of all accounts of the person whose account this is, shut ones too.

    Acts are kept by account; whoever asks whether a person did something asks it of all of these.
    """
    # Asked of the table: what the session or a caller holds may be older.
    number = select(User.staff_number).where(User.id == person.id).scalar_subquery()
    return frozenset(session.scalars(select(User.id).where(User.staff_number == number)))


def refuse_another_name(session: Session, number: str, name: str) -> None:
    """Refused if the person of this staff number has another name."""
    query = select(User.name).where(User.staff_number == number, User.name != name)
    if known := session.scalar(query.order_by(User.id).limit(1)):
        words = {"number": number, "known": known, "name": name}
        raise Refused(_("工号 %(number)s 是%(known)s的，不是%(name)s的") % words)


def ask_staff_number(
    session: Session, office: Office, admin: User, user: User, number: str
) -> None:
    """Ask that the account be another person's; nothing changes before a second administrator
    agrees. What was asked before lapses."""
    require(admin, Act.ASK_STAFF_NUMBER)
    after = as_staff_number(number)
    if after == user.staff_number:
        raise Refused(_("工号没有变动"))
    _refuse_number(session, admin, user, after)
    user.asked_staff_number, user.staff_number_asked_by = after, admin.id
    told = {"before": user.staff_number, "after": after}
    record(session, user, "ask_staff_number", office.clock(), admin.id, **told)


def set_staff_number(session: Session, office: Office, admin: User, user: User, shown: str) -> None:
    """Agree to whose account it is, as it was shown: from now on all that was done by it was done
    by this person. The caller has locked the account's row."""
    require(admin, Act.SET_STAFF_NUMBER)
    before, after = user.staff_number, _asked_as_shown(user, shown)
    asked_by = session.get_one(User, user.staff_number_asked_by)
    if asked_by.id in own_accounts(session, admin):
        raise OwnWork(_("须由提出人以外的安全管理员确认"))
    _refuse_number(session, admin, user, after)
    user.staff_number = after
    session.execute(delete(WebSession).where(WebSession.user_id == user.id))
    end_tokens(session, office, user, admin)
    user.asked_staff_number = user.staff_number_asked_by = None
    told = {"before": before, "after": after}
    record(session, user, "set_staff_number", office.clock(), admin.id, **told)


def refuse_staff_number(
    session: Session, office: Office, admin: User, user: User, shown: str
) -> None:
    """Leave the account its person; what was asked lapses."""
    require(admin, Act.SET_STAFF_NUMBER)
    told = {"before": user.staff_number, "after": _asked_as_shown(user, shown)}
    user.asked_staff_number = user.staff_number_asked_by = None
    record(session, user, "refuse_staff_number", office.clock(), admin.id, **told)


def _asked_as_shown(user: User, shown: str) -> str:
    """The number that is asked for; Refused if the page showed another one, or there is none."""
    if user.asked_staff_number is None:
        raise Refused(_("没有待确认的工号变动"))
    if user.asked_staff_number != shown:
        raise Refused(_("工号变动在页面显示之后又有改动，请刷新后重新核对"))
    return user.asked_staff_number


def _refuse_number(session: Session, admin: User, user: User, number: str) -> None:
    """Refused if this person cannot have this account now, or the administrator is he."""
    own = own_accounts(session, admin)
    is_his = select(User.id).where(User.id == admin.id, User.staff_number == number)
    if user.id in own or session.scalar(is_his) is not None:
        raise OwnWork(_("自己的账户不能由自己改归他人，他人的账户也不能由自己改归本人"))
    refuse_another_name(session, number, user.name)
    if user.disabled_at is None:
        refuse_excluded(session, user.roles, number, user.id)
