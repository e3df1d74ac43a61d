"""Late papers (后补材料): they came after the decision. A clerk says why they change nothing in it,
and a supervisor agrees; or the claim goes its way again because of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from language import _
from models import Approval, ApprovalItem, Claim, User
from rules.errors import OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.claim_makers import Made, note_maker
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


def wait_for_a_look(claim: Claim, at: datetime) -> None:
    """Papers came: what was proposed about earlier ones was said without knowing these."""
    claim.late_papers_at = at
    claim.let_stand_by = claim.let_stand_reason = None


def have_been_seen(claim: Claim) -> None:
    """No papers of the claim wait to be looked at any more."""
    claim.late_papers_at = claim.let_stand_by = claim.let_stand_reason = None


def unseen_beside(session: Session, claim_ids: Collection[int]) -> Mapping[int, list[str]]:
    """By claim, that another claim of its member has papers no person has looked at: they may say
    that he has died."""
    other = aliased(Claim)
    rows = session.execute(
        select(Claim.id, other.number)
        .join(other, (other.member_id == Claim.member_id) & (other.id != Claim.id))
        .where(any_of(Claim.id, claim_ids), other.late_papers_at.is_not(None))
        .order_by(Claim.id, other.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for claim_id, number in rows:
        found[claim_id].append(_("本人另案 %(number)s 有未审阅的后补材料") % {"number": number})
    return found


def unseen_since_approved(
    session: Session, decision_ids: Collection[int]
) -> Mapping[int, list[str]]:
    """By decision, the claims of its member with papers that came after its last approval and that
    no person has looked at; the claim itself is one of them."""
    approved = (
        select(
            ApprovalItem.decision_id,
            ApprovalItem.claim_id,
            func.max(Approval.approved_at).label("at"),
        )
        .join(Approval, Approval.id == ApprovalItem.approval_id)
        .where(any_of(ApprovalItem.decision_id, decision_ids))
        .group_by(ApprovalItem.decision_id, ApprovalItem.claim_id)
        .subquery()
    )
    other = aliased(Claim)
    rows = session.execute(
        select(approved.c.decision_id, other.number)
        .join(Claim, Claim.id == approved.c.claim_id)
        .join(other, other.member_id == Claim.member_id)
        .where(other.late_papers_at >= approved.c.at)
        .order_by(approved.c.decision_id, other.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for decision_id, number in rows:
        found[decision_id].append(number)
    return found


def propose_let_stand(
    session: Session, office: Office, person: User, claim: Claim, reason: str
) -> None:
    """Say why the papers that came after the decision change nothing in it; a supervisor must
    agree before they are no longer shown."""
    require(person, Act.REVISE)
    if claim.late_papers_at is None:
        raise Refused(_("案件 %(number)s 没有待审阅的后补材料") % {"number": claim.number})
    if claim.let_stand_by is not None:
        words = {"number": claim.number}
        raise Refused(_("案件 %(number)s 已提请后补材料不影响决定，待审批人员确认") % words)
    told = told_reason(reason, _("请写明后补材料为什么不影响决定"))
    note_maker(session, claim, person, Made.DECISION)
    claim.let_stand_by, claim.let_stand_reason = person.id, told
    record(session, claim, "propose_let_stand", office.clock(), person.id, reason=told)


def let_stand(session: Session, office: Office, person: User, claim: Claim) -> None:
    """Agree that the papers change nothing; Refused to the one who proposed it."""
    _require_proposal(person, claim)
    if claim.let_stand_by in own_accounts(session, person):
        raise OwnWork(_("提请的人不能自己确认，须由另一人确认"))
    note_maker(session, claim, person, Made.DECISION)
    by, reason = claim.let_stand_by, claim.let_stand_reason
    have_been_seen(claim)
    record(session, claim, "let_stand", office.clock(), person.id, by=by, reason=reason)


def refuse_let_stand(session: Session, office: Office, person: User, claim: Claim) -> None:
    """Disagree: the papers wait for a person to look at them again."""
    _require_proposal(person, claim)
    claim.let_stand_by = claim.let_stand_reason = None
    record(session, claim, "refuse_let_stand", office.clock(), person.id)


def _require_proposal(person: User, claim: Claim) -> None:
    require(person, Act.LET_STAND)
    if claim.let_stand_by is None:
        words = {"number": claim.number}
        raise Refused(_("案件 %(number)s 没有待确认的“后补材料不影响决定”") % words)
