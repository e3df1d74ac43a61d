"""The heirs of a claim: keyed by one person in one form, confirmed by another."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from console.guard import Answerer, Corrector, NumberReader, TheOffice
from console.pages.acts_on_claim import again, changing
from console.render import page
from console.stale import SHOWN, require_heirs_as_shown
from documents.masks import mask_numbers
from language import _
from rules.errors import BadInput
from rules.shares import share_text
from workflows.claims.acts import heirs
from workflows.claims.acts.keyed_heirs import KeyedHeir
from workflows.claims.sums.payees import heir_share
from workflows.people.reveals import reveal as note_reveal
from workflows.sealed_values.claims import heir_person

router = APIRouter(prefix="/claims/{number}/heirs")

_TEXTS = ("name", "relation", "id_number", "account", "bank_name", "share")
_LONGEST = 100


async def _form(request: Request) -> FormData:
    return await request.form()


@router.post("")
def key_heirs(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    form: Annotated[FormData, Depends(_form)],
) -> Response:
    """Keep the heirs of the form in the place of those before; empty lines are left out."""
    keyed = [each for each in _lines(form) if each.name or each.id_number or each.account]
    statement = _id(str(form.get("statement_page", "")))
    with changing(office, person, number) as (session, claim):
        now = [
            _in_short(heir_person(office.keys, heir).name, share_text(heir_share(heir)))
            for heir in claim.heirs
        ]
        typed = [_in_short(each.name, each.share) for each in keyed]
        require_heirs_as_shown(str(form.get(SHOWN, "")), claim.heirs, now, typed)
        heirs.key_heirs(session, office, person, claim, keyed, statement)
    return again(request, number, _("已记下继承人，须由另一人确认"))


@router.post("/confirm")
def confirm_heirs(
    request: Request,
    office: TheOffice,
    person: Answerer,
    number: str,
    shown: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Agree to the heirs that were shown, whom another person keyed."""
    with changing(office, person, number) as (session, claim):
        heirs.confirm_heirs(session, office, person, claim, shown or [])
    return again(request, number, _("已确认继承人"))


@router.post("/{heir_id}/reveal")
def reveal(
    request: Request,
    office: TheOffice,
    person: NumberReader,
    number: str,
    heir_id: int,
    purpose: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Show an heir's numbers in full, for a purpose that is written down first."""
    if not purpose.strip():
        raise BadInput(_("请写明查看的用途"))
    with changing(office, person, number) as (session, claim):
        found = next((heir for heir in claim.heirs if heir.id == heir_id), None)
        if found is None:
            raise BadInput(_("案件中没有这位继承人"))
        told = heir_person(office.keys, found)
        why = mask_numbers(purpose.strip())
        note_reveal(session, office, person, claim, heir=heir_id, purpose=why)
    value = f"{told.id_number} · {told.account}"
    return page(
        request, "revealed.html", number=number, name=f"heir-{heir_id}", value=value, is_field=False
    )


def _lines(form: FormData) -> list[KeyedHeir]:
    columns = {name: [str(each)[:_LONGEST] for each in form.getlist(name)] for name in _TEXTS}
    pages, before = form.getlist("proof_page"), form.getlist("heir")
    rows = zip(*columns.values(), pages, before, strict=False)
    return [
        _heir(number, dict(zip((*_TEXTS, "page", "before"), map(str, row), strict=True)))
        for number, row in enumerate(rows, 1)
    ]


def _heir(number: int, row: Mapping[str, str]) -> KeyedHeir:
    texts = {name: row[name].strip() for name in _TEXTS}
    return KeyedHeir(**texts, proof_page=_id(row["page"]), before=_id(row["before"]), row=number)


def _in_short(name: str, share: str) -> str:
    return f"{name} {share}"


def _id(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
