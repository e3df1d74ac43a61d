"""A unit's own page: what it has to do with us, from cover to letters."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.guard import OwnUnitReader, TheOffice
from console.queries import enrolments, renewals
from console.queries import unit as board
from console.render import page
from language import _
from models import Unit
from rules.errors import Refused

router = APIRouter(prefix="/unit")


@router.get("")
def overview(request: Request, office: TheOffice, person: OwnUnitReader) -> Response:
    """Cover, fees and letters of the person's own unit."""
    with office.sessions.look() as session:
        unit = _own(board.unit_of(session, person))
        return page(
            request,
            "unit.html",
            unit=unit,
            facts=None,
            base="/unit",
            covered=board.covered_now(session, office, unit),
            covers=board.cover_counts(session, office, unit),
            enrolments=enrolments.rows(session, person, unit_id=unit.id),
            letters=board.letters(session, person, unit),
            notices=renewals.for_unit(session, office, unit.id),
        )


@router.get("/members")
def members(request: Request, office: TheOffice, person: OwnUnitReader, after: int = 0) -> Response:
    """The roster: who is covered, numbers masked."""
    with office.sessions.look() as session:
        unit = _own(board.unit_of(session, person))
        rows, next_after = board.members(session, office, unit, after)
        return page(
            request,
            "members.html",
            unit=unit,
            rows=rows,
            covered=board.covered_now(session, office, unit),
            next_link=f"/unit/members?after={next_after}" if next_after else "",
            is_first=after == 0,
            home="/unit",
        )


def _own(unit: Unit | None) -> Unit:
    if unit is None:
        raise Refused(_("您的账户还没有关联单位，请联系系统管理员"))
    return unit
