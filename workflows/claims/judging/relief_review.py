"""What the committee decided on second relief is looked at again: its claim was sent back or is put
right, or the claim that it followed was decided anew."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import AuditEvent, Claim, Relief, Revision, User
from models.states import ClaimState, ReliefState, RevisionCause
from rules.errors import OwnWork, Refused
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.claim_makers import made_by
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require

# Where a claim is whose decision in force pays.
_GRANTED = (
    ClaimState.APPROVED,
    ClaimState.PAYABLE,
    ClaimState.SENT,
    ClaimState.PAID,
    ClaimState.RETURNED,
    ClaimState.NEW_PAPERS,
    ClaimState.WRITTEN_TO_FUND,
)


def decide_again(session: Session, office: Office, person: User, claim: Claim) -> None:
    """Put the application that this claim pays before the committee again."""
    relief = session.scalars(select(Relief).filter_by(claim_id=claim.id).with_for_update()).one()
    other = select(Relief.number).where(
        Relief.after_claim_id == relief.after_claim_id,
        Relief.id != relief.id,
        Relief.state.in_((ReliefState.APPLIED, ReliefState.GRANTED)),
    )
    if number := session.scalar(other):
        words = {"claim": relief.after_claim.number, "number": number}
        raise Refused(_("案件 %(claim)s 已有二次救助申请 %(number)s") % words)
    relief.granted = relief.met_on = relief.minutes = relief.look_again_for = None
    advance(session, relief, "reopen", office, person)


def put_in_doubt(
    session: Session, office: Office, person: User, changed: Mapping[int, int]
) -> None:
    """The sums of these claims have changed, by claim and decision: relief that was granted after
    one of them is for the committee to look at again."""
    if not changed:
        return
    granted = select(Relief).where(
        any_of(Relief.after_claim_id, changed.keys()), Relief.state == ReliefState.GRANTED
    )
    for relief in session.scalars(granted.with_for_update()):
        relief.look_again_for = changed[relief.after_claim_id]
        after = relief.after_claim.number
        record(session, relief, "put_in_doubt", office.clock(), person.id, after=after)


def in_doubt(session: Session, claim_ids: Collection[int]) -> set[int]:
    """Those of these claims that pay relief which the committee has to look at again."""
    query = select(Relief.claim_id).where(
        any_of(Relief.claim_id, claim_ids), Relief.look_again_for.is_not(None)
    )
    return {id_ for id_ in session.scalars(query) if id_ is not None}


def keep(session: Session, office: Office, person: User, relief: Relief, reason: str) -> None:
    """Say why what was granted stays as it is, although the claim it followed was decided anew.

    Refused to everyone who had a part in the grant, and where that claim pays nothing any more.
    """
    require(person, Act.DECIDE_RELIEF)
    session.refresh(relief, with_for_update=True)
    if relief.look_again_for is None:
        raise Refused(_("申请 %(number)s 没有待复看的决定") % {"number": relief.number})
    _refuse_makers(session, person, relief)
    if relief.after_claim.state not in _GRANTED:
        words = {"claim": relief.after_claim.number}
        raise Refused(_("原案件 %(claim)s 现在没有给付，救助不能维持，须重新决定") % words)
    reason = told_reason(reason, _("请写明维持救助决定的原因"))
    relief.look_again_for = None
    record(session, relief, "keep", office.clock(), person.id, reason=reason)


def refuse_overturned(session: Session, person: User, relief: Relief) -> None:
    """R29: who recorded a decision that an objection overturned does not record a later one."""
    overturned = (
        select(AuditEvent.seq)
        .join(Revision, Revision.opened_at >= AuditEvent.at)
        .where(
            AuditEvent.subject == Relief.__tablename__,
            AuditEvent.subject_id == relief.id,
            AuditEvent.verb.in_(("grant", "refuse")),
            AuditEvent.actor_id.in_(own_accounts(session, person)),
            Revision.claim_id == relief.claim_id,
            Revision.cause == RevisionCause.OBJECTION,
        )
    )
    if session.scalar(overturned.limit(1)) is not None:
        raise OwnWork(_("本人记录的决定经异议成立，重新决定须由他人记录"))


def _refuse_makers(session: Session, person: User, relief: Relief) -> None:
    assert relief.claim_id is not None
    if made_by(session, person, [relief.claim_id]):
        raise OwnWork(_("本人申请或记录过这项救助，是否维持须由他人决定"))
