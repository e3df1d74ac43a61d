"""A month of the books: its statements as page, spreadsheet and Word file, and its closing."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console import formatting
from console.forms import ReasonField, ShownProposal, signed_money
from console.guard import BalanceStater, BooksReader, MonthCloser, TheOffice, VoucherBooker
from console.not_found import NotFound
from console.pages import books
from console.pages.download import FileAnswer, attachment
from console.queries.bank_reconciliation import balances_to_agree
from console.queries.month_statements import statements_of
from console.render import back_to, page
from documents.new_workbook import MEDIA_TYPE
from documents.packets.media_types import DOCX
from documents.tables import NUMBERS, write_tables
from documents.word_tables import write_word_tables
from language import _
from workflows.books import accounting_exports, months
from workflows.books.bank_places import account_names
from workflows.books.stated_balances import agree_balance, state_balance

router = APIRouter(prefix=f"{books.HOME}/{{month}}")


@router.get(".xlsx")
def month_sheet(office: TheOffice, person: BooksReader, month: str) -> FileAnswer:
    """The statements of a month as a spreadsheet."""
    with office.sessions.read_only() as session:
        tables = statements_of(session, _first(month))
    name = _("%(month)s账簿.xlsx") % {"month": month}
    return attachment(write_tables(tables, office.clock()), name, MEDIA_TYPE)


@router.get(".docx")
def month_paper(office: TheOffice, person: BooksReader, month: str) -> FileAnswer:
    """The statements of a month as a Word file."""
    with office.sessions.read_only() as session:
        tables = statements_of(session, _first(month))
    content = write_word_tables(tables, office.clock(), formatting.cell)
    return attachment(content, _("%(month)s账簿.docx") % {"month": month}, DOCX)


@router.get("")
def one_month(request: Request, office: TheOffice, person: BooksReader, month: str) -> Response:
    """Every statement of a month."""
    with office.sessions.read_only() as session:
        tables, accounts = statements_of(session, _first(month)), account_names(session)
        waiting = balances_to_agree(session, person, _first(month))
    return page(
        request,
        "book_month.html",
        month=month,
        tables=tables,
        accounts=accounts,
        waiting=waiting,
        numbers=NUMBERS,
        exports=accounting_exports.formats(),
    )


@router.get("/{export}")
def month_export(office: TheOffice, person: BooksReader, month: str, export: str) -> FileAnswer:
    """The vouchers of a month for the office's accounting software."""
    form, first = accounting_exports.formats().get(export), _first(month)
    if form is None:
        raise NotFound(export)
    with office.sessions.read_only() as session:
        content = accounting_exports.write(session, form, first)
    name = _("%(month)s记账凭证-%(export)s.csv") % {"month": month, "export": export}
    return attachment(content, name, f"text/csv; charset={form.encoding}")


@router.post("/statement")
def state_statement(
    request: Request,
    office: TheOffice,
    person: BalanceStater,
    month: str,
    account: Annotated[int, Form()],
    balance: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Key what the bank's statement says at the end of the month."""
    last, held = months.last_of(_first(month)), signed_money(balance, at="balance")
    with office.sessions.unit_of_work() as session:
        state_balance(session, office, person, account, last, held)
    return back_to(request, f"{books.HOME}/{month}", _("已填报对账单余额"))


@router.post("/statement/agree")
def agree_statement(
    request: Request,
    office: TheOffice,
    person: VoucherBooker,
    month: str,
    account: Annotated[int, Form()],
    day: Annotated[date, Form()],
    shown: ShownProposal = "",
) -> Response:
    """Agree to what another person keyed of the bank's statement."""
    with office.sessions.unit_of_work() as session:
        agree_balance(session, office, person, account, day, shown)
    return back_to(request, f"{books.HOME}/{month}", _("已复核对账单余额"))


@router.post("/close")
def close_month(
    request: Request, office: TheOffice, person: MonthCloser, month: str, reason: ReasonField = ""
) -> Response:
    """Close a month, with the empty ones before it."""
    with office.sessions.unit_of_work() as session:
        months.close_month(session, office, person, _first(month), reason)
    return back_to(request, books.HOME, _("%(month)s 已结账") % {"month": month})


def _first(text: str) -> date:
    """The first day of a month written as 2026-06."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise NotFound(text) from error
