"""The approval queue: approve the list as it was shown, or send one claim back."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from console import formatting, labels
from console.forms import ReasonField
from console.guard import Approver, TheOffice
from console.queries.approvals import chosen_items, numbers_of_keys, queue_as_shown
from console.queries.beside_the_queue import dropped_denials, waiting_answers
from console.queries.books import limited_funds
from console.queries.one_claim import claim_numbered
from console.queries.recoveries import set_offs
from console.render import back_to, page
from language import _
from rules.errors import BadInput, Refused
from workflows.claims.approving import approval
from workflows.claims.approving.approval_queue import digest_of
from workflows.claims.approving.enough_approvers import lacking_approvers

router = APIRouter(prefix="/approvals")


@router.get("")
def queue(request: Request, office: TheOffice, person: Approver) -> Response:
    """The items that wait for approval, exceptions first."""
    with office.sessions.read_only() as session:
        return page(
            request,
            "approvals.html",
            queue=queue_as_shown(session, office, person),
            waiting=waiting_answers(session, person),
            dropped=dropped_denials(session, person),
            set_offs=set_offs(session),
            funds=limited_funds(session),
            lacking=lacking_approvers(session, office.settings),
        )


@router.post("")
def approve(
    request: Request,
    office: TheOffice,
    person: Approver,
    digest: Annotated[str, Form()],
    shown: Annotated[list[str], Form()],
    item: Annotated[list[str] | None, Form()] = None,
    named: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Approve the ticked items; those changed since the list was shown are left out and named.

    What asks for a second look is sent as `named`, each by a tick of its own.
    """
    chosen = [*(item or ()), *(named or ())]
    if not chosen:
        raise BadInput(_("请先勾选要批准的案件"))
    if not (hmac.compare_digest(digest_of(shown), digest) and set(chosen) <= set(shown)):
        raise Refused(_("提交的列表不完整，请刷新后重试"))
    with office.sessions.unit_of_work() as session:
        items, changed = chosen_items(session, office, chosen)
        looked_at = [each for each in items if each.key in (named or ())]
        result = approval.approve(session, office, person, items, looked_at)
        gone = numbers_of_keys(session, changed)
    told = [
        _("已审批 %(count)s 件，合计 %(sum)s 元")
        % {"count": result.count, "sum": formatting.money(result.sum)}
    ]
    told += [labels.about(number, _("超过审批限额，待另一人再批")) for number in result.waits]
    told += [labels.about(dropped.number, dropped.reason) for dropped in result.dropped]
    told += [labels.about(number, _("列表显示之后已有变动")) for number in gone]
    is_bad = bool(result.dropped or gone)
    return back_to(request, "/approvals", "\n".join(told[:12]), is_bad=is_bad)


@router.post("/{number}/send-back")
def send_back(
    request: Request,
    office: TheOffice,
    person: Approver,
    number: str,
    reason: ReasonField = "",
) -> Response:
    """Return a claim to the clerks with a reason."""
    with office.sessions.unit_of_work() as session:
        claim = claim_numbered(session, person, number)
        session.refresh(claim, with_for_update=True)
        approval.send_back(session, office, person, claim, reason)
    return back_to(request, "/approvals", _("已退回：%(number)s") % {"number": number})
