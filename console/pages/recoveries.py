"""Recoveries: receipts booked by a cashier, write-offs by two supervisors."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField, ShownProposal, form_day, form_money
from console.guard import (
    InstalmentAgreer,
    ReceiptConfirmer,
    RecoveryBooker,
    RecoveryReader,
    SetterOff,
    TheOffice,
    WriterOff,
)
from console.queries.recoveries import (
    payment_of,
    receipt_of,
    recoveries,
    recovery_numbered,
    recovery_view,
)
from console.render import back_to, page
from language import _
from models import Recovery
from rules.money import Fen
from workflows.claims.paying import instalments, recovery, set_off
from workflows.claims.paying.recovery import ReceivedSum
from workflows.engine.office import Office

router = APIRouter(prefix="/recoveries")


@router.get("")
def listed(request: Request, office: TheOffice, person: RecoveryReader) -> Response:
    """What is asked back, and what was."""
    with office.sessions.read_only() as session:
        return page(request, "recoveries.html", rows=recoveries(session, office))


@router.get("/{number}")
def one(request: Request, office: TheOffice, person: RecoveryReader, number: str) -> Response:
    """One recovery with its receipts."""
    with office.sessions.read_only() as session:
        found = recovery_numbered(session, number)
        shown = recovery_view(session, office, person, found)
    return page(request, "recovery.html", recovery=shown, today=office.today())


@router.post("/{number}/receipts")
def book(
    request: Request,
    office: TheOffice,
    person: RecoveryBooker,
    number: str,
    received_on: Annotated[str, Form(max_length=20)] = "",
    amount: Annotated[str, Form(max_length=14)] = "",
    reference: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Book a sum that came back."""
    day = form_day(received_on, _("到账日期"), "received_on")
    receipt = ReceivedSum(day, form_money(amount, _("退款金额")), reference)
    with _changing(office, number) as (session, row):
        recovery.book(session, office, person, row, receipt)
    return _again(request, number, _("已登记，待审批人员对照银行流水确认"))


@router.post("/{number}/receipts/{receipt}/confirm")
def confirm(
    request: Request, office: TheOffice, person: ReceiptConfirmer, number: str, receipt: int
) -> Response:
    """Agree that the sum came in."""
    with _changing(office, number) as (session, row):
        recovery.confirm(session, office, person, receipt_of(session, row, receipt))
    return _again(request, number, _("已确认入账"))


@router.post("/{number}/receipts/{receipt}/refuse")
def refuse_receipt(
    request: Request,
    office: TheOffice,
    person: ReceiptConfirmer,
    number: str,
    receipt: int,
    reason: ReasonField = "",
) -> Response:
    """Say that it did not."""
    with _changing(office, number) as (session, row):
        booked = receipt_of(session, row, receipt)
        recovery.refuse_receipt(session, office, person, booked, reason)
    return _again(request, number, _("登记已撤销，继续追回"))


@router.post("/{number}/set-off")
def set_against(
    request: Request,
    office: TheOffice,
    person: SetterOff,
    number: str,
    payment: Annotated[str, Form(max_length=60)] = "",
    amount: Annotated[str, Form(max_length=14)] = "",
    reason: ReasonField = "",
) -> Response:
    """Pay a part of a later benefit with what is asked back."""
    sum_ = form_money(amount, _("抵扣金额"))
    with _changing(office, number) as (session, row):
        against = payment_of(session, payment)
        set_off.set_off(session, office, person, row, against, sum_, reason)
    return _again(request, number, _("已抵扣，通知书已登记"))


@router.post("/{number}/set-off/{receipt}/undo")
def undo_set_off(
    request: Request, office: TheOffice, person: SetterOff, number: str, receipt: int
) -> Response:
    """Take a set-off back."""
    with _changing(office, number) as (session, row):
        set_off.undo(session, office, person, receipt_of(session, row, receipt))
    return _again(request, number, _("已取消抵扣"))


@router.post("/{number}/instalments")
def agree_instalments(
    request: Request,
    office: TheOffice,
    person: InstalmentAgreer,
    number: str,
    plan: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keep by which days which sums were agreed to come in."""
    agreed = [_instalment(line) for line in plan.splitlines() if line.strip()]
    with _changing(office, number) as (session, row):
        instalments.agree(session, office, person, row, agreed)
    return _again(request, number, _("分期已登记"))


def _instalment(line: str) -> tuple[date, Fen]:
    """A day and a sum on one line, with a space between."""
    day, _space, amount = line.strip().partition(" ")
    return form_day(day, _("分期日期"), "plan"), form_money(amount, _("分期金额"), "plan")


@router.post("/{number}/write-off")
def propose_write_off(
    request: Request,
    office: TheOffice,
    person: WriterOff,
    number: str,
    reason: ReasonField = "",
) -> Response:
    """Propose that the fund bears what is open."""
    with _changing(office, number) as (session, row):
        recovery.propose_write_off(session, office, person, row, reason)
    return _again(request, number, _("已提议核销，由另一名审批人确认"))


@router.post("/{number}/write-off/refuse")
def refuse_write_off(
    request: Request, office: TheOffice, person: WriterOff, number: str, shown: ShownProposal
) -> Response:
    """Disagree with the proposal."""
    with _changing(office, number) as (session, row):
        recovery.refuse_write_off(session, office, person, row, shown)
    return _again(request, number, _("未同意核销，继续追回"))


@router.post("/{number}/write-off/confirm")
def write_off(
    request: Request, office: TheOffice, person: WriterOff, number: str, shown: ShownProposal
) -> Response:
    """Agree to another person's proposal."""
    with _changing(office, number) as (session, row):
        recovery.write_off(session, office, person, row, shown)
    return _again(request, number, _("已核销"))


@contextmanager
def _changing(office: Office, number: str) -> Iterator[tuple[Session, Recovery]]:
    with office.sessions.unit_of_work() as session:
        yield session, recovery_numbered(session, number)


def _again(request: Request, number: str, sentence: str) -> Response:
    return back_to(request, f"/recoveries/{number}", sentence)
