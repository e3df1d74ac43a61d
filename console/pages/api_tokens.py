"""Tokens of programs: asked for by one administrator, agreed to by another, ended by either."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import RowId, form_day
from console.guard import AccountConfirmer, AccountOpener, AccountShutter, PeopleReader, TheOffice
from console.queries.accounts import account_numbered
from console.queries.api_tokens import all_tokens, holders
from console.render import back_to, page
from language import _
from rules.errors import BadInput
from workflows.people import api_tokens
from workflows.people.api_tokens import LONGEST, TOKEN_ACTS, AskedToken
from workflows.people.rights import Act

router = APIRouter(prefix="/people/tokens")

_HERE = "/people/tokens"


@router.get("")
def listed(request: Request, office: TheOffice, person: PeopleReader) -> Response:
    """Every token that was not ended, and the form for a new one."""
    with office.sessions.read_only() as session:
        return page(
            request,
            "api_tokens.html",
            rows=all_tokens(session, person),
            holders=holders(session, person),
            acts={act.value: word for act, word in TOKEN_ACTS.items()},
            last_day=office.today() + LONGEST,
        )


@router.post("")
def ask(
    request: Request,
    office: TheOffice,
    person: AccountOpener,
    user: Annotated[int, Form(ge=1, lt=2**63)],
    name: Annotated[str, Form(max_length=60)],
    expires_on: Annotated[str, Form(max_length=20)],
    acts: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Ask for a token; it waits for the security administrator."""
    day = form_day(expires_on, _("有效期"), "expires_on")
    with office.sessions.unit_of_work() as session:
        holder = account_numbered(session, user)
        asked = AskedToken(holder, name, [_act(code) for code in acts or ()], day)
        api_tokens.ask_for_token(session, office, person, asked)
    return back_to(request, _HERE, _("已提请发放接口令牌，待安全管理员同意"))


@router.post("/{token_id}/agree")
def agree(
    request: Request, office: TheOffice, person: AccountConfirmer, token_id: RowId
) -> Response:
    """Agree to it; its person draws the secret on his own page."""
    with office.sessions.unit_of_work() as session:
        api_tokens.agree_to_token(session, office, person, token_id)
    return back_to(request, _HERE, _("已同意；由使用人登录后在“我的账号”中取得令牌"))


@router.post("/{token_id}/end")
def end(request: Request, office: TheOffice, person: AccountShutter, token_id: RowId) -> Response:
    """End a token at once, or refuse one that was asked for."""
    with office.sessions.unit_of_work() as session:
        api_tokens.end_token(session, office, person, token_id)
    return back_to(request, _HERE, _("已停用接口令牌"))


def _act(code: str) -> Act:
    try:
        return Act(code)
    except ValueError:
        raise BadInput(_("请选择此账户的岗位可以办理的事项"), "acts") from None
