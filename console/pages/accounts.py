"""Accounts: opened and reset by one administrator, confirmed by another, seen by the auditor."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.guard import (
    AccountConfirmer,
    AccountOpener,
    AccountShutter,
    FactorResetter,
    PeopleReader,
    StaffNumberAsker,
    StaffNumberSetter,
    TheOffice,
)
from console.queries.accounts import account_numbered, all_accounts, units_by_name
from console.render import back_to, page
from language import _
from models import User
from models.people import ROLE_WORDS, Role
from rules.approval_limits import LEVEL_WORDS, ApproverLevel
from rules.errors import BadInput
from workflows.engine.office import Office
from workflows.people import accounts, persons, second_factor
from workflows.people.accounts import AccountFacts, OpenedAccount

router = APIRouter(prefix="/people")


@router.get("")
def listed(request: Request, office: TheOffice, person: PeopleReader) -> Response:
    """Every account, and the form for a new one."""
    return _page(request, office, person)


@router.post("")
def open_account(
    request: Request,
    office: TheOffice,
    person: AccountOpener,
    login: Annotated[str, Form(max_length=100)],
    name: Annotated[str, Form(max_length=100)],
    staff_number: Annotated[str, Form(max_length=40)],
    roles: Annotated[list[str], Form()],
    unit: Annotated[str, Form()] = "",
    level: Annotated[ApproverLevel, Form()] = ApproverLevel.ORDINARY,
) -> Response:
    """Add a person; the first password is on this page and nowhere else."""
    of_unit = int(unit) if unit else None
    account = AccountFacts(login, name, staff_number, _roles(roles), of_unit, level)
    with office.sessions.unit_of_work() as session:
        opened = accounts.open_account(session, office, person, account)
    return _page(request, office, person, opened)


@router.post("/{user_id}/reset")
def reset(request: Request, office: TheOffice, person: AccountOpener, user_id: int) -> Response:
    """Give a new first password, shown once."""
    with office.sessions.unit_of_work() as session:
        user = account_numbered(session, user_id)
        opened = accounts.reset_password(session, office, person, user)
    return _page(request, office, person, opened)


@router.post("/{user_id}/disable")
def disable(request: Request, office: TheOffice, person: AccountShutter, user_id: int) -> Response:
    """Shut an account at once."""
    with office.sessions.unit_of_work() as session:
        user = account_numbered(session, user_id)
        accounts.disable(session, office, person, user)
    return back_to(request, "/people", _("已停用：%(login)s") % {"login": user.login})


@router.post("/{user_id}/enable")
def enable(
    request: Request,
    office: TheOffice,
    person: AccountConfirmer,
    user_id: int,
    shown: Annotated[str, Form()],
) -> Response:
    """Confirm an account as the page showed it, so that it opens."""
    with office.sessions.unit_of_work() as session:
        user = account_numbered(session, user_id)
        accounts.enable(session, office, person, user, shown)
    return back_to(request, "/people", _("已启用：%(login)s") % {"login": user.login})


@router.post("/{user_id}/second-factor/reset")
def ask_factor_reset(
    request: Request, office: TheOffice, person: FactorResetter, user_id: int
) -> Response:
    """Ask that a person's second factor be set up anew; it waits for another administrator."""
    with office.sessions.unit_of_work() as session:
        user = account_numbered(session, user_id)
        second_factor.ask_reset(session, office, person, user)
    told = _("已提请重置 %(login)s 的动态口令，待另一管理员同意") % {"login": user.login}
    return back_to(request, "/people", told)


@router.post("/{user_id}/second-factor/reset/agree")
def agree_factor_reset(
    request: Request, office: TheOffice, person: FactorResetter, user_id: int
) -> Response:
    """Agree to it; the person is logged out and sets a new one up."""
    with office.sessions.unit_of_work() as session:
        user = account_numbered(session, user_id)
        second_factor.agree_reset(session, office, person, user)
    told = _("已重置 %(login)s 的动态口令") % {"login": user.login}
    return back_to(request, "/people", told)


@router.post("/{user_id}/staff-number")
def ask_staff_number(
    request: Request,
    office: TheOffice,
    person: StaffNumberAsker,
    user_id: int,
    number: Annotated[str, Form(max_length=40)],
) -> Response:
    """Ask that the account be another person's; it waits for the security administrator."""
    with office.sessions.unit_of_work() as session:
        user = account_numbered(session, user_id)
        persons.ask_staff_number(session, office, person, user, number)
        words = {"login": user.login, "number": user.asked_staff_number}
    told = _("%(login)s 的工号改为 %(number)s，待安全管理员确认") % words
    return back_to(request, "/people", told)


@router.post("/{user_id}/staff-number/confirm")
def confirm_staff_number(
    request: Request,
    office: TheOffice,
    person: StaffNumberSetter,
    user_id: int,
    shown: Annotated[str, Form()],
) -> Response:
    """Agree to whose account it is, as the page showed it."""
    with office.sessions.unit_of_work() as session:
        user = account_numbered(session, user_id)
        persons.set_staff_number(session, office, person, user, shown)
        words = {"login": user.login, "number": user.staff_number}
    return back_to(request, "/people", _("%(login)s 的工号改为 %(number)s") % words)


@router.post("/{user_id}/staff-number/refuse")
def refuse_staff_number(
    request: Request,
    office: TheOffice,
    person: StaffNumberSetter,
    user_id: int,
    shown: Annotated[str, Form()],
) -> Response:
    """Leave the account its person."""
    with office.sessions.unit_of_work() as session:
        user = account_numbered(session, user_id)
        persons.refuse_staff_number(session, office, person, user, shown)
        words = {"login": user.login, "number": user.staff_number}
    return back_to(request, "/people", _("%(login)s 的工号仍为 %(number)s") % words)


def _page(
    request: Request, office: Office, person: User, opened: OpenedAccount | None = None
) -> Response:
    with office.sessions.read_only() as session:
        rows = all_accounts(session, person)
        return page(
            request,
            "accounts.html",
            rows=rows,
            units=units_by_name(session),
            role_words=ROLE_WORDS,
            level_words=LEVEL_WORDS,
            opened=opened,
        )


def _roles(codes: list[str]) -> tuple[Role, ...]:
    try:
        return tuple(Role(code) for code in codes)
    except ValueError:
        raise BadInput(_("没有这种岗位")) from None
