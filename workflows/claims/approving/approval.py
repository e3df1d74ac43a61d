"""Approval (审批): a supervisor agrees to the exact list shown, or sends one claim back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from documents.letters.contents import LetterKind
from language import _
from models import (
    Approval,
    ApprovalItem,
    Claim,
    User,
)
from models.machines.claims import CLAIM
from rules.approval_limits import ApproverLevel, ceiling_of
from rules.errors import OwnWork, Refused
from rules.money import Fen
from rules.verdict import Outcome
from workflows.claims.approving.approval_queue import QueuedClaim, digest_of, waiting
from workflows.claims.approving.hindrances import hindrances, own_work
from workflows.claims.judging.given_answers import withdraw_answers
from workflows.claims.judging.relief_review import decide_again
from workflows.claims.judging.reversal import reverse
from workflows.claims.judging.revision import resume_revision
from workflows.claims.letters import occasions
from workflows.claims.letters.letters import want_letters
from workflows.claims.paying.difference import lock_open_recoveries, put_right
from workflows.claims.paying.payout import cancel_queued
from workflows.claims.sums.granted_in_books import book_granted, book_taken_back
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import NewRow, any_of, insert_rows
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.people.tampered_accounts import refuse_tampered_accounts
from workflows.people.watched import AskedFor, note_refusal


@dataclass(frozen=True)
class Dropped:
    """A claim that was on the list but not approved, and why."""

    number: str
    reason: str


@dataclass(frozen=True)
class Approved:
    """What an approval came to: `count` and `sum` of what goes on, and the numbers of what waits
    for another approver."""

    approval_id: int | None
    count: int
    sum: Fen
    dropped: tuple[Dropped, ...]
    waits: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewApprovalItem(NewRow):
    """One claim of an approval, with the version that was shown."""

    table = ApprovalItem

    approval_id: int
    claim_id: int
    decision_id: int
    claim_version: int
    amount: Fen
    looks: list[str]
    above: Fen
    asked: int
    nth: int
    ceiling: Fen | None


def approve(
    session: Session,
    office: Office,
    person: User,
    items: Sequence[QueuedClaim],
    named: Collection[QueuedClaim] = (),
) -> Approved:
    """Approve the items as shown; a claim that changed since, or that he made, drops out.

    What is above a limit goes on with the last of the approvers that are asked for.

    What asks for a second look is approved only where the person named it (`named`), not as one of
    a list that was ticked at once.
    """
    require(person, Act.APPROVE)
    refuse_tampered_accounts(session, office, [person.id])
    items = list(dict.fromkeys(items))
    claims = _lock(session, [item.claim_id for item in items])
    lock_open_recoveries(session, claims)
    now = waiting(session, office, any_of(Claim.id, claims))
    as_it_is = {item.claim_id: item for item in now}
    own = own_work(session, office, person, claims.values(), items)
    hindered = hindrances(session, office, person, claims.values(), items, own)
    _note_own_work(session, office, person, own, items)
    reasons = _unnamed(items, named) | hindered | _changed(items, as_it_is)
    dropped = tuple(Dropped(i.number, reasons[i.claim_id]) for i in items if i.claim_id in reasons)
    # As they are now: another one may have approved them since they were shown.
    agreed = [as_it_is[item.claim_id] for item in items if item.claim_id not in reasons]
    if not agreed:
        return Approved(None, 0, Fen(0), dropped)
    approval = _write_down(session, office, person, agreed)
    last, waits = _go_on(session, office, person, approval, claims, agreed)
    total = Fen(sum(item.amount for item in last))
    return Approved(approval.id, len(last), total, dropped, tuple(each.number for each in waits))


def send_back(session: Session, office: Office, person: User, claim: Claim, reason: str) -> None:
    """Return a claim to the clerks with a reason; the right it had reserved is free again."""
    require(person, Act.APPROVE)
    told = told_reason(reason, _("退回时请写明原因"))
    if CLAIM.move("send_back", claim.state) is None:
        raise Refused(_("案件 %(number)s 现在不能退回") % {"number": claim.number})
    cancel_queued(session, claim, office, person)
    resume_revision(session, claim)
    reverse(session, claim, office)
    book_taken_back(session, office, person, claim)
    withdraw_answers(session, claim, office.clock())
    advance(session, claim, "send_back", office, person, reason=told)
    if claim.is_relief:
        decide_again(session, office, person, claim)


def _lock(session: Session, claim_ids: list[int]) -> dict[int, Claim]:
    rows = select(Claim).where(any_of(Claim.id, claim_ids)).order_by(Claim.id).with_for_update()
    # The session may have read these rows before another one changed them.
    fresh = rows.execution_options(populate_existing=True)
    return {claim.id: claim for claim in session.scalars(fresh)}


def _unnamed(items: Sequence[QueuedClaim], named: Collection[QueuedClaim]) -> dict[int, str]:
    told, looked_at = _("有须复看之处，须逐件点名批准"), set(named)
    return {i.claim_id: told for i in items if not (i.is_clean or i in looked_at)}


def _changed(items: Sequence[QueuedClaim], as_it_is: Mapping[int, QueuedClaim]) -> dict[int, str]:
    told = _("列表显示之后已有变动")
    return {i.claim_id: told for i in items if as_it_is.get(i.claim_id) != i}


def _note_own_work(
    session: Session,
    office: Office,
    person: User,
    own: Collection[int],
    items: Sequence[QueuedClaim],
) -> None:
    """Note which claims the person wanted to approve himself though another one has to."""
    for item in items:
        if item.claim_id in own:
            asked = AskedFor.of("approve", {"number": item.number})
            note_refusal(session, office, person.id, OwnWork.why, asked)


def _write_down(
    session: Session, office: Office, person: User, items: Sequence[QueuedClaim]
) -> Approval:
    approval = Approval(
        approver_id=person.id,
        approved_at=office.clock(),
        count=len(items),
        sum=Fen(sum(item.amount for item in items)),
        digest=digest_of(item.key for item in items),
    )
    session.add(approval)
    session.flush()
    ceiling = ceiling_of(ApproverLevel(person.level), office.settings.approval_ceilings)
    rows = [
        NewApprovalItem(
            approval.id,
            item.claim_id,
            item.decision_id,
            item.version,
            item.amount,
            sorted({look.code.value for look in item.looks}),
            item.limit.above,
            # The office may have set fewer since the first of them.
            max(item.limit.approvers, len(item.given) + 1),
            item.written + 1,
            ceiling,
        )
        for item in items
    ]
    try:
        insert_rows(session, rows)
    except IntegrityError as error:
        # The database's own guard: a maker among the approvers, or a version approved twice.
        raise OwnWork(_("审批被数据库约束拒绝：经办与审批必须分离")) from error
    return approval


def _go_on(
    session: Session,
    office: Office,
    person: User,
    approval: Approval,
    claims: Mapping[int, Claim],
    agreed: Sequence[QueuedClaim],
) -> tuple[list[QueuedClaim], list[QueuedClaim]]:
    """Carry out what has all its approvers by now; that, and what waits for another one."""
    last = [item for item in agreed if item.lacks_one_approver]
    waits = [item for item in agreed if not item.lacks_one_approver]
    for item in waits:
        _approve_in_part(session, office, person, claims[item.claim_id], item)
    _carry_out(session, office, person, approval, {claims[item.claim_id]: item for item in last})
    return last, waits


def _approve_in_part(
    session: Session, office: Office, person: User, claim: Claim, item: QueuedClaim
) -> None:
    """Tell on the claim that one of several approved it; it stays where it is."""
    told = {"above": item.limit.above, "asked": item.limit.approvers, "nth": item.written + 1}
    record(
        session,
        claim,
        "approve_in_part",
        office.clock(),
        person.id,
        None,
        None,
        amount=item.amount,
        **told,
    )


def _carry_out(
    session: Session,
    office: Office,
    person: User,
    approval: Approval,
    agreed: Mapping[Claim, QueuedClaim],
) -> None:
    put_right(session, office, person, {c: item.decision_id for c, item in agreed.items()})
    denied = {}
    for claim, item in agreed.items():
        if item.outcome == Outcome.PAY:
            advance(session, claim, "approve", office, person, amount=item.amount)
        else:
            advance(session, claim, "deny", office, person)
            denied[claim] = occasions.of_decision(item.decision_id)
    book_granted(session, office, person, approval, agreed)
    want_letters(session, office, LetterKind.DENIAL_NOTICE, denied)
