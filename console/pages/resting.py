"""Acts that bring a claim to rest or back: held, resumed, withdrawn, joined no more, denied; and an
end to a revision that waited too long."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField, form_day
from console.guard import Answerer, Approver, Holder, TheOffice, Withdrawer
from console.pages.acts_on_claim import again, changing
from language import _
from workflows.claims.acts import denial, joining, overdue_revisions, resting

router = APIRouter(prefix="/claims/{number}")


@router.post("/hold")
def hold(
    request: Request,
    office: TheOffice,
    person: Holder,
    number: str,
    reason: ReasonField = "",
    until: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Leave the claim alone until a day."""
    day = form_day(until, _("再看日期"), "until")
    with changing(office, person, number) as (session, claim):
        resting.hold(session, office, person, claim, reason, day)
    return again(request, number, _("已搁置，到 %(day)s 再看") % {"day": day.isoformat()})


@router.post("/resume")
def resume(request: Request, office: TheOffice, person: Holder, number: str) -> Response:
    """Have a claim that was held or withdrawn checked again."""
    with changing(office, person, number) as (session, claim):
        resting.resume(session, office, person, claim)
    return again(request, number, _("已恢复办理，案件重新审核"))


@router.post("/end-revision")
def end_revision(
    request: Request, office: TheOffice, person: Approver, number: str, reason: ReasonField = ""
) -> Response:
    """Have a claim that waited too long under revision judged by what is there."""
    with changing(office, person, number) as (session, claim):
        overdue_revisions.end(session, office, person, claim, reason)
    return again(request, number, _("不再要求待补的材料，案件重新审核"))


@router.post("/withdraw")
def withdraw(
    request: Request, office: TheOffice, person: Withdrawer, number: str, reason: ReasonField = ""
) -> Response:
    """Take the claim back for the unit."""
    with changing(office, person, number) as (session, claim):
        resting.withdraw(session, office, person, claim, reason)
    return again(request, number, _("已撤回申请"))


@router.post("/leave")
def leave(
    request: Request, office: TheOffice, person: Answerer, number: str, reason: ReasonField = ""
) -> Response:
    """Have a claim that was joined to another go its own way again."""
    with changing(office, person, number) as (session, claim):
        joining.leave(session, office, person, claim, reason)
    return again(request, number, _("已撤销并入，案件重新识读、审核"))


@router.post("/deny")
def deny(
    request: Request,
    office: TheOffice,
    person: Approver,
    number: str,
    clause: Annotated[str, Form(max_length=50)] = "",
    reason: ReasonField = "",
) -> Response:
    """Propose a denial that another supervisor approves."""
    with changing(office, person, number) as (session, claim):
        denial.propose_denial(session, office, person, claim, clause, reason)
    return again(request, number, _("已提请不予给付，由另一名审批人批准"))
