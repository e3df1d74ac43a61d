"""Lines of replies that do not fit, and those that take back what the bank said before."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField, ShownProposal
from console.guard import BatchPayer, LateReturnAnswerer, RecoveryReader, TheOffice
from console.queries.late_returns import late_return_of, late_returns
from console.queries.reply_cases import case_of, closed_cases, open_cases
from console.render import back_to, page
from language import _
from models.bank_words import LineAnswer
from workflows.claims.paying import reply_cases
from workflows.claims.paying.late_returns import confirm_return, deny_return

router = APIRouter(prefix="/reply-cases")
_SET_ASIDE = {"leave": LineAnswer.LEFT, "reject": LineAnswer.REJECTED}


@router.get("")
def listed(request: Request, office: TheOffice, person: RecoveryReader) -> Response:
    """All that waits, with its age, and what was dealt with."""
    with office.sessions.read_only() as session:
        late, rows = late_returns(session, office), open_cases(session, office)
        closed = closed_cases(session)
        return page(request, "reply_cases.html", late_returns=late, rows=rows, closed=closed)


@router.post("/late-returns/{late_return}/deny")
def deny_late_return(
    request: Request,
    office: TheOffice,
    person: LateReturnAnswerer,
    late_return: int,
    outcome: ReasonField = "",
) -> Response:
    """Say that a payment which the bank called returned late stays credited."""
    with office.sessions.unit_of_work() as session:
        deny_return(session, office, person, late_return_of(session, late_return), outcome)
    return back_to(request, "/reply-cases", _("已登记核实结果，付款为已到账"))


@router.post("/late-returns/{late_return}/confirm")
def confirm_late_return(
    request: Request,
    office: TheOffice,
    person: LateReturnAnswerer,
    late_return: int,
    outcome: ReasonField = "",
) -> Response:
    """Say that it did come back."""
    with office.sessions.unit_of_work() as session:
        confirm_return(session, office, person, late_return_of(session, late_return), outcome)
    return back_to(request, "/reply-cases", _("已登记核实结果，付款记为退票"))


@router.post("/{case}/match")
def match(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    case: int,
    reference: Annotated[str, Form(max_length=60)] = "",
    reason: ReasonField = "",
) -> Response:
    """Take the line for the bank's word on a payment."""
    with office.sessions.unit_of_work() as session:
        found = case_of(session, case)
        reply_cases.match_line(session, office, person, found, reference, reason)
        is_closed = found.answer is not None
    sentence = _("已匹配") if is_closed else _("已提请匹配，等审批人员确认")
    return back_to(request, "/reply-cases", sentence)


@router.post("/{case}/agree")
def agree(
    request: Request, office: TheOffice, person: LateReturnAnswerer, case: int, shown: ShownProposal
) -> Response:
    """Let a line be set aside that names a payment."""
    with office.sessions.unit_of_work() as session:
        reply_cases.agree_set_aside(session, office, person, case_of(session, case), shown)
    return back_to(request, "/reply-cases", _("差异已办理"))


@router.post("/{case}/refuse")
def refuse(
    request: Request, office: TheOffice, person: LateReturnAnswerer, case: int, shown: ShownProposal
) -> Response:
    """Let it wait on."""
    with office.sessions.unit_of_work() as session:
        reply_cases.refuse_set_aside(session, office, person, case_of(session, case), shown)
    return back_to(request, "/reply-cases", _("未同意，差异继续待办"))


@router.post("/{case}/{how}")
def set_aside(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    case: int,
    how: Literal["leave", "reject"],
    reason: ReasonField = "",
) -> Response:
    """Leave the line, or reject it."""
    with office.sessions.unit_of_work() as session:
        found = case_of(session, case)
        reply_cases.set_aside(session, office, person, found, _SET_ASIDE[how], reason)
        is_closed = found.answer is not None
    sentence = _("差异已办理") if is_closed else _("已提请，等审批人员同意")
    return back_to(request, "/reply-cases", sentence)
