"""Values of a claim's fields: keyed, chosen among what is said, confirmed, shown in full."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console import formatting, labels
from console.guard import Corrector, NumberReader, TheOffice
from console.pages.acts_on_claim import again as back
from console.pages.acts_on_claim import changing
from console.queries.doubts import place_of, said_by
from console.render import page
from console.stale import require_field_as_shown
from documents.masks import mask_numbers
from documents.reading.fields import FieldName
from language import _
from models import Claim, Field
from rules.errors import BadInput, Refused
from workflows.claims.acts import correction
from workflows.claims.papers.field_forms import as_kept
from workflows.engine.office import Office
from workflows.people.reveals import reveal as note_reveal
from workflows.sealed_values.claims import field_value

router = APIRouter(prefix="/claims/{number}")

ShownField = Annotated[str, Form(max_length=20)]
"""The mark of what the form showed."""


@router.post("/fields/{name}")
def correct(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    name: FieldName,
    value: Annotated[str, Form(max_length=500)] = "",
    shown: ShownField = "",
    page_id: Annotated[int, Form()] = 0,
    twice: Annotated[str, Form(max_length=1)] = "",
    again: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Key a value, or confirm the one that was read; with a page, take the one that it says.

    With `twice` a number that person and machine read differently is to be keyed once more, which
    is `again`.
    """
    with changing(office, person, number) as (session, claim):
        _require_as_shown(office, claim, name, shown, value)
        if twice:
            _require_keyed_twice(office, claim, name, value, again)
        place = place_of(session, office, claim, name, value, page_id) if page_id else None
        correction.correct_field(session, office, person, claim, name, value, place)
    return back(request, number, _("已记下：%(field)s") % {"field": labels.field(name)}, name)


@router.post("/fields/{name}/choose")
def choose(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    name: FieldName,
    mark: Annotated[str, Form(max_length=100)],
    shown: ShownField = "",
) -> Response:
    """Take the value that a page or the roster says; a number need not be seen in full for it."""
    with changing(office, person, number) as (session, claim):
        _require_as_shown(office, claim, name, shown)
        value, place = said_by(session, office, claim, name, mark)
        correction.correct_field(session, office, person, claim, name, value, place)
    return back(request, number, _("已记下：%(field)s") % {"field": labels.field(name)}, name)


@router.post("/fields/{name}/confirm")
def confirm(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    name: FieldName,
    shown: ShownField = "",
) -> Response:
    """Say that the value is right as it was read."""
    with changing(office, person, number) as (session, claim):
        _require_as_shown(office, claim, name, shown)
        value = _value(office, claim, name)
        correction.correct_field(session, office, person, claim, name, value)
    return back(request, number, _("已确认：%(field)s") % {"field": labels.field(name)}, name)


@router.post("/fields/{name}/reveal")
def reveal(
    request: Request,
    office: TheOffice,
    person: NumberReader,
    number: str,
    name: FieldName,
    purpose: Annotated[str, Form(max_length=100)] = "",
    other: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Show a number in full, for a purpose that is written down first."""
    reason = (other or purpose).strip()
    if not reason or not formatting.is_masked(name):
        raise BadInput(_("请写明查看的用途"))
    with changing(office, person, number) as (session, claim):
        value = _value(office, claim, name)
        note_reveal(session, office, person, claim, field=name, purpose=mask_numbers(reason))
    return page(request, "revealed.html", number=number, name=name, value=value, is_field=True)


def _require_as_shown(
    office: Office, claim: Claim, name: FieldName, shown: str, typed: str | None = None
) -> None:
    field = _field(claim, name)
    now = field_value(office.keys, field) if field else ""
    require_field_as_shown(shown, name, field, now, typed)


def _require_keyed_twice(
    office: Office, claim: Claim, name: FieldName, value: str, again: str
) -> None:
    """What differs from what the machine read is keyed twice; one of the two reads wrongly."""
    field = _field(claim, name)
    typed, second = as_kept(name, value), as_kept(name, again)
    if field is None or typed in (field_value(office.keys, field), second):
        return
    if second:
        raise BadInput(_("两次录入的不一致，请对照图像再录一次"), "again")
    raise BadInput(_("与机读的不同，请对照图像再录一次"), "again")


def _field(claim: Claim, name: str) -> Field | None:
    return next((field for field in claim.fields if field.name == name), None)


def _value(office: Office, claim: Claim, name: str) -> str:
    field = _field(claim, name)
    if field is None:
        raise Refused(_("还没有这一项的值"))
    return field_value(office.keys, field)
