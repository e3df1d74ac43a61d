"""Log-in, log-out, and the language of the screens."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from console.guard import OwnSession, TheOffice, browser_of
from console.render import back_to, is_ours, page
from console.visits import cookies_of
from language import LANGUAGES, _
from models import User
from rules.errors import BadInput
from workflows.engine import broker_notes
from workflows.engine.office import Office
from workflows.people import passwords, sessions
from workflows.people.attempts import LogInSender, TryLater
from workflows.people.hashing import TooBusy, a_place, in_turn
from workflows.people.passwords import Attempt
from workflows.people.second_factor import is_asked
from workflows.people.sessions import Browser

router = APIRouter()

_KINDS = {401: "password", 429: "too many", 503: "too busy"}
"""What a monitor is told of a log-in that failed."""


@router.get("/login")
def ask(request: Request, back: str = "/") -> Response:
    """The log-in page."""
    return page(request, "login.html", back=back, login="", fault="", words_sent=())


@router.post("/login")
async def log_in(
    request: Request,
    office: TheOffice,
    login: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=1000)],
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Start a new session, or show the form again without saying what was wrong.

    While the password is hashed neither a thread that serves pages nor a connection waits.
    """
    sender = cookies_of(office).sender(request, login, browser_of(request).address)
    status, fault = 401, _("登录名或密码不对，或账户已停用。多次输错后，须等待一段时间才能再试。")
    try:
        with a_place():
            attempt = await run_in_threadpool(_begin, office, login, password, sender)
            right = await asyncio.wrap_future(in_turn(attempt.is_right))
    except (TryLater, TooBusy) as wait:
        status, fault = (429 if isinstance(wait, TryLater) else 503), str(wait)
    else:
        entered = await run_in_threadpool(_end, office, attempt, browser_of(request), right=right)
        if entered is not None:
            return _entered(request, office, back, *entered)
    url, kind = office.settings.redis_url, _KINDS[status]
    await run_in_threadpool(broker_notes.count, url, broker_notes.NOT_LET_IN, kind)
    return page(request, "login.html", status, back=back, login=login, fault=fault, words_sent=())


@router.post("/logout")
def log_out(request: Request, office: TheOffice, visit: OwnSession) -> Response:
    """End this session."""
    with office.sessions.unit_of_work() as session:
        sessions.log_out(session, office, visit.session)
    response = back_to(request, "/login")
    cookies_of(office).end(response)
    return response


@router.post("/language")
def speak(
    request: Request,
    office: TheOffice,
    language: Annotated[str, Form()],
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Show the screens in this language from now on."""
    if language not in LANGUAGES:
        raise BadInput(_("没有这种语言"))
    response = back_to(request, back if is_ours(back) else "/")
    cookies_of(office).speak(response, language)
    return response


def _begin(office: Office, login: str, password: str, sender: LogInSender) -> Attempt:
    with office.sessions.unit_of_work() as session:
        return passwords.begin_attempt(session, office, login, password, sender, passwords.LOG_IN)


def _end(
    office: Office, attempt: Attempt, browser: Browser, *, right: bool
) -> tuple[User, str, bool] | None:
    """The person, the token of his new session, and whether a second factor is asked of him; None
    if he is not let in."""
    with office.sessions.unit_of_work() as session:
        person = passwords.end_attempt(session, office, attempt, right=right)
        if person is None:
            return None
        token = sessions.begin_session(session, office, person, browser)
        return person, token, is_asked(session, person)


def _entered(
    request: Request, office: Office, back: str, person: User, token: str, asked_more: bool
) -> Response:
    # Who knows a password alone must not be told from strangers.
    response, cookies = back_to(request, back if is_ours(back) else "/"), cookies_of(office)
    cookies.begin(response, token)
    if not asked_more:
        cookies.know(response, person.login)
    return response
