"""The proof of a day: what each station of the money says of it, kept and signed."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.guard import BooksReader, DaySigner, TheOffice
from console.not_found import NotFound
from console.pages.books import HOME
from console.queries.day_proofs import day_view
from console.render import back_to, page
from language import _
from rules.errors import Refused
from workflows.day_proof import day_proof

router = APIRouter(prefix=f"{HOME}/days/{{day}}")


@router.get("")
def one_day(request: Request, office: TheOffice, person: BooksReader, day: str) -> Response:
    """What was kept of a day, or what its stations say now."""
    on = _day(day)
    with office.sessions.read_only() as session:
        found = day_view(session, office, on)
    beside = [on - timedelta(days=1), on + timedelta(days=1)]
    return page(request, "day_proof.html", day=on, found=found, beside=beside)


@router.post("/keep")
def keep_day(request: Request, office: TheOffice, person: DaySigner, day: str) -> Response:
    """Prove a day again and keep it."""
    on = _day(day)
    if on >= office.today():
        raise Refused(_("%(day)s 还没有过完，不能核对") % {"day": day})
    with office.sessions.unit_of_work() as session:
        day_proof.keep_day(session, office, on)
    return back_to(request, f"{HOME}/days/{day}", _("已核对"))


@router.post("/sign")
def sign_day(
    request: Request,
    office: TheOffice,
    person: DaySigner,
    day: str,
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Sign what was kept."""
    with office.sessions.unit_of_work() as session:
        day_proof.sign_day(session, office, person, _day(day), note)
    return back_to(request, f"{HOME}/days/{day}", _("已签核"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(text) from error
