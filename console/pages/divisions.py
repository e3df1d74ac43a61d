"""A claim that holds the papers of several people is divided by a clerk."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.guard import Corrector, TheOffice
from console.opening_turns import OPENS_FILES
from console.pages.acts_on_claim import again, changing
from console.queries.one_claim import claim_numbered
from language import _
from workflows.claims.packets.claim_division import cut_claim, divide_claim

router = APIRouter(prefix="/claims/{number}")


@router.post("/divide", dependencies=[OPENS_FILES])
def divide(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    whose: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Give the pages of each person to a claim of his own."""
    with office.sessions.read_only() as session:
        claim = claim_numbered(session, person, number)
        cut = cut_claim(session, office, person, claim, whose or [])
    with changing(office, person, number) as (session, claim):
        count = divide_claim(session, office, person, claim, cut)
    return again(request, number, _("已按人分成 %(count)s 件，正在收件") % {"count": count})
