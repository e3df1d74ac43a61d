"""Intake by hand: upload a new packet or papers of a claim, and see each packet's result."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import Files, uploaded
from console.guard import Corrector, HandsIn, TheOffice
from console.not_found import NotFound
from console.pages.download import FileAnswer, streamed_attachment
from console.queries.one_claim import claim_numbered
from console.queries.packets import latest_packets, refusals
from console.render import back_to, is_ours, page
from documents.packets.media_types import ZIP
from language import _
from workflows.claims.packets import originals, uploads
from workflows.claims.packets.intake import REFUSED
from workflows.claims.packets.refusals import see_refusals

router = APIRouter()


REFUSALS = "/packets?outcome=rejected"


@router.get("/packets")
def listed(
    request: Request,
    office: TheOffice,
    person: HandsIn,
    outcome: str = "",
    before: int | None = None,
    seen: bool = False,
) -> Response:
    """The latest packets: taken in, repeated, or refused; or the refused ones, those that were seen
    as well where asked."""
    with office.sessions.read_only() as session:
        if outcome == REFUSED:
            rows, next_before = refusals(session, office, person, before, seen)
            here = f"{REFUSALS}&seen=1" if seen else REFUSALS
            next_link = f"{here}&before={next_before}" if next_before else ""
            return page(
                request, "refused_packets.html", rows=rows, next_link=next_link, is_all=seen
            )
        rows = latest_packets(session, office, person)
    return page(request, "packets.html", rows=rows, is_moving=any(row.is_moving for row in rows))


@router.post("/packets/seen")
def note_seen(
    request: Request,
    office: TheOffice,
    person: Corrector,
    packet: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Note that these refused packets were looked at."""
    with office.sessions.unit_of_work() as session:
        see_refusals(session, office, person, packet or [])
    return back_to(request, REFUSALS, _("已记录"))


@router.post("/packets")
def upload(request: Request, office: TheOffice, person: HandsIn, files: Files = None) -> Response:
    """Take in the files of one new claim."""
    with office.sessions.unit_of_work() as session:
        uploads.upload(session, office, person, uploaded(files))
    return back_to(request, "/packets", _("已上传，正在收件"))


@router.get("/packets/{packet_id}/original.zip")
def original(office: TheOffice, person: HandsIn, packet_id: int) -> FileAnswer:
    """What came as this packet, while it is kept."""
    with office.sessions.unit_of_work() as session:
        found = originals.kept_original(session, office, person, packet_id)
    if found is None:
        raise NotFound(_("没有这份原件，或已过保存期"))
    return streamed_attachment(found.pieces, found.name, ZIP)


@router.post("/claims/{number}/papers")
def supplement(
    request: Request,
    office: TheOffice,
    person: HandsIn,
    number: str,
    files: Files = None,
    back: Annotated[str, Form()] = "",
) -> Response:
    """Take in more papers for a claim."""
    with office.sessions.unit_of_work() as session:
        claim = claim_numbered(session, person, number)
        uploads.upload(session, office, person, uploaded(files), claim)
    path = back if back and is_ours(back) else f"/claims/{number}"
    return back_to(request, path, _("%(number)s 的补件已上传，正在收件") % {"number": number})
