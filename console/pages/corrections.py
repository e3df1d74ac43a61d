"""Corrections of a claim by a clerk: values, kinds of pages, questions, the event."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from console import event_form, labels
from console.forms import ReasonField
from console.guard import Answerer, Corrector, TheOffice
from console.pages.acts_on_claim import again, changing
from console.queries.asked import left_in_words
from console.stale import SHOWN, require_event_as_shown
from console.unlisted_cities import require_known_cities
from documents.kinds import KIND_NAMES
from language import N_, _
from models import Claim
from models.states import ClaimState
from rules.errors import BadInput, FieldFault
from rules.verdict import Code
from workflows.claims.acts import answers, correction, told_events
from workflows.claims.events.event import events_of, illness_lists_of
from workflows.claims.events.events_read import kind_of
from workflows.claims.paying import paid_again
from workflows.engine.office import Office

router = APIRouter(prefix="/claims/{number}")

_PAID_AGAIN = {
    ClaimState.PROPOSED: N_("已重新提交审批"),
    ClaimState.RETURNED: N_("收款账户还有待核对的事项，处理后再重新付款"),
    ClaimState.NEW_PAPERS: N_("附卷材料正在识读，识读后再重新付款"),
}


@router.post("/pages/{page_id}/kind")
def name_kind(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    page_id: int,
    kind: Annotated[str, Form()],
) -> Response:
    """Say what kind of paper a page is."""
    if kind not in KIND_NAMES:
        raise BadInput(_("没有这种材料"))
    with changing(office, person, number) as (session, claim):
        correction.name_kind(session, office, person, claim, page_id, kind)
    return again(request, number, _("已更正材料种类：%(kind)s") % {"kind": labels.kind(kind)})


@router.post("/findings/{finding_id}")
def answer(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    finding_id: int,
    reason: ReasonField = "",
) -> Response:
    """Close a question as it stands, with a reason."""
    with changing(office, person, number) as (session, claim):
        correction.answer(session, office, person, claim, finding_id, reason)
    return again(request, number, _("已处理这一项"))


async def _form(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.form()).items()}


@router.post("/event")
def establish(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    form: Annotated[dict[str, str], Depends(_form)],
    reason: ReasonField = "",
) -> Response:
    """Store what the person found out about the event, and check the claim again."""
    with changing(office, person, number) as (session, claim):
        kind = form.get("kind", "")
        found = event_form.event_from(kind, form) | ({"kind": kind} if kind else {})
        number_ = form.get("event", "0")
        if not number_.isdecimal():
            raise BadInput(_("没有这个事件：%(text)s") % {"text": number_[:20]})
        _require_event_as_shown(office, claim, int(number_), form)
        try:
            told_events.establish(session, office, person, claim, found, int(number_), reason)
        except FieldFault as fault:
            raise event_form.in_the_form(kind, fault) from fault
        require_known_cities(form)
    return again(request, number, _("已记下事件，案件重新审核"))


@router.post("/event/add")
def add_event(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    kind: Annotated[str, Form(max_length=50)] = "",
) -> Response:
    """Ask for an event the papers suggest, and check the claim again."""
    with changing(office, person, number) as (session, claim):
        told_events.ask_for(session, office, person, claim, kind)
    return again(request, number, _("已增加申请，案件重新审核"))


@router.post("/event/drop")
def drop_event(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    event: Annotated[int, Form(ge=0)],
    reason: ReasonField = "",
) -> Response:
    """Take back an event the claim does not ask for, and check the claim again."""
    with changing(office, person, number) as (session, claim):
        told_events.drop_event(session, office, person, claim, event, reason)
    return again(request, number, _("已去掉这个事件，案件重新审核"))


@router.post("/questions/{event}/{code}")
def answer_question(
    request: Request,
    office: TheOffice,
    person: Answerer,
    number: str,
    event: int,
    code: Code,
    answer: Annotated[str, Form(max_length=50)] = "",
    reason: ReasonField = "",
    paper: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Answer a question of the rules about one event; `paper` is a page of what it rests on."""
    page_id = int(paper) if paper.isdecimal() else None
    with changing(office, person, number) as (session, claim):
        left = answers.answer_question(
            session, office, person, claim, event, code, answer, reason, page_id
        )
        told = left_in_words(left)
    return again(request, number, _with(_("已记下答复"), told))


@router.post("/answers/{answer_id}/confirm")
def confirm_answer(
    request: Request, office: TheOffice, person: Answerer, number: str, answer_id: int
) -> Response:
    """Agree to what another person answered."""
    with changing(office, person, number) as (session, claim):
        left = answers.confirm_answer(session, office, person, claim, answer_id)
        told = left_in_words(left)
    return again(request, number, _with(_("已确认答复"), told))


def _with(done: str, left: str) -> str:
    return _("；").join(filter(None, (done, left)))


@router.post("/recheck")
def recheck(request: Request, office: TheOffice, person: Corrector, number: str) -> Response:
    """End the check by hand, and move the claim on."""
    with changing(office, person, number) as (session, claim):
        correction.recheck(session, office, person, claim)
    return again(request, number, _("核对完成，案件重新审核"))


@router.post("/pay-again")
def pay_again(
    request: Request,
    office: TheOffice,
    person: Corrector,
    number: str,
    reason: ReasonField = "",
) -> Response:
    """Put a returned claim before the supervisor again; to the same card only with a reason."""
    with changing(office, person, number) as (session, claim):
        paid_again.pay_again(session, office, person, claim, reason)
        said = _PAID_AGAIN[ClaimState(claim.state)]
    return again(request, number, _(said))


def _require_event_as_shown(
    office: Office, claim: Claim, number: int, form: dict[str, str]
) -> None:
    events = events_of(office, claim)
    now = None
    if number < len(events):
        now = event_form.fields_of(kind_of(events[number]), events[number], illness_lists_of(claim))
    require_event_as_shown(form.get(SHOWN, ""), now, form)
