"""The page on which a person changes his own password."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from console.guard import AnyPerson, TheOffice, browser_of
from console.render import back_to, page
from console.visits import cookies_of
from language import N_, _
from models import User
from rules.errors import Refused
from workflows.engine.office import Office
from workflows.people import passwords, sessions
from workflows.people.attempts import LogInSender, TryLater
from workflows.people.hashing import TooBusy, after_log_ins, the_place_of
from workflows.people.passwords import Attempt, NotChanged, hash_new
from workflows.people.sessions import Browser
from workflows.people.weak_passwords import refuse_weak

router = APIRouter()

_Password = Annotated[str, Form(max_length=1000)]
_NOT_CHANGED = {
    NotChanged.WRONG: (401, N_("原密码不对。多次输错后，须等待一段时间才能再试。")),
    NotChanged.USED_BEFORE: (409, N_("新密码不能与最近五次用过的密码相同")),
}


@router.get("/password")
def ask(request: Request, person: AnyPerson) -> Response:
    """The form; a person with a first password cannot open any other page."""
    return page(request, "password.html", fault="")


@router.post("/password")
async def change(
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
    browser = browser_of(request)
    sender = cookies_of(office).sender(request, person.login, browser.address)
    try:
        passwords.refuse_the_same(old, new)
        refuse_weak(office, new, person.login, person.name, person.staff_number)
        with the_place_of(person.id):
            attempt = await run_in_threadpool(_begin, office, person, old, sender)
            hashed = await asyncio.wrap_future(after_log_ins(partial(hash_new, attempt, new)))
        changed = await run_in_threadpool(_end, office, attempt, hashed, browser)
    except Refused as refusal:
        statuses: dict[type[Refused], int] = {TryLater: 429, TooBusy: 503}
        status = statuses.get(type(refusal), 409)
        return page(request, "password.html", status, fault=str(refusal))
    if isinstance(changed, NotChanged):
        status, sentence = _NOT_CHANGED[changed]
        return page(request, "password.html", status, fault=_(sentence))
    response = back_to(request, "/", _("密码已修改"))
    cookies_of(office).begin(response, changed)
    return response


def _begin(office: Office, person: User, old: str, sender: LogInSender) -> Attempt:
    with office.sessions.unit_of_work() as session:
        return passwords.begin_change(session, office, person, old, sender)


def _end(
    office: Office, attempt: Attempt, hashed: str | NotChanged, browser: Browser
) -> str | NotChanged:
    """The token of the new session, or why the password is as it was."""
    with office.sessions.unit_of_work() as session:
        changed = passwords.change_password(session, office, attempt, hashed)
        if isinstance(changed, NotChanged):
            return changed
        return sessions.begin_whole_session(session, office, changed, browser)
