"""The accounts that pay: proposed by a cashier, confirmed by a supervisor."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from banking.batch import Payer
from console.forms import form_day
from console.guard import (
    BatchReader,
    PayingAccountConfirmer,
    PayingAccountProposer,
    TheOffice,
)
from console.queries.paying_accounts import account_numbered, families, paying_accounts
from console.render import back_to, page
from documents.plain_text import squeezed
from language import _
from workflows.claims.paying import paying_accounts as acts
from workflows.claims.paying.paying_accounts import NewAccount

HOME = "/paying-accounts"
router = APIRouter(prefix=HOME)
AccountText = Annotated[str, Form(max_length=200)]


@router.get("")
def listed(request: Request, office: TheOffice, person: BatchReader) -> Response:
    """All accounts with their days, and the form for a new one."""
    with office.sessions.read_only() as session:
        rows = paying_accounts(session, person)
    return page(
        request, "paying_accounts.html", rows=rows, families=families(), today=office.today()
    )


@router.post("")
def propose(
    request: Request,
    office: TheOffice,
    person: PayingAccountProposer,
    name: AccountText,
    account: AccountText,
    bank: AccountText,
    first_on: AccountText,
    cnaps: AccountText = "",
    family: AccountText = "",
) -> Response:
    """Propose an account."""
    payer = Payer(name.strip(), squeezed(account), bank.strip(), squeezed(cnaps) or None)
    day = form_day(first_on, _("第一日"), "first_on")
    with office.sessions.unit_of_work() as session:
        new = NewAccount(family or None, payer, day)
        acts.propose_account(session, office, person, new)
    return back_to(request, HOME, _("已提出，等审批人员确认"))


@router.post("/{account_id}/confirm")
def confirm(
    request: Request,
    office: TheOffice,
    person: PayingAccountConfirmer,
    account_id: int,
    seen: Annotated[int, Form()],
) -> Response:
    """Let a proposed account count, as the page showed it."""
    with office.sessions.unit_of_work() as session:
        account = account_numbered(session, account_id)
        acts.confirm_account(session, office, person, account, seen)
    return back_to(request, HOME, _("付款账户已确认"))


@router.post("/{account_id}/refuse")
def refuse(
    request: Request,
    office: TheOffice,
    person: PayingAccountConfirmer,
    account_id: int,
    seen: Annotated[int, Form()],
) -> Response:
    """Drop a proposed account, as the page showed it."""
    with office.sessions.unit_of_work() as session:
        account = account_numbered(session, account_id)
        acts.refuse_account(session, office, person, account, seen)
    return back_to(request, HOME, _("不采用所提的付款账户"))


@router.post("/{account_id}/end")
def ask_end(
    request: Request,
    office: TheOffice,
    person: PayingAccountProposer,
    account_id: int,
    last_on: AccountText,
) -> Response:
    """Ask that the account of some plans ends."""
    day = form_day(last_on, _("最后一日"), "last_on")
    with office.sessions.unit_of_work() as session:
        acts.ask_end(session, office, person, account_numbered(session, account_id), day)
    return back_to(request, HOME, _("已提请停用，等审批人员同意"))


@router.post("/{account_id}/end/agree")
def agree_end(
    request: Request,
    office: TheOffice,
    person: PayingAccountConfirmer,
    account_id: int,
    seen: AccountText,
) -> Response:
    """End the account as another person asked and as the page showed."""
    day = form_day(seen, _("最后一日"), "seen")
    with office.sessions.unit_of_work() as session:
        acts.agree_end(session, office, person, account_numbered(session, account_id), day)
    return back_to(request, HOME, _("付款账户到期停用"))


@router.post("/{account_id}/end/refuse")
def refuse_end(
    request: Request,
    office: TheOffice,
    person: PayingAccountConfirmer,
    account_id: int,
    seen: AccountText,
) -> Response:
    """Leave the account as it is, against the end that the page showed."""
    day = form_day(seen, _("最后一日"), "seen")
    with office.sessions.unit_of_work() as session:
        acts.refuse_end(session, office, person, account_numbered(session, account_id), day)
    return back_to(request, HOME, _("付款账户照旧使用"))
