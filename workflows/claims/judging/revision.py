"""Revision (重新办理): a decided claim goes its way again, and only the difference moves.

One way for an objection that was upheld, papers that came late, and a mistake that the office
finds itself. What was paid stays booked and the rights keep their limits until the new decision is
made. Who approved a decision that was objected to does not approve a later one, also where the
office calls it a mistake of its own; who approved one in which the office found a mistake may,
unless he made something that stands in the new one.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from language import _
from models import Claim, Decision, Objection, Payment, Revision, User
from models.machines.claims import CLAIM
from models.states import LIVE_PAYMENT_STATES, UNDER_WAY_STATES, RevisionCause
from rules.errors import BadInput, Refused
from workflows.claims.judging.given_answers import withdraw_answers
from workflows.claims.judging.relief_review import decide_again
from workflows.claims.papers.late_papers import have_been_seen
from workflows.claims.sums.unclaimed import bring_back, state_outside_the_fund
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.claim_makers import Made, lapse, note_maker
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


def reopen(
    session: Session, office: Office, person: User, claim: Claim, cause: str, reason: str
) -> Revision:
    """Send a decided claim its way again, because of late papers or of a mistake."""
    require(person, Act.REVISE)
    if cause not in (RevisionCause.PAPERS, RevisionCause.MISTAKE):
        raise BadInput(_("没有这种重新办理的原因：%(cause)s") % {"cause": cause})
    reason = told_reason(reason, _("请写明重新办理的原因"))
    row = Revision(claim_id=claim.id, cause=cause, reason=reason)
    return _begin(session, office, person, claim, "reopen", row)


def revise_after_objection(
    session: Session, office: Office, person: User, claim: Claim, objection: Objection, reason: str
) -> Revision:
    """Send the claim its way again, because an objection to its decision was upheld."""
    row = Revision(
        claim_id=claim.id,
        cause=RevisionCause.OBJECTION.value,
        objection_id=objection.id,
        reason=reason,
    )
    return _begin(session, office, person, claim, "uphold", row)


def can_reopen(session: Session, claim: Claim) -> bool:
    """Whether the claim is decided, and no payment of it is on its way."""
    is_decided = CLAIM.move("reopen", state_outside_the_fund(claim)) is not None
    return is_decided and not _is_on_its_way(session, claim)


def open_revisions(session: Session, claim_ids: Collection[int]) -> dict[int, Revision]:
    """The open revision of each of these claims that has one, by claim."""
    if not claim_ids:
        return {}
    query = select(Revision).where(
        any_of(Revision.claim_id, claim_ids), Revision.closed_at.is_(None)
    )
    return {revision.claim_id: revision for revision in session.scalars(query)}


def is_under_revision(session: Session, claim: Claim) -> bool:
    """Whether the claim was decided before and waits for its new decision."""
    return bool(open_revisions(session, [claim.id]))


def beside_revisions(session: Session, claim_ids: Collection[int]) -> dict[int, str]:
    """Of each of these claims whose member has another claim, paid and under revision: its number.

    Until the new decision is approved, what it will leave of limits and events is not certain.
    """
    other = aliased(Claim)
    rows = session.execute(
        select(Claim.id, other.number)
        .join(other, (other.member_id == Claim.member_id) & (other.id != Claim.id))
        .join(Revision, (Revision.claim_id == other.id) & Revision.closed_at.is_(None))
        .where(any_of(Claim.id, claim_ids))
        .where(
            select(Payment.id)
            .where(Payment.claim_id == other.id, Payment.state.in_(LIVE_PAYMENT_STATES))
            .exists()
        )
    )
    return dict(rows.all())


def resume_revision(session: Session, claim: Claim) -> None:
    """Open the revision again that led to the decision in force: not all of it is paid yet."""
    decided = select(Decision.id).filter_by(claim_id=claim.id, superseded_at=None)
    query = select(Revision).where(Revision.decision_id == decided.scalar_subquery())
    if revision := session.scalar(query):
        revision.decision_id = revision.closed_at = None
        session.flush()


def _begin(
    session: Session, office: Office, person: User, claim: Claim, verb: str, row: Revision
) -> Revision:
    if _is_on_its_way(session, claim):
        words = {"number": claim.number}
        raise Refused(_("案件 %(number)s 还有付款在途，银行答复之后才能重新办理") % words)
    if claim.is_relief:
        verb = f"{verb}_relief"
    bring_back(session, office, person, claim, row.reason)
    if CLAIM.move(verb, claim.state) is None:
        words = {"state": _(CLAIM.states[claim.state])}
        raise Refused(_("现在是“%(state)s”，不能“重新办理”") % words)
    row.opened_by, row.opened_at = person.id, office.clock()
    session.add(row)
    lapse(session, claim, row.opened_at, Made.DECISION)
    note_maker(session, claim, person, Made.DECISION)
    # A person's answer belongs to the former decision: the questions are asked anew.
    withdraw_answers(session, claim, row.opened_at)
    claim.fence += 1
    have_been_seen(claim)
    advance(session, claim, verb, office, person, reason=row.reason)
    if claim.is_relief:
        decide_again(session, office, person, claim)
    return row


def _is_on_its_way(session: Session, claim: Claim) -> bool:
    """Whether a payment of the claim may yet arrive. What came back was not paid: it is owed again
    as far as the new decision grants it."""
    query = select(Payment.id).where(
        Payment.claim_id == claim.id, Payment.state.in_(UNDER_WAY_STATES)
    )
    return session.scalar(query.limit(1)) is not None
