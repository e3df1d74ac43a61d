"""The books: balances and funds; opening them, opening months again, and vouchers by hand."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField, ShownProposal, form_day, form_money, signed_money
from console.guard import (
    BalanceStater,
    BooksOpener,
    BooksReader,
    MonthCloser,
    TheOffice,
    VoucherBooker,
    VoucherProposer,
)
from console.pages.download import FileAnswer, attachment
from console.queries.books import books_view
from console.render import back_to, page
from language import _
from rules.money import Fen
from workflows.books import by_hand, months
from workflows.books.beancount import beancount
from workflows.books.by_hand import ToldVoucher
from workflows.books.causes import RULES
from workflows.opening import opening

HOME = "/books"
router = APIRouter(prefix=HOME)


@router.get("")
def overview(request: Request, office: TheOffice, person: BooksReader) -> Response:
    """Funds, balances and months."""
    with office.sessions.read_only() as session:
        books = books_view(session, person, office.today())
    causes = {cause.value: _(RULES[cause].word) for cause in by_hand.BY_HAND}
    yesterday = office.today() - timedelta(days=1)
    return page(request, "books.html", books=books, causes=causes, yesterday=yesterday)


def told_voucher(
    cause: Annotated[str, Form(max_length=40)] = "",
    place: Annotated[str, Form(max_length=80)] = "",
    day: Annotated[str, Form(max_length=20)] = "",
    amount: Annotated[str, Form(max_length=20)] = "",
    reason: ReasonField = "",
) -> ToldVoucher:
    """What a person keyed of a voucher."""
    on = form_day(day, _("日期"), "day")
    return ToldVoucher(cause, place, on, signed_money(amount), reason)


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


@router.post("/vouchers")
def propose_voucher(
    request: Request,
    office: TheOffice,
    person: VoucherProposer,
    told: Annotated[ToldVoucher, Depends(told_voucher)],
) -> Response:
    """Ask another person to book a voucher."""
    with office.sessions.unit_of_work() as session:
        by_hand.propose_voucher(session, office, person, told)
    return back_to(request, HOME, _("已填制凭证，等另一人复核"))


@router.post("/vouchers/{voucher_id}/book")
def book_voucher(
    request: Request, office: TheOffice, person: VoucherBooker, voucher_id: int
) -> Response:
    """Book it."""
    with office.sessions.unit_of_work() as session:
        by_hand.book_voucher(session, office, person, voucher_id)
    return back_to(request, HOME, _("凭证已入账"))


@router.post("/vouchers/{voucher_id}/refuse")
def refuse_voucher(
    request: Request, office: TheOffice, person: VoucherBooker, voucher_id: int
) -> Response:
    """Leave it unbooked."""
    with office.sessions.unit_of_work() as session:
        by_hand.refuse_voucher(session, office, person, voucher_id)
    return back_to(request, HOME, _("凭证已退回"))
