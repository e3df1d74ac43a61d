"""The books: balances, funds, vouchers by month; closing months and stating what the bank holds."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField, ShownProposal, form_money
from console.guard import BalanceStater, BooksOpener, BooksReader, MonthCloser, TheOffice
from console.not_found import NotFound
from console.pages.download import FileAnswer, attachment
from console.queries import book_sheets
from console.queries.books import bank_journal, books_view, income_statement, vouchers
from console.render import back_to, page
from documents.new_workbook import MEDIA_TYPE
from documents.tables import write_tables
from language import _
from rules.money import Fen
from workflows.books import months
from workflows.books.beancount import beancount
from workflows.opening import opening

HOME = "/books"
router = APIRouter(prefix=HOME)


@router.get("")
def overview(request: Request, office: TheOffice, person: BooksReader) -> Response:
    """Funds, balances and months."""
    with office.sessions.read_only() as session:
        return page(request, "books.html", books=books_view(session, person))


async def stated_sums(request: Request) -> dict[str, Fen]:
    """What a person typed for each account at the bank; the fields are named by its code."""
    form = await request.form()
    return {
        code: form_money(text, at=code) if text.strip() not in ("", "0") else Fen(0)
        for code, text in form.items()
        if code.startswith("bank:") and isinstance(text, str)
    }


@router.post("/balances")
def state_balances(
    request: Request,
    office: TheOffice,
    person: BalanceStater,
    sums: Annotated[dict[str, Fen], Depends(stated_sums)],
) -> Response:
    """State what the bank holds today."""
    with office.sessions.unit_of_work() as session:
        opening.state_balances(session, office, person, sums)
    return back_to(request, HOME, _("已填报银行余额，等审批人员确认"))


@router.post("/open")
def open_books(
    request: Request, office: TheOffice, person: BooksOpener, shown: ShownProposal = ""
) -> Response:
    """Open the books with what was stated."""
    with office.sessions.unit_of_work() as session:
        opening.open_books(session, office, person, shown)
    return back_to(request, HOME, _("账簿已启用，组批不再超过资金余额"))


@router.post("/open/refuse")
def refuse_balances(
    request: Request, office: TheOffice, person: BooksOpener, shown: ShownProposal = ""
) -> Response:
    """Drop what was stated."""
    with office.sessions.unit_of_work() as session:
        opening.refuse_balances(session, office, person, shown)
    return back_to(request, HOME, _("已退回填报的余额"))


@router.post("/reopen")
def ask_reopen(
    request: Request, office: TheOffice, person: MonthCloser, reason: ReasonField = ""
) -> Response:
    """Ask to open the last closed month again."""
    with office.sessions.unit_of_work() as session:
        months.ask_reopen(session, office, person, reason)
    return back_to(request, HOME, _("已提请重新打开，等另一人办理"))


@router.post("/reopen/agree")
def agree_reopen(
    request: Request, office: TheOffice, person: MonthCloser, shown: ShownProposal = ""
) -> Response:
    """Open it again."""
    with office.sessions.unit_of_work() as session:
        months.agree_reopen(session, office, person, shown)
    return back_to(request, HOME, _("月份已重新打开"))


@router.post("/reopen/refuse")
def refuse_reopen(
    request: Request, office: TheOffice, person: MonthCloser, shown: ShownProposal = ""
) -> Response:
    """Leave it closed."""
    with office.sessions.unit_of_work() as session:
        months.refuse_reopen(session, office, person, shown)
    return back_to(request, HOME, _("月份保持结账"))


@router.get("/all.beancount")
def whole_books(office: TheOffice, person: BooksReader) -> FileAnswer:
    """All vouchers as a file of Beancount."""
    with office.sessions.read_only() as session:
        text = "\n".join(beancount(session)) + "\n"
    return attachment(text.encode(), _("账簿.beancount"), "text/plain; charset=utf-8")


@router.get("/{month}.xlsx")
def month_sheet(office: TheOffice, person: BooksReader, month: str) -> FileAnswer:
    """Vouchers, the journal of the bank, income and expense of a month as a spreadsheet."""
    first = _month(month)
    with office.sessions.read_only() as session:
        tables = book_sheets.tables(
            first,
            list(vouchers(session, first)),
            list(bank_journal(session, first)),
            list(income_statement(session, first)),
        )
    name = _("%(month)s账簿.xlsx") % {"month": month}
    return attachment(write_tables(tables, office.clock()), name, MEDIA_TYPE)


@router.get("/{month}")
def one_month(request: Request, office: TheOffice, person: BooksReader, month: str) -> Response:
    """The vouchers of a month, the journal of the bank, income and expense."""
    first = _month(month)
    with office.sessions.read_only() as session:
        return page(
            request,
            "book_month.html",
            month=month,
            vouchers=list(vouchers(session, first)),
            journal=list(bank_journal(session, first)),
            statement=list(income_statement(session, first)),
        )


@router.post("/{month}/close")
def close_month(request: Request, office: TheOffice, person: MonthCloser, month: str) -> Response:
    """Close a month."""
    with office.sessions.unit_of_work() as session:
        months.close_month(session, office, person, _month(month))
    return back_to(request, HOME, _("%(month)s 已结账") % {"month": month})


def _month(text: str) -> date:
    """The first day of a month written as 2026-06."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise NotFound(text) from error
