"""The first screen: the work that waits for this person."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.guard import AnyPerson, TheOffice
from console.queries import wanted
from console.queries.claims import under_way, waiting
from console.queries.home import tiles
from console.queries.one_unit import unit_of_person
from console.render import page
from models import User
from workflows.engine.office import Office
from workflows.people.visibility import sees_own_unit_only

router = APIRouter()


@router.get("/")
def home(request: Request, office: TheOffice, person: AnyPerson) -> Response:
    """The work that waits for the roles of this person."""
    if sees_own_unit_only(person):
        return _of_a_unit(request, office, person)
    with office.sessions.read_only() as session:
        rows = waiting(session, office, person)
        return page(request, "home.html", tiles=tiles(session, office, person), rows=rows)


def _of_a_unit(request: Request, office: Office, person: User) -> Response:
    """The screen of a unit: one list of what it still has to hand in or do."""
    with office.sessions.read_only() as session:
        return page(
            request,
            "unit_home.html",
            unit=unit_of_person(session, person),
            claims=wanted.claims(session, office, person),
            others=wanted.others(session, office, person),
            moving=under_way(session, office, person),
        )
