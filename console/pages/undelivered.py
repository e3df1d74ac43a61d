"""What the bank sent back: how long it waits, written to the fund by two persons, revived."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField
from console.guard import Corrector, FundWriter, RecoveryReader, TheOffice
from console.pages.acts_on_claim import again, changing
from console.queries.undelivered import sums_in_the_fund, undelivered_claims
from console.render import page
from language import _
from workflows.claims.paying import written_to_fund

router = APIRouter()


@router.get("/undelivered")
def listed(request: Request, office: TheOffice, person: RecoveryReader) -> Response:
    """Returned claims with their age, and what lies in the fund."""
    with office.sessions.read_only() as session:
        rows = undelivered_claims(session, office, person)
        return page(request, "undelivered.html", rows=rows, written=sums_in_the_fund(session))


@router.post("/claims/{number}/to-fund")
def propose(
    request: Request, office: TheOffice, person: FundWriter, number: str, reason: ReasonField = ""
) -> Response:
    """Propose that the fund takes what could not be delivered for years."""
    with changing(office, person, number) as (session, claim):
        written_to_fund.propose(session, office, person, claim, reason)
    return again(request, number, _("已提请转入基金，由另一名审批人办理"))


@router.post("/claims/{number}/to-fund/refuse")
def refuse(
    request: Request,
    office: TheOffice,
    person: FundWriter,
    number: str,
    seen: Annotated[int, Form()],
) -> Response:
    """Disagree with the proposal, which the page showed."""
    with changing(office, person, number) as (session, claim):
        written_to_fund.refuse(session, office, person, claim, seen)
    return again(request, number, _("未同意转入基金，款项继续待付"))


@router.post("/claims/{number}/to-fund/agree")
def agree(
    request: Request,
    office: TheOffice,
    person: FundWriter,
    number: str,
    seen: Annotated[int, Form()],
) -> Response:
    """Agree to another person's proposal, which the page showed."""
    with changing(office, person, number) as (session, claim):
        written_to_fund.agree(session, office, person, claim, seen)
    return again(request, number, _("已转入基金；会员前来领取时由经办恢复"))


@router.post("/claims/{number}/revive")
def revive(
    request: Request, office: TheOffice, person: Corrector, number: str, reason: ReasonField = ""
) -> Response:
    """The member came: what lies in the fund is owed again."""
    with changing(office, person, number) as (session, claim):
        written_to_fund.revive(session, office, person, claim, reason)
    return again(request, number, _("已恢复领取；请核对收款账户，再重新付款"))
