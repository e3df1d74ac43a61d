"""Log-in, log-out, and the language of the screens."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.guard import AnyPerson, TheOffice
from console.render import back_to, is_ours, page
from console.visits import cookies_of, new_visit
from language import LANGUAGES, _
from models import User
from rules.errors import BadInput
from workflows.engine.history import record
from workflows.people import passwords

router = APIRouter()


@router.get("/login")
def ask(request: Request, back: str = "/") -> Response:
    """The log-in page."""
    return page(request, "login.html", back=back, login="", failed=False, words_sent=())


@router.post("/login")
def log_in(
    request: Request,
    office: TheOffice,
    login: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=1000)],
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Start a new session, or show the form again without saying what was wrong."""
    with office.sessions.unit_of_work() as session:
        person = passwords.log_in(session, office, login, password)
    if person is None:
        return page(request, "login.html", 401, back=back, login=login, failed=True, words_sent=())
    response = back_to(request, back if is_ours(back) else "/")
    cookies_of(office).begin(response, new_visit(person))
    return response


@router.post("/logout")
def log_out(request: Request, office: TheOffice, person: AnyPerson) -> Response:
    """End all sessions of this person, on all machines."""
    with office.sessions.unit_of_work() as session:
        user = session.get_one(User, person.id, with_for_update=True)
        user.session_epoch += 1
        record(session, user, "log_out", office.clock(), person.id)
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
