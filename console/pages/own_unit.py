"""A unit's own page: its cover, fees and letters."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.guard import OwnUnitReader, TheOffice
from console.queries.enrolments import enrolments_found
from console.queries.one_unit import (
    cover_counts,
    covered_members,
    covered_now,
    letters_of_unit,
    unit_of_person,
)
from console.queries.renewals import notices_for_unit
from console.render import page
from language import _
from models import Unit
from rules.errors import Refused

router = APIRouter(prefix="/unit")


@router.get("")
def overview(request: Request, office: TheOffice, person: OwnUnitReader) -> Response:
    """Cover, fees and letters of the person's own unit."""
    with office.sessions.read_only() as session:
        unit = _own(unit_of_person(session, person))
        return page(
            request,
            "unit.html",
            unit=unit,
            facts=None,
            base="/unit",
            covered=covered_now(session, office, unit),
            covers=cover_counts(session, office, unit),
            enrolments=enrolments_found(session, person, unit_id=unit.id),
            letters=letters_of_unit(session, person, unit),
            notices=notices_for_unit(session, office, unit.id),
        )


@router.get("/members")
def members(request: Request, office: TheOffice, person: OwnUnitReader, after: int = 0) -> Response:
    """The covered members, numbers masked."""
    with office.sessions.read_only() as session:
        unit = _own(unit_of_person(session, person))
        rows, next_after = covered_members(session, office, unit, after)
        return page(
            request,
            "members.html",
            unit=unit,
            rows=rows,
            covered=covered_now(session, office, unit),
            next_link=f"/unit/members?after={next_after}" if next_after else "",
            is_first=after == 0,
            home="/unit",
        )


def _own(unit: Unit | None) -> Unit:
    if unit is None:
        raise Refused(_("您的账户还没有关联单位，请联系系统管理员"))
    return unit
