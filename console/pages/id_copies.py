"""Copies of ID cards beside a roster: handed in, shown to who may see numbers, explained."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import Files, ReasonField, uploaded
from console.guard import CopyAnswerer, Enroller, NumberReader, TheOffice
from console.opening_turns import OPENS_FILES
from console.pages.acts_on_enrolment import again, changing
from console.pages.download import FileAnswer, picture_of
from console.queries.one_enrolment import enrolment_numbered
from console.render import page
from documents.masks import mask_numbers
from documents.packets.pages import as_jpeg, render
from documents.packets.unfit import Unfit
from documents.store import ScanMissing
from language import _
from rules.errors import BadInput, Refused
from workflows.enrolment import id_copies
from workflows.people.reveals import reveal as note_reveal
from workflows.people.reveals import was_shown

router = APIRouter(prefix="/enrolments/{number}/copies", dependencies=[OPENS_FILES])

_LONGEST_SIDE = 900


@router.post("")
def hand_in_copies(
    request: Request,
    office: TheOffice,
    person: Enroller,
    number: str,
    files: Files = None,
) -> Response:
    """Take in copies of ID cards; they are read, and then compared with the roster."""
    sent = uploaded(files)
    with changing(office, person, number) as (session, found):
        pages = id_copies.hand_in_copies(session, office, person, found, sent)
    return again(request, number, _("已收到 %(n)s 页复印件，正在识读") % {"n": pages})


@router.post("/{row}/answer")
def answer_copy(
    request: Request,
    office: TheOffice,
    person: CopyAnswerer,
    number: str,
    row: int,
    reason: ReasonField = "",
) -> Response:
    """Say why a row may be enrolled although its copy differs."""
    with changing(office, person, number) as (session, found):
        id_copies.answer_copy(session, office, person, found, row, reason)
    return again(request, number, _("已说明第 %(row)s 行") % {"row": row})


@router.post("/{row}/reveal")
def reveal(
    request: Request,
    office: TheOffice,
    person: NumberReader,
    number: str,
    row: int,
    purpose: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Show a row and its copy in full, for a purpose that is written down first."""
    if not purpose.strip():
        raise BadInput(_("请写明查看的用途"), "purpose")
    with changing(office, person, number) as (session, found):
        shown = id_copies.copy_of_row(session, office, found, row)
        why = mask_numbers(purpose.strip())
        note_reveal(session, office, person, found, row=row, purpose=why)
    return page(request, "copy_revealed.html", number=number, shown=shown)


@router.get("/{row}.jpg")
def picture(office: TheOffice, person: NumberReader, number: str, row: int) -> FileAnswer:
    """The card a row was compared with, upright, cut out of its page."""
    with office.sessions.read_only() as session:
        found = enrolment_numbered(session, person, number)
        if not was_shown(session, office, person, found, row=row):
            raise Refused(_("请先在名册页写明用途，再显示复印件"))
        shown = id_copies.copy_of_row(session, office, found, row)
    sheet, seen = shown.sheet, shown.seen
    try:
        drawn = render(
            office.store.get(sheet.sha256), sheet.media_type, sheet.number, office.limits
        )
    except (ScanMissing, Unfit) as error:
        raise Refused(_("这一页无法显示")) from error
    data = as_jpeg(drawn.image, _LONGEST_SIDE, seen.rotation, seen.written_part())
    return picture_of(data)
