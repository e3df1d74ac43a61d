"""Checking (核对) by the keyboard: one claim after the other, from doubt to doubt."""

from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.guard import ClaimReader, Corrector, TheOffice
from console.pages.acts_on_claim import CHECKING, changing
from console.queries.checking import steps_of
from console.queries.one_claim import claim_numbered, claim_view
from console.render import back_to, page
from documents.kinds import KIND_NAMES, NOT_NAMED_BY_HAND
from language import _
from models import Claim, User
from models.states import ClaimState
from workflows.claims.acts import correction, taking
from workflows.engine.office import Office
from workflows.people.rights import Act, may

router = APIRouter()


@router.post("/checking")
def start(
    request: Request,
    office: TheOffice,
    person: Corrector,
    after: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take the claim in question that has waited longest; with `after` only a later one."""
    with office.sessions.unit_of_work() as session:
        last = session.scalar(select(Claim).filter_by(number=after)) if after else None
        return _next(request, session, office, person, last)


@router.get("/claims/{number}/check")
def check(request: Request, office: TheOffice, person: ClaimReader, number: str) -> Response:
    """What is in doubt on the claim, one after the other, beside the papers."""
    with office.sessions.read_only() as session:
        claim = claim_numbered(session, person, number)
        shown = claim_view(session, office, person, claim)
        steps = steps_of(shown)
        first = steps[0].field if steps else None
        return page(
            request,
            "check.html",
            claim=shown,
            steps=steps,
            lit=first.name if first else "",
            opened=steps[0].page or 1 if steps else 1,
            kinds={k: word for k, word in KIND_NAMES.items() if k not in NOT_NAMED_BY_HAND},
            is_open=claim.state == ClaimState.IN_QUESTION and may(person, Act.CORRECT),
            holder=taking.another_holder(session, office, person, claim),
        )


@router.post("/claims/{number}/take")
def take(request: Request, office: TheOffice, person: Corrector, number: str) -> Response:
    """The person works on the claim: he has it from now on, or still."""
    with changing(office, person, number) as (session, claim):
        taking.take(session, office, person, claim)
    return back_to(request, f"/claims/{number}{CHECKING}")


@router.post("/claims/{number}/take/still")
def still(office: TheOffice, person: Corrector, number: str) -> Response:
    """The person types on the page of a claim; while another has it nothing changes."""
    with changing(office, person, number):
        pass
    return Response(status_code=204)


@router.post("/claims/{number}/check/finish")
def finish(request: Request, office: TheOffice, person: Corrector, number: str) -> Response:
    """End the check of this claim, and take the next one."""
    with changing(office, person, number) as (session, claim):
        correction.recheck(session, office, person, claim)
        taking.put_down(session, person, claim)
        return _next(request, session, office, person, claim)


@router.post("/claims/{number}/check/skip")
def skip(request: Request, office: TheOffice, person: Corrector, number: str) -> Response:
    """Leave the claim to others as it stands, and take the next one."""
    with office.sessions.unit_of_work() as session:
        claim = claim_numbered(session, person, number)
        taking.put_down(session, person, claim)
        return _next(request, session, office, person, claim)


def _next(
    request: Request, session: Session, office: Office, person: User, last: Claim | None
) -> Response:
    found = taking.take_oldest(session, office, person, last)
    if found is not None:
        return back_to(request, f"/claims/{found.number}{CHECKING}")
    left = _("这一轮核对完了；跳过的和新来的，再按“开始核对”")
    return back_to(request, "/", left if last else _("没有可以核对的案件了"))
