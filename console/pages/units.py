"""The register of units: the list, and one with its cover, rosters and letters."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField, form_whole
from console.guard import AllMembersReader, TheOffice, UnitChanger, UnitReader, Waiver
from console.not_found import NotFound
from console.queries.enrolments import enrolments_found
from console.queries.one_unit import cover_counts, covered_members, covered_now, letters_of_unit
from console.queries.renewals import notices_for_unit
from console.queries.units import all_units, unit_numbered
from console.render import back_to, page
from documents.plain_text import squeezed
from documents.typed_values import typed_number
from language import _
from models import CoverYear
from workflows.enrolment import cover_city, unit_city, units
from workflows.enrolment.units import UnitFacts

router = APIRouter(prefix="/units")

_NEW = UnitFacts(name="", city="")


async def _facts(request: Request) -> UnitFacts:
    """The facts in the form."""
    form = {name: str(value).strip() for name, value in (await request.form()).items()}
    return UnitFacts(
        name=form.get("name", ""),
        city=form.get("city", ""),
        code=typed_number(form.get("code", "")),
        has_union="has_union" in form,
        headcount=form_whole(form.get("headcount", ""), "headcount"),
        contact_name=form.get("contact_name", ""),
        contact_phone=squeezed(form.get("contact_phone", "")),
        contact_email=form.get("contact_email", ""),
    )


UnitFactsForm = Annotated[UnitFacts, Depends(_facts)]
SeenCity = Annotated[str, Form(max_length=40)]


@router.get("")
def listed(request: Request, office: TheOffice, person: UnitReader) -> Response:
    """Every unit."""
    with office.sessions.read_only() as session:
        return page(request, "units.html", rows=all_units(session, office), new=_NEW)


@router.post("")
def register(
    request: Request, office: TheOffice, person: UnitChanger, facts: UnitFactsForm
) -> Response:
    """Put a new unit into the register."""
    with office.sessions.unit_of_work() as session:
        unit = units.register(session, office, person, facts)
    return back_to(request, f"/units/{unit.id}", _("已登记"))


@router.get("/{unit_id}")
def show_unit(request: Request, office: TheOffice, person: UnitReader, unit_id: int) -> Response:
    """The unit's entry in the register, with its cover, rosters and letters."""
    with office.sessions.read_only() as session:
        unit = unit_numbered(session, unit_id)
        return page(
            request,
            "unit.html",
            unit=unit,
            facts=units.facts_of(unit),
            base=f"/units/{unit_id}",
            covered=covered_now(session, office, unit),
            covers=cover_counts(session, office, unit),
            enrolments=enrolments_found(session, person, unit_id=unit.id),
            letters=letters_of_unit(session, person, unit),
            notices=notices_for_unit(session, office, unit.id),
        )


@router.post("/{unit_id}")
def change(
    request: Request, office: TheOffice, person: UnitChanger, unit_id: int, facts: UnitFactsForm
) -> Response:
    """Store what has changed."""
    with office.sessions.unit_of_work() as session:
        units.change(session, office, person, unit_numbered(session, unit_id, lock=True), facts)
    return back_to(request, f"/units/{unit_id}", _("已保存"))


@router.post("/{unit_id}/years/{year_id}/city")
def ask_for_city(
    request: Request,
    office: TheOffice,
    person: UnitChanger,
    unit_id: int,
    year_id: int,
    city: Annotated[str, Form(max_length=40)],
    reason: ReasonField = "",
) -> Response:
    """Ask for another city of a cover year."""
    with office.sessions.unit_of_work() as session:
        year = _year(session, unit_id, year_id)
        cover_city.ask_for_city(session, office, person, year, city, reason)
    return back_to(request, f"/units/{unit_id}", _("已提出，由审批人确认后按新的城市核定"))


@router.post("/{unit_id}/years/{year_id}/city/confirm")
def confirm_city(
    request: Request,
    office: TheOffice,
    person: Waiver,
    unit_id: int,
    year_id: int,
    city: SeenCity = "",
) -> Response:
    """Confirm the city that was asked for, as it was shown."""
    with office.sessions.unit_of_work() as session:
        cover_city.confirm_city(session, office, person, _year(session, unit_id, year_id), city)
    return back_to(request, f"/units/{unit_id}", _("已确认城市"))


@router.post("/{unit_id}/city/confirm")
def confirm_unit_city(
    request: Request, office: TheOffice, person: Waiver, unit_id: int, city: SeenCity = ""
) -> Response:
    """Confirm the city of the unit that was asked for, as it was shown."""
    with office.sessions.unit_of_work() as session:
        unit = unit_numbered(session, unit_id, lock=True)
        unit_city.confirm_unit_city(session, office, person, unit, city)
    return back_to(request, f"/units/{unit_id}", _("已确认城市"))


@router.post("/{unit_id}/city/refuse")
def refuse_unit_city(
    request: Request,
    office: TheOffice,
    person: Waiver,
    unit_id: int,
    city: Annotated[str, Form()],
) -> Response:
    """Leave the city of the unit as it is."""
    with office.sessions.unit_of_work() as session:
        unit = unit_numbered(session, unit_id, lock=True)
        unit_city.refuse_unit_city(session, office, person, unit, city)
    return back_to(request, f"/units/{unit_id}", _("城市不变"))


def _year(session: Session, unit_id: int, year_id: int) -> CoverYear:
    found = session.get(CoverYear, year_id, with_for_update=True)
    if found is None or found.unit_id != unit_id:
        raise NotFound(str(year_id))
    return found


@router.get("/{unit_id}/members")
def members(
    request: Request, office: TheOffice, person: AllMembersReader, unit_id: int, after: int = 0
) -> Response:
    """The covered members, numbers masked."""
    with office.sessions.read_only() as session:
        unit = unit_numbered(session, unit_id)
        rows, next_after = covered_members(session, office, unit, after)
        return page(
            request,
            "members.html",
            unit=unit,
            rows=rows,
            covered=covered_now(session, office, unit),
            next_link=f"/units/{unit_id}/members?after={next_after}" if next_after else "",
            is_first=after == 0,
            home=f"/units/{unit_id}",
        )
