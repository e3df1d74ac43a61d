"""One member: the stored data, and forms for leaving, return, change of unit or card."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console.forms import form_day
from console.guard import (
    Answerer,
    Corrector,
    MemberChanger,
    MemberReader,
    TheOffice,
    Transferrer,
)
from console.queries.accounts import units_by_name
from console.queries.one_member import member_numbered, member_view
from console.queries.units import unit_numbered
from console.render import back_to, page
from language import _
from models import Member, User
from workflows import known_deaths
from workflows.engine.office import Office
from workflows.enrolment import membership

router = APIRouter(prefix="/members/{ref}")


@router.get("")
def show_member(request: Request, office: TheOffice, person: MemberReader, ref: UUID) -> Response:
    """The member with numbers masked, every cover and every claim."""
    with office.sessions.read_only() as session:
        found = member_numbered(session, person, ref)
        return page(
            request,
            "member.html",
            member=member_view(session, office, person, found),
            reasons=membership.WHY_THEY_LEAVE,
            units=units_by_name(session),
            today=office.today(),
        )


@router.post("/leave")
def leave(
    request: Request,
    office: TheOffice,
    person: MemberChanger,
    ref: UUID,
    left_on: Annotated[str, Form()],
    why: Annotated[str, Form()] = "",
) -> Response:
    """Note that the member retired or left; cover continues to its end."""
    day = form_day(left_on, _("离开日期"), "left_on")
    with _changing(office, person, ref) as (session, found):
        membership.leave(session, office, person, found, day, why)
    return back_to(request, f"/members/{ref}", _("已记下；保障到期为止"))


@router.post("/come-back")
def come_back(request: Request, office: TheOffice, person: MemberChanger, ref: UUID) -> Response:
    """Cancel a leaving that was noted by mistake."""
    with _changing(office, person, ref) as (session, found):
        membership.come_back(session, office, person, found)
    return back_to(request, f"/members/{ref}", _("已恢复在职"))


@router.post("/card")
def change_card(
    request: Request,
    office: TheOffice,
    person: MemberChanger,
    ref: UUID,
    card: Annotated[str, Form(max_length=40)],
    bank_name: Annotated[str, Form(max_length=100)],
) -> Response:
    """Name another bank card for the member."""
    with _changing(office, person, ref) as (session, found):
        membership.change_card(session, office, person, found, card, bank_name)
    return back_to(request, f"/members/{ref}", _("已提出换卡，待另一人确认"))


@router.post("/transfer")
def transfer(
    request: Request,
    office: TheOffice,
    person: Transferrer,
    ref: UUID,
    unit: Annotated[int, Form()],
) -> Response:
    """Move the member to another unit; cover does not change."""
    with _changing(office, person, ref) as (session, found):
        membership.transfer(session, office, person, found, unit_numbered(session, unit))
    return back_to(request, f"/members/{ref}", _("已转到新单位；保障不变"))


@router.post("/doubt-death")
def doubt_death(
    request: Request,
    office: TheOffice,
    person: Corrector,
    ref: UUID,
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Ask that the member's death be taken back."""
    with _changing(office, person, ref) as (session, found):
        known_deaths.doubt_death(session, office, person, found, reason)
    return back_to(request, f"/members/{ref}", _("已申请撤销身故，待另一人确认"))


@router.post("/take-back-death")
def take_back_death(request: Request, office: TheOffice, person: Answerer, ref: UUID) -> Response:
    """Agree that the member lives."""
    with _changing(office, person, ref) as (session, found):
        known_deaths.take_back_death(session, office, person, found)
    return back_to(request, f"/members/{ref}", _("已撤销身故；此会员的案件审批时会提示"))


@contextmanager
def _changing(office: Office, person: User, ref: UUID) -> Iterator[tuple[Session, Member]]:
    """The member, locked, in a unit of work."""
    with office.sessions.unit_of_work() as session:
        yield session, member_numbered(session, person, ref, lock=True)
