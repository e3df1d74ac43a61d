"""The screen of one roster: its preview, decisions, fees and members."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from console import labels
from console.forms import ReasonField, form_day, form_money
from console.guard import (
    CoverPaperGetter,
    Enroller,
    EnrolmentReader,
    FeeBooker,
    FeeRefunder,
    MemberReader,
    TheOffice,
    Waiver,
)
from console.not_found import NotFound
from console.opening_turns import OPENS_FILES, opens_files_if
from console.pages.acts_on_enrolment import again, changing
from console.pages.download import FileAnswer, attachment
from console.queries import roster_preview
from console.queries.one_enrolment import OPEN, enrolment_lines, enrolment_numbered, enrolment_view
from console.render import back_to, page
from documents.packets.media_types import DOCX, XLSX
from language import _
from models import Enrolment, FeeReceipt, User
from models.states import FeePayer
from rules.errors import BadInput
from workflows.engine.office import Office
from workflows.enrolment import backdating, enrolment_papers, fees, id_copies, rosters

router = APIRouter(prefix="/enrolments/{number}")

# The preview of a longer roster takes seconds, so the page loads it afterwards.
_AT_ONCE = 3000

MoneyField = Annotated[str, Form(max_length=20)]
ReceiptNumber = Annotated[str, Form(max_length=100)]


def _previews(office: TheOffice, number: str) -> bool:
    """Whether the screen of this roster shows its preview at once."""
    with office.sessions.read_only() as session:
        states = select(Enrolment.state).where(
            Enrolment.number == number, Enrolment.rows <= _AT_ONCE
        )
        return session.scalar(states) in OPEN


@router.get("", dependencies=[opens_files_if(_previews)])
def show(request: Request, office: TheOffice, person: EnrolmentReader, number: str) -> Response:
    """The state of the roster, with its preview or its result."""
    return _page(request, office, person, number, _AT_ONCE)


@router.get("/preview", dependencies=[OPENS_FILES])
def preview(request: Request, office: TheOffice, person: EnrolmentReader, number: str) -> Response:
    """The same with the preview, however long it takes."""
    return _page(request, office, person, number, None)


@router.post("/faults", dependencies=[OPENS_FILES])
def faults(office: TheOffice, person: Enroller, number: str) -> FileAnswer:
    """The rows that are left out, with their faults, for the unit to correct."""
    with changing(office, person, number) as (session, found):
        content = enrolment_papers.faulty_rows(session, office, person, found)
    return attachment(content, f"{number}-{_('需改正的行')}.xlsx", XLSX)


@router.get("/confirmation.docx")
def confirmation(office: TheOffice, person: CoverPaperGetter, number: str) -> FileAnswer:
    """The confirmation of cover for the unit."""
    with office.sessions.read_only() as session:
        found = enrolment_numbered(session, person, number)
        content = enrolment_papers.confirmation(session, office, person, found)
    return attachment(content, f"{number}-{_('参保确认书')}.docx", DOCX)


@router.get("/members.xlsx")
def member_list(office: TheOffice, person: CoverPaperGetter, number: str) -> FileAnswer:
    """The covered members, numbers masked."""
    with office.sessions.read_only() as session:
        found = enrolment_numbered(session, person, number)
        content = enrolment_papers.member_list(session, office, person, found)
    return attachment(content, f"{number}-{_('参保人员名单')}.xlsx", XLSX)


@router.get("/lines")
def lines(
    request: Request, office: TheOffice, person: MemberReader, number: str, after: int = 0
) -> Response:
    """The members on the roster, numbers masked."""
    with office.sessions.read_only() as session:
        found = enrolment_numbered(session, person, number)
        rows, next_after = enrolment_lines(session, office, found, after)
        return page(
            request,
            "enrolment_lines.html",
            enrolment=enrolment_view(session, person, found),
            rows=rows,
            next_link=f"/enrolments/{number}/lines?after={next_after}" if next_after else "",
        )


@router.post("/accept", dependencies=[OPENS_FILES])
def accept(request: Request, office: TheOffice, person: Enroller, number: str) -> Response:
    """Accept the roster; its sound rows will be enrolled."""
    with changing(office, person, number) as (session, found):
        came = rosters.accept(session, office, person, found)
    if came.short:
        words = _("还差 %(short)s 人达到参保率，等待审批准予") % {"short": came.short}
        return again(request, number, words)
    if came.waits:
        words = _("%(n)s 人没有写明本人同意，等待审批准予") % {"n": came.without_consent}
        return again(request, number, words)
    words = _("已确认，正在录入 %(n)s 人") % {"n": came.joining}
    return again(request, number, words)


@router.post("/withdraw")
def withdraw(request: Request, office: TheOffice, person: Enroller, number: str) -> Response:
    """Withdraw the roster."""
    with changing(office, person, number) as (session, found):
        rosters.withdraw(session, office, person, found)
    return again(request, number, _("已撤回；改好后可以重新报送"))


@router.post("/let-pass")
def let_pass(
    request: Request,
    office: TheOffice,
    person: Waiver,
    number: str,
    reason: ReasonField = "",
) -> Response:
    """Let a roster with too few people, or backdated cover, pass for a reason."""
    with changing(office, person, number) as (session, found):
        rosters.let_pass(session, office, person, found, reason)
    return again(request, number, _("已准予参保"))


@router.post("/begin-tomorrow")
def begin_tomorrow(
    request: Request,
    office: TheOffice,
    person: Waiver,
    number: str,
    reason: ReasonField = "",
) -> Response:
    """Refuse backdated cover: it begins tomorrow at the earliest."""
    with changing(office, person, number) as (session, found):
        backdating.begin_tomorrow(session, office, person, found, reason)
    return again(request, number, _("已改为次日起保"))


@router.post("/lines/{row}/strike")
def strike(
    request: Request,
    office: TheOffice,
    person: Enroller,
    number: str,
    row: int,
    reason: ReasonField = "",
) -> Response:
    """Take one member off before cover begins."""
    with changing(office, person, number) as (session, found):
        rosters.strike_line(session, office, person, found, row, reason)
    words = _("已减去第 %(row)s 行") % {"row": row}
    return back_to(request, f"/enrolments/{number}/lines", words)


@router.post("/receipts")
def note_receipt(
    request: Request,
    office: TheOffice,
    person: FeeBooker,
    number: str,
    receipt: ReceiptNumber,
    amount: MoneyField,
    moved_on: Annotated[str, Form()],
    payer: Annotated[str, Form()] = FeePayer.UNIT,
) -> Response:
    """Book money that arrived."""
    booked = receipt, _payer(payer), form_money(amount), _moved(moved_on)
    with changing(office, person, number) as (session, found):
        fees.note_receipt(session, office, person, found, *booked)
    return again(request, number, _("已登记收据 %(number)s") % {"number": receipt})


@router.post("/refund")
def refund(
    request: Request,
    office: TheOffice,
    person: FeeRefunder,
    number: str,
    receipt: ReceiptNumber,
    amount: MoneyField,
    moved_on: Annotated[str, Form()],
    payer: Annotated[str, Form()] = FeePayer.UNIT,
) -> Response:
    """Refund what was paid too much."""
    booked = receipt, _payer(payer), form_money(amount), _moved(moved_on)
    with changing(office, person, number) as (session, found):
        fees.refund(session, office, person, found, *booked)
    return again(request, number, _("已登记退费 %(number)s") % {"number": receipt})


@router.post("/receipts/{receipt_id}/reverse")
def reverse(
    request: Request,
    office: TheOffice,
    person: FeeBooker,
    number: str,
    receipt_id: int,
    receipt: ReceiptNumber,
) -> Response:
    """Cancel a wrong entry by its opposite."""
    with changing(office, person, number) as (session, found):
        wrong = session.get(FeeReceipt, receipt_id)
        if wrong is None or wrong.enrolment_id != found.id:
            raise NotFound(str(receipt_id))
        fees.reverse_receipt(session, office, person, found, wrong, receipt)
    return again(request, number, _("已冲销 %(number)s") % {"number": wrong.number})


def _page(
    request: Request, office: Office, person: User, number: str, at_most: int | None
) -> Response:
    with office.sessions.read_only() as session:
        found = enrolment_numbered(session, person, number)
        shown = enrolment_view(session, person, found)
        at_once = shown.is_open and (at_most is None or found.rows <= at_most)
        return page(
            request,
            "enrolment.html",
            enrolment=shown,
            look=roster_preview.look(session, office, found) if at_once else None,
            pages=id_copies.copies_read(session, found) if shown.is_reading else None,
            today=office.today(),
            payers=fees.PAYER_WORDS,
            purposes=labels.PURPOSES,
            contact=office.settings.unit_contact,
        )


def _moved(text: str) -> date:
    return form_day(text, _("到账日期"), "moved_on")


def _payer(text: str) -> FeePayer:
    try:
        return FeePayer(text)
    except ValueError:
        raise BadInput(_("请选择缴费方"), "payer") from None
