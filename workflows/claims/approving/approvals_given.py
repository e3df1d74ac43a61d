"""Who has approved a claim already that waits for more approvers: its sum is above a limit."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Approval, ApprovalItem, Claim, User
from models.states import ClaimState
from workflows.engine.rows import any_of
from workflows.people.persons import own_accounts

Shown = tuple[int, int]
"""A claim and its version: what is approved counts for this version alone."""


def approvers_of(session: Session, shown: Collection[Shown]) -> Mapping[Shown, tuple[str, ...]]:
    """By claim and version, the names of who approved it so far, in their order."""
    query = (
        select(ApprovalItem.claim_id, ApprovalItem.claim_version, User.name)
        .join(Approval, Approval.id == ApprovalItem.approval_id)
        .join(User, User.id == Approval.approver_id)
        .join(Claim, Claim.id == ApprovalItem.claim_id)
        .where(any_of(ApprovalItem.claim_id, [claim_id for claim_id, _version in shown]))
        .where(Claim.state == ClaimState.PROPOSED)
        .order_by(ApprovalItem.nth)
    )
    found: defaultdict[Shown, list[str]] = defaultdict(list)
    for claim_id, version, name in session.execute(query):
        found[claim_id, version].append(name)
    return {each: tuple(found[each]) for each in shown}


def approved_by(session: Session, person: User, shown: Collection[Shown]) -> set[int]:
    """Those of these claims that the person has approved as they are shown."""
    query = (
        select(ApprovalItem.claim_id, ApprovalItem.claim_version)
        .join(Approval, Approval.id == ApprovalItem.approval_id)
        .where(any_of(ApprovalItem.claim_id, [claim_id for claim_id, _version in shown]))
        .where(Approval.approver_id.in_(own_accounts(session, person)))
    )
    as_shown = set(shown)
    return {id_ for id_, version in session.execute(query) if (id_, version) in as_shown}
