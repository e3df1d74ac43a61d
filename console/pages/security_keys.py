"""Security keys: added and removed on one's own page, given in the place of a code."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.guard import AnyPerson, OwnSession, TheOffice
from console.pages.second_factor import code_page, entered, sender_of
from console.render import back_to, page
from language import _
from workflows.people import second_factor, security_keys, sessions

router = APIRouter()

_Answer = Annotated[str, Form(max_length=20_000)]


@router.post("/me/keys/new")
def begin(
    request: Request,
    office: TheOffice,
    person: AnyPerson,
    visit: OwnSession,
    code: Annotated[str, Form(max_length=40)],
) -> Response:
    """The page on which the browser makes a new key, for who gives a code once more."""
    sender = sender_of(request, office, visit)
    with office.sessions.unit_of_work() as session:
        if second_factor.give_code(session, office, person, code, sender):
            asked = security_keys.offer_key(session, office, person, visit.session)
            return page(request, "security_key.html", asked=asked)
    return back_to(request, "/me", _("动态口令不对，或已经用过"), is_bad=True)


@router.post("/me/keys")
def add(
    request: Request,
    office: TheOffice,
    person: AnyPerson,
    visit: OwnSession,
    answer: _Answer,
    name: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Keep the key that the browser made."""
    with office.sessions.unit_of_work() as session:
        is_kept = security_keys.add_key(session, office, person, visit.session, name, answer)
    if not is_kept:
        return back_to(request, "/me", _("没有添加安全密钥，请重试"), is_bad=True)
    return back_to(request, "/me", _("已添加安全密钥"))


@router.post("/me/keys/{key_id}/remove")
def remove(request: Request, office: TheOffice, person: AnyPerson, key_id: int) -> Response:
    """Forget one of one's own keys."""
    with office.sessions.unit_of_work() as session:
        security_keys.remove_key(session, office, person, key_id)
    return back_to(request, "/me", _("已删除安全密钥"))


@router.post("/second-factor/key")
def give(
    request: Request,
    office: TheOffice,
    visit: OwnSession,
    answer: _Answer,
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Complete the log-in by a key."""
    token = None
    with office.sessions.unit_of_work() as session:
        is_right = security_keys.give_key(session, office, visit.person, visit.session, answer)
        if is_right:
            token = sessions.complete(session, office, visit.session)
    if not is_right:
        return code_page(
            request, office, visit, back, _("安全密钥没有通过，请重试或用动态口令"), 401
        )
    return entered(request, office, visit, back, token)
