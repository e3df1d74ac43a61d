"""One's own account: in which browsers one is logged in, and the end of each."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.forms import RowId
from console.guard import AnyPerson, OwnSession, TheOffice
from console.queries.api_tokens import token_rows
from console.render import back_to, page
from console.visits import Visit
from language import _
from models import User
from workflows.engine.office import Office
from workflows.people import api_tokens, second_factor, security_keys, sessions

router = APIRouter(prefix="/me")


@router.get("")
def show(request: Request, office: TheOffice, person: AnyPerson, visit: OwnSession) -> Response:
    """The account and its sessions, this one marked."""
    return _page(request, office, person, visit)


@router.post("/tokens/{token_id}/draw")
def draw_token(
    request: Request, office: TheOffice, person: AnyPerson, visit: OwnSession, token_id: RowId
) -> Response:
    """Show the secret of one's own token, once."""
    with office.sessions.unit_of_work() as session:
        drawn = api_tokens.draw_token(session, office, person, token_id)
    return _page(request, office, person, visit, drawn)


@router.post("/tokens/{token_id}/end")
def end_token(request: Request, office: TheOffice, person: AnyPerson, token_id: RowId) -> Response:
    """End one's own token at once."""
    with office.sessions.unit_of_work() as session:
        api_tokens.end_token(session, office, person, token_id)
    return back_to(request, "/me", _("已停用接口令牌"))


def _page(
    request: Request, office: Office, person: User, visit: Visit, drawn: str = ""
) -> Response:
    with office.sessions.read_only() as session:
        own = sessions.own_sessions(session, office, person)
        has_factor = second_factor.has_factor(session, person)
        left = second_factor.codes_left(session, person)
        tokens = token_rows(session, person, [person.id])
        keys = security_keys.keys_of(session, person)
    return page(
        request,
        "my_account.html",
        sessions=own,
        this=visit.session.id,
        has_factor=has_factor,
        codes_left=left,
        keys=keys,
        tokens=tokens,
        drawn=drawn,
        has_origin=bool(office.settings.origin),
    )


@router.post("/sessions/others/end")
def end_others(
    request: Request, office: TheOffice, person: AnyPerson, visit: OwnSession
) -> Response:
    """End all sessions but this one."""
    with office.sessions.unit_of_work() as session:
        count = sessions.end_other_sessions(session, office, visit.session)
    return back_to(request, "/me", _("已结束其他登录 %(count)s 个") % {"count": count})


@router.post("/sessions/{session_id}/end")
def end_one(request: Request, office: TheOffice, person: AnyPerson, session_id: int) -> Response:
    """End one of one's own sessions."""
    with office.sessions.unit_of_work() as session:
        sessions.end_own_session(session, office, person, session_id)
    return back_to(request, "/me", _("已结束这个登录"))
