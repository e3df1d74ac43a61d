"""Who has approved a claim already that waits for more approvers: its sum is above a limit."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from models import Approval, ApprovalItem, Claim, KnownDeath, Maker, User
from models.states import ClaimState
from workflows.engine.rows import any_of
from workflows.people.persons import own_accounts

Shown = tuple[int, int]
"""A claim and its version: what is approved counts for this version alone."""


@dataclass(frozen=True)
class Given:
    """The approvals of what is shown: the names of the persons whose approval counts, in their
    order, and how many approvals there are, those that count no more among them."""

    names: tuple[str, ...]
    written: int


def approvers_of(session: Session, shown: Collection[Shown]) -> Mapping[Shown, Given]:
    """By claim and version, who approved it so far.

    An approval counts while its person could still give it: he may have become a maker since
    without a change of the claim, or turned out to be one person with another approver.
    """
    query = (
        select(
            ApprovalItem.claim_id,
            ApprovalItem.claim_version,
            User.name,
            User.staff_number,
            _had_a_part().label("had_a_part"),
        )
        .join(Approval, Approval.id == ApprovalItem.approval_id)
        .join(User, User.id == Approval.approver_id)
        .join(Claim, Claim.id == ApprovalItem.claim_id)
        .where(any_of(ApprovalItem.claim_id, [claim_id for claim_id, _version in shown]))
        .where(Claim.state == ClaimState.PROPOSED)
        .order_by(ApprovalItem.nth)
    )
    written: Counter[Shown] = Counter()
    persons: defaultdict[Shown, dict[str, str]] = defaultdict(dict)
    for claim_id, version, name, staff_number, had_a_part in session.execute(query):
        written[claim_id, version] += 1
        if not had_a_part:
            persons[claim_id, version].setdefault(staff_number, name)
    return {each: Given(tuple(persons[each].values()), written[each]) for each in shown}


def _had_a_part() -> ColumnElement[bool]:
    """Whether the approver, by any account, is a maker of the claim by now or had a part in taking
    back its member's death."""
    account = aliased(User)
    is_own = account.staff_number == User.staff_number
    made = exists().where(
        is_own,
        Maker.claim_id == Claim.id,
        Maker.user_id == account.id,
        Maker.lapsed_at.is_(None),
    )
    took_back = exists().where(
        is_own,
        KnownDeath.member_id == Claim.member_id,
        KnownDeath.taken_back_at.is_not(None),
        account.id.in_((KnownDeath.doubted_by, KnownDeath.taken_back_by)),
    )
    return made | took_back


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
