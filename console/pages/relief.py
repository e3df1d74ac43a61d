"""Second relief: apply after a paid claim, and record what the committee decided."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console import formatting
from console.forms import DayField, ReasonField, form_money
from console.guard import BoardReader, ReliefApplicant, ReliefRecorder, TheOffice
from console.queries.one_claim import claim_numbered
from console.queries.relief import application_numbered, application_view, applications
from console.render import back_to, page
from language import _
from workflows.claims.acts import relief
from workflows.claims.acts.relief import Sitting
from workflows.claims.judging import relief_review

router = APIRouter()

Minutes = Annotated[str, Form(max_length=100)]


@router.get("/boards/relief")
def listed(request: Request, office: TheOffice, person: BoardReader) -> Response:
    """The applications that wait for the committee, and those it decided."""
    with office.sessions.read_only() as session:
        return page(request, "reliefs.html", rows=applications(session, person))


@router.get("/boards/relief/{number}")
def one(request: Request, office: TheOffice, person: BoardReader, number: str) -> Response:
    """One application, with what the committee needs for its decision."""
    with office.sessions.read_only() as session:
        shown = application_view(
            session, office, person, application_numbered(session, person, number)
        )
    return page(request, "relief.html", relief=shown, today=office.today())


@router.post("/claims/{number}/relief")
def apply(
    request: Request,
    office: TheOffice,
    person: ReliefApplicant,
    number: str,
    hardship: Annotated[str, Form(max_length=2000)] = "",
    asked: Annotated[str, Form(max_length=14)] = "",
) -> Response:
    """Ask for relief after this claim."""
    with office.sessions.unit_of_work() as session:
        claim = claim_numbered(session, person, number)
        made = relief.apply(session, office, person, claim, hardship, form_money(asked, at="asked"))
    return _again(request, made.number, _("已提交二次救助申请"))


@router.post("/boards/relief/{number}/withdraw")
def withdraw(request: Request, office: TheOffice, person: ReliefApplicant, number: str) -> Response:
    """Withdraw the application."""
    with office.sessions.unit_of_work() as session:
        relief.withdraw(session, office, person, application_numbered(session, person, number))
    return _again(request, number, _("申请已撤回"))


@router.post("/boards/relief/{number}/grant")
def grant(
    request: Request,
    office: TheOffice,
    person: ReliefRecorder,
    number: str,
    met_on: DayField,
    granted: Annotated[str, Form(max_length=14)] = "",
    minutes: Minutes = "",
) -> Response:
    """Record the sum the committee grants."""
    sitting = Sitting(met_on, minutes)
    with office.sessions.unit_of_work() as session:
        row = application_numbered(session, person, number)
        claim = relief.grant(
            session, office, person, row, form_money(granted, at="granted"), sitting
        )
    words = {"sum": formatting.money(form_money(granted, at="granted")), "claim": claim.number}
    sentence = _("已记录：给付 %(sum)s 元，案件 %(claim)s 待他人审批") % words
    return _again(request, number, sentence)


@router.post("/boards/relief/{number}/refuse")
def refuse(
    request: Request,
    office: TheOffice,
    person: ReliefRecorder,
    number: str,
    met_on: DayField,
    reason: ReasonField = "",
    minutes: Minutes = "",
) -> Response:
    """Record that the committee grants nothing."""
    with office.sessions.unit_of_work() as session:
        row = application_numbered(session, person, number)
        claim = relief.refuse(session, office, person, row, reason, Sitting(met_on, minutes))
    words = {"claim": claim.number}
    sentence = _("已记录：不予救助，案件 %(claim)s 待他人审批，批准后通知会员") % words
    return _again(request, number, sentence)


@router.post("/boards/relief/{number}/keep")
def keep(
    request: Request,
    office: TheOffice,
    person: ReliefRecorder,
    number: str,
    reason: ReasonField = "",
) -> Response:
    """Say why the decision stays, although the claim it followed was decided anew."""
    with office.sessions.unit_of_work() as session:
        row = application_numbered(session, person, number)
        relief_review.keep(session, office, person, row, reason)
    return _again(request, number, _("已登记：维持救助决定"))


def _again(request: Request, number: str, sentence: str) -> Response:
    return back_to(request, f"/boards/relief/{number}", sentence)
