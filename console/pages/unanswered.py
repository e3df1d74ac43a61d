"""Payments without an answer: the bank is asked, and settles one by its word."""

from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Query, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from banking.results import BankOutcome
from console.forms import ReasonField, ShownProposal
from console.guard import BatchPayer, BatchReader, LateReturnAnswerer, TheOffice
from console.queries.unanswered import (
    last_word,
    payment_with,
    reasons_of_return,
    unanswered_rows,
)
from console.render import back_to, page
from language import _
from models.bank_words import BankWay
from workflows.claims.paying import bank_words
from workflows.claims.paying.bank_answers import BankAnswer
from workflows.claims.paying.bank_words import ToldByBank

router = APIRouter(prefix="/unanswered")


@router.get("")
def listed(
    request: Request,
    office: TheOffice,
    person: BatchReader,
    before: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """The payments without an answer, with their age; `before` is how many pages come before."""
    with office.sessions.read_only() as session:
        rows, more = unanswered_rows(session, office, before)
        following, reasons = before + 1 if more else 0, reasons_of_return()
        return page(request, "unanswered.html", rows=rows, reasons=reasons, next=following)


@router.post("/{reference}/ask")
def ask(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    reference: str,
    reason: ReasonField = "",
) -> Response:
    """Take down how the bank was asked."""
    with office.sessions.unit_of_work() as session:
        payment = payment_with(session, reference)
        bank_words.note_asked(session, office, person, payment, reason)
    return back_to(request, "/unanswered", _("查询已登记"))


@router.post("/{reference}/words")
def tell(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    reference: str,
    paper: Annotated[UploadFile, File()],
    outcome: Annotated[Literal["credited", "returned"], Form()],
    way: Annotated[Literal["letter", "counter"], Form()],
    code: Annotated[str, Form(max_length=4)] = "",
    reason: ReasonField = "",
) -> Response:
    """Take down what the bank says of the payment, with its paper."""
    answer = BankAnswer(BankOutcome(outcome), code if outcome == "returned" else "", reason)
    told = ToldByBank(answer, BankWay(way), paper.file.read())
    with office.sessions.unit_of_work() as session:
        bank_words.tell_word(session, office, person, payment_with(session, reference), told)
    return back_to(request, "/unanswered", _("银行答复已登记，等审批人员确认"))


@router.post("/{reference}/words/agree")
def agree(
    request: Request,
    office: TheOffice,
    person: LateReturnAnswerer,
    reference: str,
    shown: ShownProposal,
) -> Response:
    """Let the payment be credited or returned by it."""
    with office.sessions.unit_of_work() as session:
        word = last_word(session, payment_with(session, reference))
        bank_words.agree_word(session, office, person, word, shown)
    return back_to(request, "/unanswered", _("已按银行答复办理"))


@router.post("/{reference}/words/refuse")
def refuse(
    request: Request,
    office: TheOffice,
    person: LateReturnAnswerer,
    reference: str,
    shown: ShownProposal,
) -> Response:
    """Do not take it for the payment's answer."""
    with office.sessions.unit_of_work() as session:
        word = last_word(session, payment_with(session, reference))
        bank_words.refuse_word(session, office, person, word, shown)
    return back_to(request, "/unanswered", _("未采用该答复，付款继续待答复"))
