"""The list of claims, and the one box for finding claims, members and units."""

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.guard import ClaimReader, TheOffice
from console.queries.claims import (
    Filters,
    claim_counts,
    claims_found,
    member_with_number,
    numbers_like,
    oldest_claim_in,
    units_of_claims,
)
from console.queries.found import ROWS, found_by_name
from console.render import back_to, page
from documents.check_digits import is_id_number_shaped
from documents.plain_text import squeezed
from language import _
from models import User
from models.machines.claims import CLAIM
from workflows.engine.office import Office

router = APIRouter()


@router.get("/claims")
def listed(
    request: Request,
    office: TheOffice,
    person: ClaimReader,
    state: str = "",
    unit: str = "",
    member: UUID | None = None,
    number: str = "",
    after: str = "",
    late: str = "",
    revised: str = "",
) -> Response:
    """The claims, filtered; in waiting states the oldest first."""
    filters = Filters(
        state=state if state in CLAIM.states else "",
        unit=int(unit) if unit.isdecimal() else None,
        member=member,
        number=number.strip(),
        after=after,
        late_papers=bool(late),
        revised=bool(revised),
    )
    with office.sessions.read_only() as session:
        rows, next_after = claims_found(session, office, person, filters)
        return page(
            request,
            "claims.html",
            rows=rows,
            counts=claim_counts(session, person),
            units=units_of_claims(session, person),
            filters=filters,
            link=_link(filters),
            next_link=_link(filters)(after=next_after) if next_after else "",
        )


@router.post("/claims/find")
def find(
    request: Request,
    office: TheOffice,
    person: ClaimReader,
    text: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Find a claim by its number, a member by ID number or name, a unit by its name; what says who
    somebody is never becomes part of a URL."""
    text = squeezed(text)
    if not text:
        return back_to(request, "/claims")
    if is_id_number_shaped(text.upper()):
        return _find_member(request, office, person, text.upper())
    with office.sessions.read_only() as session:
        numbers = numbers_like(session, person, text.upper())
    if len(numbers) == 1:
        return back_to(request, f"/claims/{numbers[0]}")
    if text.isdecimal() and len(text) > 10:
        return back_to(request, "/claims", _("没有找到这样的案件"), is_bad=True)
    if numbers:
        return back_to(request, "/claims?" + urlencode({"number": text.upper()}))
    return _find_by_name(request, office, person, text)


@router.get("/claims/next")
def next_one(request: Request, office: TheOffice, person: ClaimReader, state: str) -> Response:
    """The claim that has waited longest in this state."""
    with office.sessions.read_only() as session:
        number = oldest_claim_in(session, person, state)
    if number is None:
        return back_to(request, "/", _("没有等待处理的案件了"))
    return back_to(request, f"/claims/{number}")


def _find_member(request: Request, office: Office, person: User, id_number: str) -> Response:
    with office.sessions.read_only() as session:
        ref = member_with_number(session, office, person, id_number)
    if ref is None:
        return back_to(request, "/claims", _("参保名册中没有此人"), is_bad=True)
    return back_to(request, f"/claims?member={ref}")


def _find_by_name(request: Request, office: Office, person: User, text: str) -> Response:
    with office.sessions.read_only() as session:
        found = found_by_name(session, office, person, text)
        if found.path:
            return back_to(request, found.path)
        if found.members or found.units:
            return page(request, "found.html", text=text, found=found, most=ROWS)
    return back_to(request, "/claims", _("没有找到这样的案件、会员或单位"), is_bad=True)


def _link(filters: Filters) -> Callable[..., str]:
    """Builds the URL of this list with some parameters changed."""

    def link(**changed: object) -> str:
        now = {
            "state": filters.state,
            "unit": filters.unit,
            "member": filters.member,
            "number": filters.number,
            "late": "1" if filters.late_papers else "",
        }
        query = {name: value for name, value in (now | changed).items() if value}
        return "/claims?" + urlencode(query) if query else "/claims"

    return link
