"""What a roster proposes for known members: the office confirms moves and decides cards."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField, ShownProposal
from console.guard import CardDecider, TheOffice, Transferrer
from console.opening_turns import OPENS_FILES
from console.pages.acts_on_enrolment import changing
from console.queries.one_enrolment import enrolment_numbered, enrolment_view
from console.queries.roster_changes import proposals
from console.render import back_to, page
from language import _
from rules.errors import Refused
from workflows.enrolment import roster_cards, unit_moves

router = APIRouter(prefix="/enrolments/{number}/changes")


@router.get("", dependencies=[OPENS_FILES])
def show(request: Request, office: TheOffice, person: CardDecider, number: str) -> Response:
    """Members of other units whom the roster names, and other cards of known members."""
    with office.sessions.read_only() as session:
        found = enrolment_numbered(session, person, number)
        return page(
            request,
            "roster_changes.html",
            enrolment=enrolment_view(session, person, found),
            changes=proposals(session, office, person, found),
        )


@router.post("/moves", dependencies=[OPENS_FILES])
def confirm_all_moves(
    request: Request, office: TheOffice, person: Transferrer, number: str
) -> Response:
    """Confirm every move that nothing else forbids."""
    with changing(office, person, number) as (session, found):
        count = unit_moves.confirm_moves(session, office, person, found)
    return _again(request, number, _("已确认转入 %(n)s 人，保障生效时转入") % {"n": count})


@router.post("/moves/{row}", dependencies=[OPENS_FILES])
def confirm_move(
    request: Request, office: TheOffice, person: Transferrer, number: str, row: int
) -> Response:
    """Confirm the move of one row."""
    with changing(office, person, number) as (session, found):
        unit_moves.confirm_moves(session, office, person, found, [row])
    return _again(request, number, _("已确认第 %(row)s 行转入，保障生效时转入") % {"row": row})


@router.post("/cards")
def confirm_all_cards(
    request: Request,
    office: TheOffice,
    person: CardDecider,
    number: str,
    shown: Annotated[list[str], Form()],
) -> Response:
    """Confirm every card that the page showed, each as its row and mark."""
    with changing(office, person, number) as (session, found):
        for row, mark in map(_row_and_mark, shown):
            roster_cards.confirm_card(session, office, person, found, row, mark)
    return _again(request, number, _("已确认 %(n)s 人换卡") % {"n": len(shown)})


@router.post("/cards/{row}")
def confirm_card(
    request: Request,
    office: TheOffice,
    person: CardDecider,
    number: str,
    row: int,
    shown: ShownProposal,
) -> Response:
    """Confirm one card."""
    with changing(office, person, number) as (session, found):
        roster_cards.confirm_card(session, office, person, found, row, shown)
    return _again(request, number, _("已确认第 %(row)s 行换卡") % {"row": row})


@router.post("/cards/{row}/refuse")
def refuse_card(
    request: Request,
    office: TheOffice,
    person: CardDecider,
    number: str,
    row: int,
    shown: ShownProposal,
    reason: ReasonField = "",
) -> Response:
    """Leave one card as it is, for a reason."""
    with changing(office, person, number) as (session, found):
        roster_cards.refuse_card(session, office, person, found, row, shown, reason)
    return _again(request, number, _("第 %(row)s 行仍用原卡") % {"row": row})


def _row_and_mark(key: str) -> tuple[int, str]:
    row, _dot, mark = key.partition(".")
    if not row.isdecimal():
        raise Refused(_("提交的列表不完整，请刷新后重试"))
    return int(row), mark


def _again(request: Request, number: str, sentence: str) -> Response:
    return back_to(request, f"/enrolments/{number}/changes", sentence)
