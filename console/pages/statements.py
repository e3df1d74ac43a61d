"""Statements of the bank: loaded, and each of their lines booked or set aside."""

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField, form_money
from console.guard import BooksReader, FeeBooker, TheOffice, VoucherProposer
from console.opening_turns import OPENS_FILES
from console.pages.download import FileAnswer, kept_file
from console.queries.statements import (
    latest_statements,
    line_of,
    receipt_of,
    refuse_another_statement,
    waiting_lines,
)
from console.render import back_to, page
from language import _
from models.states import FeePayer
from workflows.books import by_hand, statement_lines, statements
from workflows.books.causes import RULES
from workflows.books.statement_lines import DOUBT_WORDS
from workflows.enrolment import paid_fees
from workflows.enrolment.fees import PAYER_WORDS

HOME = "/statements"
router = APIRouter(prefix=HOME)


@router.get("")
def listed(request: Request, office: TheOffice, person: BooksReader) -> Response:
    """The lines that wait, and the statements."""
    with office.sessions.read_only() as session:
        rows, loaded = waiting_lines(session), list(latest_statements(session))
        causes = {cause.value: _(RULES[cause].word) for cause in by_hand.BY_HAND}
        return page(
            request,
            "statements.html",
            rows=rows,
            loaded=loaded,
            causes=causes,
            payers=PAYER_WORDS,
            doubts={doubt.value: _(word) for doubt, word in DOUBT_WORDS.items()},
        )


@router.post("", dependencies=[OPENS_FILES])
def load(
    request: Request,
    office: TheOffice,
    person: FeeBooker,
    statement: Annotated[UploadFile, File()],
) -> Response:
    """Take a statement in."""
    content = statement.file.read()
    with office.sessions.unit_of_work() as session:
        loaded = statements.load_statement(session, office, person, content)
        known, batches, left_out = loaded.known, loaded.batches, loaded.left_out
    sentence = _("对账单已载入")
    if known:
        sentence += _("；%(n)s 行以前的对账单已有，未重复载入") % {"n": known}
    if batches:
        sentence += _("；其中批次 %(numbers)s 的付款，请到各该批次载入同一文件") % {
            "numbers": batches
        }
    if left_out:
        sentence += _("；%(left_out)s 不是本办的账户或不是人民币，未载入") % {"left_out": left_out}
    return back_to(request, HOME, sentence)


@router.get("/kept/{sha256}")
def kept(office: TheOffice, person: BooksReader, sha256: str) -> FileAnswer:
    """A statement as it came from the bank."""
    with office.sessions.read_only() as session:
        refuse_another_statement(session, sha256)
    return kept_file(office, _("对账单"), sha256)


@router.post("/{line}/book")
def book(
    request: Request,
    office: TheOffice,
    person: FeeBooker,
    line: int,
    roster: Annotated[str, Form(max_length=20)] = "",
    receipt: Annotated[str, Form(max_length=100)] = "",
    amount: Annotated[str, Form(max_length=20)] = "",
    payer: Annotated[FeePayer, Form()] = FeePayer.UNIT,
) -> Response:
    """Book a line, or a part of it, as a receipt of fees."""
    told = roster, receipt, payer, form_money(amount)
    with office.sessions.unit_of_work() as session:
        booked = paid_fees.book_line(session, office, person, line_of(session, line), *told)
        words = {"number": booked.number}
    return back_to(request, HOME, _("已登记收据 %(number)s") % words)


@router.post("/{line}/tie")
def tie(
    request: Request,
    office: TheOffice,
    person: FeeBooker,
    line: int,
    receipt: Annotated[int, Form()],
) -> Response:
    """Say that a line is a receipt which was keyed before."""
    with office.sessions.unit_of_work() as session:
        found = receipt_of(session, receipt)
        paid_fees.tie_receipt(session, office, person, line_of(session, line), found)
    return back_to(request, HOME, _("已与收据对上"))


@router.post("/{line}/voucher")
def voucher(
    request: Request,
    office: TheOffice,
    person: VoucherProposer,
    line: int,
    cause: Annotated[str, Form(max_length=40)] = "",
    family: Annotated[str, Form(max_length=40)] = "",
    reason: ReasonField = "",
) -> Response:
    """Ask another person to book a line as a voucher by hand."""
    told = cause, family, reason
    with office.sessions.unit_of_work() as session:
        statement_lines.propose_for_line(session, office, person, line_of(session, line), *told)
    return back_to(request, HOME, _("已填制凭证，等另一人复核"))


@router.post("/{line}/aside")
def aside(
    request: Request, office: TheOffice, person: FeeBooker, line: int, reason: ReasonField = ""
) -> Response:
    """Set a line aside."""
    with office.sessions.unit_of_work() as session:
        statement_lines.set_line_aside(session, office, person, line_of(session, line), reason)
    return back_to(request, HOME, _("这一行不再待办"))
