"""Two accounts side by side: a second person confirms the one that a claim or a member named."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console.forms import ReasonField
from console.guard import CardDecider, PayeeConfirmer, TheOffice
from console.pages.acts_on_claim import again, changing
from console.queries.one_member import member_numbered
from console.render import back_to, page
from documents.reading.fields import FieldName
from language import N_, _
from rules.errors import Refused
from workflows.claims.acts import payee
from workflows.member_cards import confirm_card, refuse_card, waiting_card
from workflows.people.reveals import reveal as note_reveal
from workflows.sealed_values.claims import Payee
from workflows.sealed_values.members import card_of, named_card

router = APIRouter()

_PURPOSE = N_("核对收款账户")


@router.post("/claims/{number}/payee")
def compare_payees(
    request: Request, office: TheOffice, person: PayeeConfirmer, number: str
) -> Response:
    """Both accounts in full, the register's and the claim's; that they were shown is kept."""
    with changing(office, person, number) as (session, claim):
        found = payee.payees_to_compare(session, office, claim)
        if found is None:
            raise Refused(_("案件 %(number)s 没有待核对的收款账户") % {"number": number})
        field = FieldName.BANK_CARD_NUMBER
        note_reveal(session, office, person, claim, field=field, purpose=_PURPOSE)
    return page(
        request,
        "payee.html",
        back=f"/claims/{number}",
        registered=found.registered,
        named=found.named,
        on_papers=found.on_papers,
        after_return=found.after_return,
        shown=found.mark,
        confirm=f"/claims/{number}/payee/confirm",
        refuse=None,
    )


@router.post("/claims/{number}/payee/confirm")
def confirm_payee(
    request: Request,
    office: TheOffice,
    person: PayeeConfirmer,
    number: str,
    shown: Annotated[str, Form(max_length=40)],
) -> Response:
    """Agree that the claim is paid to the account that was shown."""
    with changing(office, person, number) as (session, claim):
        payee.confirm_payee(session, office, person, claim, shown)
    return again(request, number, _("已核对收款账户"))


@router.post("/members/{ref}/card/compare")
def compare_cards(request: Request, office: TheOffice, person: CardDecider, ref: UUID) -> Response:
    """The card on the register and the one that waits, both in full; that they were shown is
    kept."""
    with office.sessions.unit_of_work() as session:
        found = member_numbered(session, person, ref, lock=True)
        waiting = waiting_card(session, found)
        if waiting is None:
            raise Refused(_("没有待确认的银行卡"))
        card, keys = card_of(office.keys, found), office.keys
        registered = Payee(found.name, card, found.bank_name or "") if card else None
        named = Payee(found.name, named_card(keys, waiting), waiting.bank_name or "")
        shown = waiting.id
        note_reveal(session, office, person, found, card=shown, purpose=_PURPOSE)
    url = f"/members/{ref}"
    return page(
        request,
        "payee.html",
        back=url,
        registered=registered,
        named=named,
        on_papers=(),
        after_return="",
        shown=shown,
        confirm=f"{url}/card/confirm",
        refuse=f"{url}/card/refuse",
    )


@router.post("/members/{ref}/card/confirm")
def confirm_members_card(
    request: Request,
    office: TheOffice,
    person: CardDecider,
    ref: UUID,
    shown: Annotated[int, Form()],
) -> Response:
    """Let the card that was shown take the place of the one on the register."""
    with office.sessions.unit_of_work() as session:
        found = member_numbered(session, person, ref, lock=True)
        confirm_card(session, office, person, found, shown)
    return back_to(request, f"/members/{ref}", _("已更换银行卡；下次付款会请人复核"))


@router.post("/members/{ref}/card/refuse")
def refuse_members_card(
    request: Request,
    office: TheOffice,
    person: CardDecider,
    ref: UUID,
    shown: Annotated[int, Form()],
    reason: ReasonField = "",
) -> Response:
    """Leave the card on the register as it is."""
    with office.sessions.unit_of_work() as session:
        found = member_numbered(session, person, ref, lock=True)
        refuse_card(session, office, person, found, shown, reason)
    return back_to(request, f"/members/{ref}", _("未换卡"))
