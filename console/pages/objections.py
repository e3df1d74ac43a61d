"""Objections and revisions: registered, heard, withdrawn; a decided claim reopened."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.forms import Files, ReasonField, form_day, uploaded
from console.guard import (
    Hearer,
    LatePapersDecider,
    ObjectionReader,
    Objector,
    Reviser,
    TheOffice,
)
from console.pages.acts_on_claim import again, changing
from console.queries.objections import all_objections, objection_numbered
from console.render import page
from language import _
from models import Objection, User
from workflows.claims.judging import revision
from workflows.claims.objecting import objection_withdrawals, objections
from workflows.claims.objecting.objections import NewObjection
from workflows.claims.papers import late_papers
from workflows.engine.office import Office

router = APIRouter()


@router.get("/objections")
def listed(request: Request, office: TheOffice, person: ObjectionReader) -> Response:
    """The objections that wait to be heard, and those that were."""
    with office.sessions.read_only() as session:
        return page(request, "objections.html", rows=all_objections(session, office, person))


@router.post("/claims/{number}/objections")
def register(
    request: Request,
    office: TheOffice,
    person: Objector,
    number: str,
    made_on: Annotated[str, Form(max_length=20)] = "",
    made_by: Annotated[str, Form(max_length=20)] = "",
    name: Annotated[str, Form(max_length=50)] = "",
    words: Annotated[str, Form(max_length=4000)] = "",
    late_reason: ReasonField = "",
    files: Files = None,
) -> Response:
    """Take down an objection to the decision of this claim, with the papers it brings."""
    day = form_day(made_on, _("异议日期"), "made_on")
    said, papers = NewObjection(day, made_by, name, words), uploaded(files)
    with changing(office, person, number) as (session, claim):
        made = objections.register(session, office, person, claim, said, late_reason, papers)
    return again(request, number, _("已登记异议 %(number)s") % {"number": made.number})


@router.post("/objections/{number}/uphold")
def uphold(
    request: Request, office: TheOffice, person: Hearer, number: str, reason: ReasonField = ""
) -> Response:
    """The objection is right."""
    with _hearing(office, person, number) as (session, objection):
        objections.uphold(session, office, person, objection, reason)
        claim = objection.claim.number
    return again(request, claim, _("异议成立，案件重新办理"))


@router.post("/objections/{number}/reject")
def reject(
    request: Request, office: TheOffice, person: Hearer, number: str, reason: ReasonField = ""
) -> Response:
    """The decision stands."""
    with _hearing(office, person, number) as (session, objection):
        objections.reject(session, office, person, objection, reason)
        claim = objection.claim.number
    return again(request, claim, _("异议不成立，答复已登记"))


@router.post("/objections/{number}/withdraw")
def ask_to_withdraw(
    request: Request,
    office: TheOffice,
    person: Objector,
    number: str,
    written_on: Annotated[str, Form(max_length=20)] = "",
    reason: ReasonField = "",
    files: Files = None,
) -> Response:
    """Register that the objector takes it back in writing."""
    day = form_day(written_on, _("撤回的日期"), "written_on")
    with _hearing(office, person, number) as (session, objection):
        papers = uploaded(files)
        objection_withdrawals.ask_to_withdraw(
            session, office, person, objection, day, reason, papers
        )
        claim = objection.claim.number
    return again(request, claim, _("已登记撤回，由审批人员确认"))


@router.post("/objections/{number}/withdraw/confirm")
def confirm_withdrawal(
    request: Request, office: TheOffice, person: Hearer, number: str
) -> Response:
    """The objector's writing has been seen."""
    with _hearing(office, person, number) as (session, objection):
        objection_withdrawals.confirm_withdrawal(session, office, person, objection)
        claim = objection.claim.number
    return again(request, claim, _("异议已撤回"))


@router.post("/objections/{number}/withdraw/refuse")
def refuse_withdrawal(request: Request, office: TheOffice, person: Hearer, number: str) -> Response:
    """It waits to be heard."""
    with _hearing(office, person, number) as (session, objection):
        objection_withdrawals.refuse_withdrawal(session, office, person, objection)
        claim = objection.claim.number
    return again(request, claim, _("未同意撤回，异议仍待听取"))


@router.post("/claims/{number}/reopen")
def reopen(
    request: Request,
    office: TheOffice,
    person: Reviser,
    number: str,
    cause: Annotated[str, Form(max_length=20)] = "",
    reason: ReasonField = "",
) -> Response:
    """Send a decided claim its way again."""
    with changing(office, person, number) as (session, claim):
        revision.reopen(session, office, person, claim, cause, reason)
    return again(request, number, _("案件重新办理；经手重新办理和更正的人不能审批新决定"))


@router.post("/claims/{number}/let-stand")
def let_stand(
    request: Request, office: TheOffice, person: Reviser, number: str, reason: ReasonField = ""
) -> Response:
    """Propose that papers which came late change nothing."""
    with changing(office, person, number) as (session, claim):
        late_papers.propose_let_stand(session, office, person, claim, reason)
    return again(request, number, _("已写明后补材料不影响决定，由审批人员确认"))


@router.post("/claims/{number}/let-stand/confirm")
def confirm_let_stand(
    request: Request, office: TheOffice, person: LatePapersDecider, number: str
) -> Response:
    """Agree that they change nothing."""
    with changing(office, person, number) as (session, claim):
        late_papers.let_stand(session, office, person, claim)
    return again(request, number, _("已确认后补材料不影响决定"))


@router.post("/claims/{number}/let-stand/refuse")
def refuse_let_stand(
    request: Request, office: TheOffice, person: LatePapersDecider, number: str
) -> Response:
    """Disagree: they wait for a clerk again."""
    with changing(office, person, number) as (session, claim):
        late_papers.refuse_let_stand(session, office, person, claim)
    return again(request, number, _("未同意，后补材料仍待看"))


@contextmanager
def _hearing(office: Office, person: User, number: str) -> Iterator[tuple[Session, Objection]]:
    with office.sessions.unit_of_work() as session:
        yield session, objection_numbered(session, person, number)
