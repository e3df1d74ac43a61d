"""Prevention activities: note them, count who signed in, report the year."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from console.forms import DayField, form_whole
from console.guard import BoardReader, EventNoter, TheOffice
from console.pages.download import FileAnswer, attachment
from console.queries import reports
from console.queries.activities import (
    activities_by_unit,
    activities_of_year,
    activity_numbered,
    activity_years,
    units_that_hold,
)
from console.render import back_to, page
from documents.new_workbook import MEDIA_TYPE
from documents.tables import write_tables
from language import _
from workflows import activities
from workflows.activities import KINDS, NotedActivity
from workflows.people.visibility import sees_own_unit_only

router = APIRouter(prefix="/boards/activities")


def _held(
    kind: Annotated[str, Form()],
    title: Annotated[str, Form(max_length=100)],
    held_on: DayField,
    place: Annotated[str, Form(max_length=100)],
    unit: Annotated[str, Form(max_length=10)] = "",
    signed_in: Annotated[str, Form(max_length=6)] = "",
) -> NotedActivity:
    """What the form says; an empty unit is the office, an empty count is not known yet."""
    unit_id = int(unit) if unit.isdecimal() else None
    return NotedActivity(kind, title, held_on, place, unit_id, form_whole(signed_in, "signed_in"))


ActivityForm = Annotated[NotedActivity, Depends(_held)]


@router.get("")
def listed(request: Request, office: TheOffice, person: BoardReader, year: int = 0) -> Response:
    """The activities of a year, and what they come to."""
    with office.sessions.read_only() as session:
        years = activity_years(session, office.today().year)
        year = year if year in years else office.today().year
        rows = activities_of_year(session, person, year)
        return page(
            request,
            "activities.html",
            rows=rows,
            report=activities_by_unit(rows),
            units=units_that_hold(session, person),
            own_only=sees_own_unit_only(person),
            kinds=KINDS,
            year=year,
            years=years,
            today=office.today(),
        )


@router.get("/report.xlsx")
def report(
    office: TheOffice, person: BoardReader, year: Annotated[int, Query(ge=2000, le=2100)]
) -> FileAnswer:
    """The yearly report as a spreadsheet."""
    with office.sessions.read_only() as session:
        rows = activities_of_year(session, person, year)
    tables = reports.activities(rows, activities_by_unit(rows), year)
    name = _("%(year)s年预防活动年报.xlsx") % {"year": year}
    return attachment(write_tables(tables, office.clock()), name, MEDIA_TYPE)


@router.post("")
def note(request: Request, office: TheOffice, person: EventNoter, held: ActivityForm) -> Response:
    """Write an activity down."""
    with office.sessions.unit_of_work() as session:
        activities.note(session, office, person, held)
    return _again(request, held.held_on.year, _("已登记活动"))


@router.post("/{activity_id}")
def change(
    request: Request, office: TheOffice, person: EventNoter, activity_id: int, held: ActivityForm
) -> Response:
    """Correct an activity, or add how many signed in."""
    with office.sessions.unit_of_work() as session:
        activity = activity_numbered(session, person, activity_id)
        activities.change(session, office, person, activity, held)
    return _again(request, held.held_on.year, _("已更正活动"))


@router.post("/{activity_id}/remove")
def remove(request: Request, office: TheOffice, person: EventNoter, activity_id: int) -> Response:
    """Remove an activity."""
    with office.sessions.unit_of_work() as session:
        activity = activity_numbered(session, person, activity_id)
        year = activity.held_on.year
        activities.remove(session, person, activity)
    return _again(request, year, _("已删除活动"))


def _again(request: Request, year: int, sentence: str) -> Response:
    return back_to(request, f"/boards/activities?year={year}", sentence)
