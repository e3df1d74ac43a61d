"""The campaign of the year: plan the three phases for all units, note who has reached them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import DayField
from console.guard import BoardReader, CampaignPlanner, EventNoter, TheOffice
from console.queries.campaign import phase_totals, phases_of_units
from console.render import back_to, page
from language import _
from workflows import campaign

router = APIRouter(prefix="/boards/campaign")

CampaignYear = Annotated[int, Form(ge=2020, le=2100)]


@router.get("")
def table(request: Request, office: TheOffice, person: BoardReader, year: int = 0) -> Response:
    """Every unit with its three phases."""
    this = office.today().year
    years = range(this + 1, 2019, -1)
    year = year if year in years else this
    with office.sessions.read_only() as session:
        rows = phases_of_units(session, office, person, year)
    return page(
        request,
        "campaign.html",
        rows=rows,
        totals=phase_totals(rows),
        year=year,
        years=years,
        today=office.today(),
    )


@router.post("/plan")
def plan(
    request: Request,
    office: TheOffice,
    person: CampaignPlanner,
    year: CampaignYear,
    publicity: DayField,
    enrolment: DayField,
    operation: DayField,
) -> Response:
    """Set the days of the phases for all units."""
    days = {"publicity": publicity, "enrolment": enrolment, "operation": operation}
    with office.sessions.unit_of_work() as session:
        count = campaign.plan(session, office, person, year, days)
    return _again(request, year, _("已为 %(count)s 个单位安排三个阶段") % {"count": count})


@router.post("/reach")
def reach(
    request: Request,
    office: TheOffice,
    person: EventNoter,
    year: CampaignYear,
    milestone: Annotated[list[int] | None, Form()] = None,
    on: Annotated[date | None, Form()] = None,
    undo: Annotated[str, Form()] = "",
) -> Response:
    """Note that the ticked units reached the ticked phases; `undo` takes the notes back."""
    with office.sessions.unit_of_work() as session:
        day = None if undo else on or office.today()
        count = campaign.reach(session, office, person, milestone or [], day)
    sentence = _("已撤销 %(count)s 项登记") if undo else _("已登记完成 %(count)s 项")
    return _again(request, year, sentence % {"count": count})


def _again(request: Request, year: int, sentence: str) -> Response:
    return back_to(request, f"/boards/campaign?year={year}", sentence)
