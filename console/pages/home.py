"""The first screen: what waits for me."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.boards.claims import waiting
from console.boards.home import tiles
from console.guard import AnyPerson, TheOffice
from console.render import page

router = APIRouter()


@router.get("/")
def home(request: Request, office: TheOffice, person: AnyPerson) -> Response:
    """What waits for the roles of this person."""
    with office.sessions.look() as session:
        rows = waiting(session, office, person)
        return page(request, "home.html", tiles=tiles(session, person), rows=rows)
