"""The second factor of a log-in: given, set up at the first one, its recovery codes renewed."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from console.guard import AnyPerson, OwnSession, TheOffice, browser_of
from console.render import back_to, is_ours, page
from console.visits import Visit, cookies_of
from language import _
from workflows.engine.office import Office
from workflows.people import second_factor, security_keys, sessions
from workflows.people.attempts import LogInSender, TryLater
from workflows.people.second_factor import Pairing

router = APIRouter(prefix="/second-factor")

_Code = Annotated[str, Form(max_length=40)]
_Back = Annotated[str, Form()]


@router.get("")
def ask(request: Request, office: TheOffice, visit: OwnSession, back: str = "/") -> Response:
    """The form for the code; before it is set up, what to set up.

    Who goes back here when he has entered comes to the page that he wanted.
    """
    with office.sessions.read_only() as session:
        is_set_up = second_factor.has_factor(session, visit.person)
    if is_set_up and not visit.session.needs_code:
        return back_to(request, back if is_ours(back) else "/")
    if is_set_up:
        return code_page(request, office, visit, back, "", 200)
    return _set_up_page(request, office, visit, back, "", 200)


@router.post("")
def give(
    request: Request, office: TheOffice, visit: OwnSession, code: _Code, back: _Back = "/"
) -> Response:
    """Complete the log-in by the code of now, or by a recovery code."""
    sender = sender_of(request, office, visit)
    token = None
    try:
        with office.sessions.unit_of_work() as session:
            is_right = second_factor.give_code(session, office, visit.person, code, sender)
            if is_right:
                token = sessions.complete(session, office, visit.session)
    except TryLater as wait:
        return code_page(request, office, visit, back, str(wait), 429)
    if not is_right:
        return code_page(request, office, visit, back, _("动态口令不对，或已经用过"), 401)
    return entered(request, office, visit, back, token)


@router.post("/set-up")
def set_up(
    request: Request, office: TheOffice, visit: OwnSession, code: _Code, back: _Back = "/"
) -> Response:
    """Confirm what was set up by its first code; the recovery codes are on this page only."""
    sender, token = sender_of(request, office, visit), None
    try:
        with office.sessions.unit_of_work() as session:
            codes = second_factor.confirm_pairing(session, office, visit.person, code, sender)
            if codes is not None:
                token = sessions.complete(session, office, visit.session)
    except TryLater as wait:
        return _set_up_page(request, office, visit, back, str(wait), 429)
    if codes is None:
        fault = _("动态口令不对，请用应用中现在显示的六位数字")
        return _set_up_page(request, office, visit, back, fault, 401)
    cookies = cookies_of(office)
    form = {"token": cookies.token(token)} if token else {}
    back = back if is_ours(back) else "/"
    response = page(request, "recovery_codes.html", 200, codes=codes, back=back, **form)
    return _known(office, visit, response, token)


@router.post("/recovery-codes")
def renew(
    request: Request, office: TheOffice, person: AnyPerson, visit: OwnSession, code: _Code
) -> Response:
    """Ten new recovery codes in the place of the old ones."""
    sender = sender_of(request, office, visit)
    with office.sessions.unit_of_work() as session:
        codes = second_factor.renew_recovery_codes(session, office, person, code, sender)
    if codes is None:
        return back_to(request, "/me", _("动态口令不对，或已经用过"), is_bad=True)
    return page(request, "recovery_codes.html", codes=codes, back="/me")


def code_page(
    request: Request, office: Office, visit: Visit, back: str, fault: str, status: int
) -> Response:
    """The form for a code, and what one of his keys may sign instead."""
    with office.sessions.unit_of_work() as session:
        asked = security_keys.ask_for_key(session, office, visit.person, visit.session)
    return page(request, "second_factor.html", status, back=back, fault=fault, asked=asked)


def entered(
    request: Request, office: Office, visit: Visit, back: str, token: str | None
) -> Response:
    """On to the page he wanted; the browser is known from now on, and by this token; None: his
    session was ended meanwhile."""
    return _known(office, visit, back_to(request, back if is_ours(back) else "/"), token)


def _known(office: Office, visit: Visit, response: Response, token: str | None) -> Response:
    cookies = cookies_of(office)
    cookies.know(response, visit.person.login)
    if token:
        cookies.begin(response, token)
    return response


def sender_of(request: Request, office: Office, visit: Visit) -> LogInSender:
    """Who gives a code."""
    return cookies_of(office).sender(request, visit.person.login, browser_of(request).address)


def _set_up_page(
    request: Request, office: Office, visit: Visit, back: str, fault: str, status: int
) -> Response:
    with office.sessions.unit_of_work() as session:
        shown = second_factor.pairing(session, office, visit.person)
    picture = _picture(shown)
    return page(
        request,
        "pairing.html",
        status,
        back=back,
        fault=fault,
        secret=shown.secret,
        picture=picture,
    )


def _picture(shown: Pairing) -> Markup:
    """The QR code as part of the page: it goes through no address that could be kept."""
    code = segno.make(shown.address, error="m", micro=False)
    drawn = code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=False)
    return Markup(drawn)  # noqa: S704 - our own drawing, without any text
