"""A claim that goes no further for now or for good: held until a day, resumed, withdrawn."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from language import _
from models import Claim, User
from models.machines.claims import CLAIM
from rules.errors import BadInput, Refused
from workflows.claims.correction import check_again, require_may_undo
from workflows.claims.reversal import reverse
from workflows.claims.revision import is_under_revision
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people import visibility
from workflows.people.claim_makers import Made, lapse, note_maker
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require

LONGEST_HOLD_DAYS = 90
"""How long a claim may be held at once."""


def hold(
    session: Session, office: Office, person: User, claim: Claim, reason: str, look_again_on: date
) -> None:
    """Leave the claim alone until a day after today; what it had reserved is free again."""
    require(person, Act.HOLD)
    _refuse_unless(claim, "hold")
    require_may_undo(person, claim)
    if look_again_on <= office.today():
        words = {"day": look_again_on, "today": office.today()}
        raise BadInput(_("再看日期 %(day)s 须晚于今天 %(today)s") % words)
    last = office.today() + timedelta(days=LONGEST_HOLD_DAYS)
    if look_again_on > last:
        most = {"day": str(look_again_on), "days": LONGEST_HOLD_DAYS, "last": str(last)}
        raise BadInput(_("再看日期 %(day)s 太晚：最多搁置 %(days)s 天，最晚为 %(last)s") % most)
    told = told_reason(reason, _("请写明原因"))
    reverse(session, claim, office)
    claim.look_again_on = look_again_on
    day = look_again_on.isoformat()
    advance(session, claim, "hold", office, person, reason=told, look_again_on=day)


def resume(session: Session, office: Office, person: User, claim: Claim) -> None:
    """Have a claim that was held or withdrawn checked again."""
    require(person, Act.HOLD)
    _refuse_unless(claim, "resume")
    lapse(session, claim, office.clock(), Made.WITHDRAWAL)
    check_again(session, office, person, claim, verb="resume")


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
