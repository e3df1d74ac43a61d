"""What is held on people: legal holds by two persons, and everything on one member as a file."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField
from console.guard import PersonExporter, RecordHolder, TheOffice
from console.pages.download import FileAnswer, attachment
from console.queries.records import holds_in_force
from console.render import back_to, page
from language import _
from workflows.held_on_person import export_person
from workflows.retention import holds
from workflows.rows_of_person import member_with, named

router = APIRouter(prefix="/records")

RecordField = Annotated[str, Form(max_length=40)]
"""An ID number or the number of a claim; it never becomes part of an address."""


@router.get("")
def listed(request: Request, office: TheOffice, person: RecordHolder) -> Response:
    """Holds in force, and the forms."""
    with office.sessions.read_only() as session:
        return page(request, "records.html", holds=holds_in_force(session, person))


@router.post("/holds")
def ask_for_hold(
    request: Request,
    office: TheOffice,
    person: RecordHolder,
    whose: RecordField = "",
    reason: ReasonField = "",
) -> Response:
    """Hold everything of the member or the claim from now on."""
    with office.sessions.unit_of_work() as session:
        found = named(session, office, whose)
        held = holds.ask_for_hold(session, office, person, found, reason)
        said = _("保全 %(id)s 已生效，等另一人确认") % {"id": held.id}
    return back_to(request, "/records", said)


@router.post("/holds/{hold_id}/confirm")
def confirm_hold(
    request: Request, office: TheOffice, person: RecordHolder, hold_id: int
) -> Response:
    """Agree as a second person that it is to be held."""
    with office.sessions.unit_of_work() as session:
        holds.confirm_hold(session, office, person, hold_id)
    return back_to(request, "/records", _("已确认保全 %(id)s") % {"id": hold_id})


@router.post("/holds/{hold_id}/ask-to-lift")
def ask_to_lift(
    request: Request,
    office: TheOffice,
    person: RecordHolder,
    hold_id: int,
    reason: ReasonField = "",
) -> Response:
    """Propose that the hold ends."""
    with office.sessions.unit_of_work() as session:
        holds.ask_to_lift(session, office, person, hold_id, reason)
    return back_to(
        request, "/records", _("已提请解除保全 %(id)s，须由另一人同意") % {"id": hold_id}
    )


@router.post("/holds/{hold_id}/lift")
def lift(request: Request, office: TheOffice, person: RecordHolder, hold_id: int) -> Response:
    """Agree as a second person that the hold ends."""
    with office.sessions.unit_of_work() as session:
        holds.lift(session, office, person, hold_id)
    return back_to(request, "/records", _("已解除保全 %(id)s") % {"id": hold_id})


@router.post("/export")
def export(
    office: TheOffice,
    person: PersonExporter,
    whose: RecordField = "",
    purpose: ReasonField = "",
) -> FileAnswer:
    """Everything held on the member with this ID number, as one file."""
    with office.sessions.unit_of_work() as session:
        member = member_with(session, office, whose)
        packed = export_person(session, office, person, member.id, purpose)
    return attachment(packed, "person.zip", "application/zip")
