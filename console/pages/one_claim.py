"""The screen of one claim: papers beside fields, what is wrong, what was decided, what happened."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from console import event_form, labels
from console.guard import ClaimReader, NumberReader, TheOffice
from console.opening_turns import OPENS_FILES
from console.pages.download import FileAnswer, attachment, picture_of
from console.queries.alike import alike_pairs
from console.queries.approvals import waiting_item
from console.queries.one_claim import claim_in_focus, claim_numbered, claim_view
from console.queries.sheets import pages_of
from console.queries.undelivered import sum_in_the_fund, undelivered_of
from console.queries.wanted import hand_in_by
from console.render import page
from documents.kinds import KIND_NAMES, NOT_NAMED_BY_HAND
from documents.packets.media_types import DOCX
from documents.packets.pages import as_jpeg, render
from documents.packets.unfit import Unfit
from documents.store import ScanMissing
from language import _
from models import Claim, Document, Letter, User
from rules.errors import Refused
from workflows.claims.acts import denial, overdue_revisions, taking
from workflows.claims.acts.payee import has_made, payees_to_compare
from workflows.claims.approving import approval_queue
from workflows.claims.approving.approval_queue import QueuedClaim
from workflows.claims.approving.hindrances import changed_since_proposed, hindrances
from workflows.claims.events.event import illness_lists_of
from workflows.claims.judging import adjudication
from workflows.claims.objecting.objections import OBJECTORS
from workflows.claims.papers.pages import document_of, page_of
from workflows.engine.office import Office
from workflows.people.rights import Act, may

router = APIRouter(prefix="/claims/{number}")

_LONGEST_SIDE = 2000


@router.get("")
def show_claim(
    request: Request,
    office: TheOffice,
    person: ClaimReader,
    number: str,
    sheet: int = 0,
    field: str = "",
) -> Response:
    """Everything about the claim; `sheet` is the page shown, `field` the one marked on it."""
    with office.sessions.read_only() as session:
        claim = claim_numbered(session, person, number)
        shown = claim_view(session, office, person, claim)
        lit, opened = claim_in_focus(shown, field, sheet)
        item = waiting_item(session, office, claim)
        return page(
            request,
            "claim.html",
            claim=shown,
            lit=lit,
            opened=opened,
            kinds={k: word for k, word in KIND_NAMES.items() if k not in NOT_NAMED_BY_HAND},
            purposes=labels.PURPOSES,
            event_words=labels.EVENTS,
            event_forms={
                kind: event_form.fields_of(kind, {}, illness_lists_of(claim))
                for kind in labels.EVENTS
            },
            objectors=OBJECTORS,
            unsure=int(office.settings.unsure_below * 100),
            clauses=denial.clauses_for(session, claim, office) if shown.ways.deny else {},
            key=item.key if item else "",
            digest=approval_queue.digest_of([item.key]) if item else "",
            looks=item.looks if item else (),
            hindrance=_hindrance(session, office, person, claim, item),
            holder=taking.another_holder(session, office, person, claim),
            undelivered=undelivered_of(session, office, person, claim),
            fund=sum_in_the_fund(session, claim),
            **_beside(session, office, person, claim),
        )


@router.get("/trial")
def trial(request: Request, office: TheOffice, person: NumberReader, number: str) -> Response:
    """What the rules would decide on the claim as it stands."""
    with office.sessions.read_only() as session:
        parts = adjudication.try_out(session, claim_numbered(session, person, number), office)
    return page(request, "preview.html", number=number, parts=parts, outcome=labels.outcome)


@router.get("/alike")
def alike(request: Request, office: TheOffice, person: ClaimReader, number: str) -> Response:
    """The claim's pages side by side with those of other claims that are like them."""
    with office.sessions.read_only() as session:
        claim = claim_numbered(session, person, number)
        places = {found.id: at for at, found in enumerate(pages_of(session, claim), 1)}
        pairs = alike_pairs(session, person, claim, places)
    return page(request, "alike.html", number=number, pairs=pairs)


@router.get("/pages/{page_id}.jpg", dependencies=[OPENS_FILES])
def picture(office: TheOffice, person: ClaimReader, number: str, page_id: int) -> FileAnswer:
    """One page of the papers, upright."""
    with office.sessions.read_only() as session:
        claim = claim_numbered(session, person, number)
        found = page_of(session, claim, page_id)
        if found is None:
            raise Refused(_("案件中没有这一页"))
        document = found.document
    return _drawn(office, document, found.number, found.rotation)


@router.get("/papers/{document_id}/{at}.jpg", dependencies=[OPENS_FILES])
def filed_page(
    office: TheOffice, person: ClaimReader, number: str, document_id: int, at: int
) -> FileAnswer:
    """One page of a file, as it came; it need not have been read."""
    with office.sessions.read_only() as session:
        claim = claim_numbered(session, person, number)
        found = document_of(session, claim, document_id)
        if found is None or not 1 <= at <= found.page_count:
            raise Refused(_("案件中没有这一页"))
    return _drawn(office, found, at, 0)


@router.get("/letters/{letter_id}.docx")
def letter(office: TheOffice, person: ClaimReader, number: str, letter_id: int) -> FileAnswer:
    """A letter as the office sends it."""
    with office.sessions.read_only() as session:
        claim = claim_numbered(session, person, number)
        found = session.scalar(select(Letter).filter_by(id=letter_id, claim_id=claim.id))
    if found is None or found.sha256 is None:
        raise Refused(_("这份通知书还没有出具"))
    name = f"{number}-{labels.letter(found.kind)}.docx"
    return attachment(office.store.get(found.sha256), name, DOCX)


def _beside(session: Session, office: Office, person: User, claim: Claim) -> dict[str, Any]:
    """What stands above the claim: papers like its own, a payee that waits for a second person, and
    what must come to an end."""
    payee_waits = payees_to_compare(session, office, claim) is not None
    return {
        "payee_waits": payee_waits,
        "made_by_me": payee_waits and has_made(session, person, claim),
        "alike": alike_pairs(session, person, claim, {}),
        "end_by": overdue_revisions.end_by(session, claim),
        "hand_in_by": hand_in_by(office, claim),
        "can_end": overdue_revisions.can_end(session, office, claim),
    }


def _hindrance(
    session: Session, office: Office, person: User, claim: Claim, item: QueuedClaim | None
) -> str | None:
    """What keeps the claim from being approved, by this person if he approves claims."""
    if item is None:
        return None
    if may(person, Act.APPROVE):
        return hindrances(session, office, person, [claim], [item]).get(claim.id)
    return changed_since_proposed(session, [claim]).get(claim.id)


def _drawn(office: Office, document: Document, number: int, rotation: int) -> FileAnswer:
    try:
        data = office.store.get(document.sha256)
        drawn = render(data, document.media_type, number, office.limits)
    except (ScanMissing, Unfit) as error:
        raise Refused(_("这一页无法显示")) from error
    return picture_of(as_jpeg(drawn.image, _LONGEST_SIDE, rotation))
