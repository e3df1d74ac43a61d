"""Cover sheets (材料封面): a page to print and lay on top of the papers of a claim."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from console.guard import HandsIn, TheOffice
from console.queries import wanted
from console.queries.one_claim import claim_numbered
from console.render import page
from documents.packets.cover_sheet import MOST_PAGES, CoverSheet, squares

router = APIRouter()


@router.get("/claims/{number}/cover")
def cover(
    request: Request, office: TheOffice, person: HandsIn, number: str, pages: str = ""
) -> Response:
    """The cover sheet of one claim; its code assigns scanned papers to the claim, and says on how
    many pages it lies if somebody has counted them."""
    is_number = pages.isascii() and pages.isdecimal() and len(pages) <= len(str(MOST_PAGES))
    counted = int(pages) if is_number else 0
    counted = counted if counted <= MOST_PAGES else 0
    with office.sessions.read_only() as session:
        claim = claim_numbered(session, person, number)
        sheet = wanted.of_claim(session, office, claim)
    path, side = squares(CoverSheet(number, counted or None))
    return page(
        request,
        "cover_sheet.html",
        sheet=sheet,
        code=path,
        side=side,
        pages=counted,
        most_pages=MOST_PAGES,
        printed_on=office.today(),
    )
