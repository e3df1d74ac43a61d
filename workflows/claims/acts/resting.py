"""A claim that goes no further for now or for good: held until a day, resumed, withdrawn."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import Claim, Revision, User
from models.machines.claims import CLAIM
from models.states import ClaimState
from rules.errors import BadInput, Refused
from workflows.claims.acts.correction import check_again, require_may_undo
from workflows.claims.judging.reversal import reverse
from workflows.claims.judging.revision import is_under_revision, open_revisions
from workflows.claims.papers.divided import refuse_divided
from workflows.engine.moves import advance
from workflows.engine.office import BEIJING, Office
from workflows.people import visibility
from workflows.people.claim_makers import Made, lapse, note_maker
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require

LONGEST_HOLD_DAYS = 90
"""How long a claim may be held at once, and one that was decided before from its reopening on."""


def hold(
    session: Session, office: Office, person: User, claim: Claim, reason: str, look_again_on: date
) -> None:
    """Leave the claim alone until a day after today; what it had reserved is free again.

    A claim under revision has its money or its denial waiting: its holds together end so many days
    after it was reopened, each on its day by itself.
    """
    require(person, Act.HOLD)
    _refuse_unless(claim, "hold")
    require_may_undo(person, claim)
    if look_again_on <= office.today():
        words = {"day": look_again_on, "today": office.today()}
        raise BadInput(_("再看日期 %(day)s 须晚于今天 %(today)s") % words)
    _refuse_too_long(session, office, claim, look_again_on)
    told = told_reason(reason, _("请写明原因"))
    reverse(session, claim, office)
    claim.look_again_on = look_again_on
    day = look_again_on.isoformat()
    advance(session, claim, "hold", office, person, reason=told, look_again_on=day)


def resume(session: Session, office: Office, person: User, claim: Claim) -> None:
    """Have a claim that was held or withdrawn checked again."""
    require(person, Act.HOLD)
    _refuse_unless(claim, "resume")
    refuse_divided(session, claim)
    lapse(session, claim, office.clock(), Made.WITHDRAWAL)
    check_again(session, office, person, claim, verb="resume")


def end_holds(office: Office) -> int:
    """Have decided claims that were held go on whose day has come; how many."""
    with office.sessions.unit_of_work() as session:
        revised = Revision.claim_id == Claim.id, Revision.closed_at.is_(None)
        held = select(Claim).where(
            Claim.state == ClaimState.HELD,
            Claim.look_again_on <= office.today(),
            select(Revision.id).where(*revised).exists(),
        )
        due = session.scalars(held.order_by(Claim.id).with_for_update()).all()
        for claim in due:
            check_again(session, office, None, claim, verb="resume")
        return len(due)


def _refuse_too_long(session: Session, office: Office, claim: Claim, look_again_on: date) -> None:
    most = timedelta(days=LONGEST_HOLD_DAYS)
    words = {"day": str(look_again_on), "days": LONGEST_HOLD_DAYS}
    last = office.today() + most
    if look_again_on > last:
        words["last"] = str(last)
        raise BadInput(_("再看日期 %(day)s 太晚：最多搁置 %(days)s 天，最晚为 %(last)s") % words)
    revision = open_revisions(session, [claim.id]).get(claim.id)
    if revision is None:
        return
    last = revision.opened_at.astimezone(BEIJING).date() + most
    if look_again_on > last:
        words["last"] = str(last)
        too_late = _(
            "再看日期 %(day)s 太晚：重新办理的案件自重新办理起最多搁置 %(days)s 天，最晚为 %(last)s"
        )
        raise BadInput(too_late % words)


def withdraw(session: Session, office: Office, person: User, claim: Claim, reason: str) -> None:
    """Take the claim back for the unit before it is approved; Refused once money is out."""
    require(person, Act.WITHDRAW)
    visibility.require_claim(session, person, claim)
    _refuse_unless(claim, "withdraw")
    require_may_undo(person, claim)
    if is_under_revision(session, claim):
        raise Refused(
            _("案件 %(number)s 已有决定，正在重新办理，不能撤回") % {"number": claim.number}
        )
    told = told_reason(reason, _("请写明原因"))
    reverse(session, claim, office)
    note_maker(session, claim, person, Made.WITHDRAWAL)
    claim.look_again_on = None
    # A worker that is reading its pages can no longer record them.
    claim.fence += 1
    advance(session, claim, "withdraw", office, person, reason=told)


def _refuse_unless(claim: Claim, verb: str) -> None:
    if claim.is_relief:
        raise Refused(_("二次救助由评审会决定"))
    if CLAIM.move(verb, claim.state) is None:
        words = {"number": claim.number, "state": _(CLAIM.states[claim.state])}
        raise Refused(_("案件 %(number)s 现在是“%(state)s”，不能这样办理") % words)
