"""Single sign-on: off to the provider of identities, and back."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.guard import TheOffice, browser_of
from console.render import back_to, is_ours, page
from console.visits import cookies_of
from language import _
from rules.errors import Refused
from workflows.engine import broker_notes
from workflows.engine.office import Office
from workflows.people import identity_provider
from workflows.people.identity_provider import BACK, NotIdentified
from workflows.people.sign_on import sign_on

router = APIRouter()


@router.get("/login/sign-on")
def go(request: Request, office: TheOffice, back: str = "/") -> Response:
    """To the provider's page; the browser keeps what it must bring back."""
    if not identity_provider.is_known(office.settings):
        raise Refused(_("没有设置统一身份认证，请用密码登录"))
    try:
        url, journey = identity_provider.send_off(office)
    except NotIdentified as error:
        return _refused(request, office, str(error))
    response = RedirectResponse(url, 303)
    cookies_of(office).send_off(response, journey, back)
    return response


@router.get(BACK)
def come_back(request: Request, office: TheOffice) -> Response:
    """Start a session for whom the provider names to the browser that was sent off."""
    cookies = cookies_of(office)
    sent = cookies.sent_off(request)
    if sent is None or not identity_provider.is_known(office.settings):
        return _refused(request, office, _("统一身份认证没有通过，请重新登录"))
    journey, back = sent
    try:
        identity = identity_provider.identify(office, journey, request.query_params)
    except NotIdentified as error:
        return _refused(request, office, str(error))
    with office.sessions.unit_of_work() as session:
        entered = sign_on(session, office, identity, browser_of(request))
    if entered is None:
        return _refused(request, office, _("没有与此身份对应的账户，或账户已停用"))
    response = back_to(request, back if is_ours(back) else "/")
    cookies.arrive(response)
    cookies.begin(response, entered[1])
    return response


def _refused(request: Request, office: Office, fault: str) -> Response:
    broker_notes.count(office.settings.redis_url, broker_notes.NOT_LET_IN, "sign-on")
    response = page(request, "login.html", 401, back="/", login="", fault=fault, words_sent=())
    cookies_of(office).arrive(response)
    return response
