"""The page on which a person changes his own password."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.guard import AnyPerson, TheOffice
from console.render import back_to, page
from console.visits import cookies_of, new_visit
from language import _
from rules.errors import Refused
from workflows.people.passwords import change_password

router = APIRouter()

_Password = Annotated[str, Form(max_length=1000)]


@router.get("/password")
def ask(request: Request, person: AnyPerson) -> Response:
    """The form; a person with a first password cannot open any other page."""
    return page(request, "password.html", fault="")


@router.post("/password")
def change(
    request: Request,
    office: TheOffice,
    person: AnyPerson,
    old: _Password,
    new: _Password,
    again: _Password,
) -> Response:
    """Set the new password and start a new session; all others of this person end."""
    if new != again:
        return page(request, "password.html", 422, fault=_("两次输入的新密码不一样"))
    try:
        with office.sessions.unit_of_work() as session:
            changed = change_password(session, office, person, old, new)
    except Refused as refusal:
        return page(request, "password.html", 409, fault=str(refusal))
    if changed is None:
        sentence = _("原密码不对。连续输错 5 次会锁定 15 分钟。")
        return page(request, "password.html", 401, fault=sentence)
    response = back_to(request, "/", _("密码已修改"))
    cookies_of(office).begin(response, new_visit(changed))
    return response
