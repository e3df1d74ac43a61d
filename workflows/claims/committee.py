"""What the committee decided on second relief is looked at again: its claim was sent back or is put
right, or the claim that it followed was decided anew."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import Claim, Relief, User
from models.states import ReliefState
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


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


def keep(session: Session, office: Office, person: User, relief: Relief, reason: str) -> None:
    """Say why what was granted stays as it is, although the claim it followed was decided anew."""
    require(person, Act.DECIDE_RELIEF)
    session.refresh(relief, with_for_update=True)
    if relief.look_again_for is None:
        raise Refused(_("申请 %(number)s 没有待复看的决定") % {"number": relief.number})
    reason = told_reason(reason, _("请写明维持救助决定的原因"))
    relief.look_again_for = None
    record(session, relief, "keep", office.clock(), person.id, reason=reason)
