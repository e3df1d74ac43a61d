"""Whether a decision may be taken back, and how: it is superseded, and what it reserved is free."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from language import _
from models import (
    Claim,
    Decision,
    Entitlement,
    Payment,
)
from models.states import LIVE_PAYMENT_STATES
from rules.errors import Refused
from rules.verdict import Code
from workflows.claims.judging.given_answers import withdraw_answers
from workflows.claims.judging.limits import give_back
from workflows.claims.judging.revision import is_under_revision
from workflows.claims.sums.bank_doubts import refuse_late_credits
from workflows.engine.office import Office
from workflows.engine.row_stamps import execute_stamped
from workflows.people.claim_makers import Made, lapse


def can_reverse(session: Session, claim: Claim) -> bool:
    """Whether the decision in force may be taken back: nothing is paid, or it is revised."""
    return not _rights_with_money(session, claim) or is_under_revision(session, claim)


def reverse(session: Session, claim: Claim, office: Office) -> None:
    """Supersede the decision in force, if any, and give back what it had reserved.

    Refused while any part has a live payment, or one that came back and that the bank calls
    credited since: what may have been paid is put right, not undone.
    Under revision, which does put it right, the rights that were paid stay as they are until the
    next decision says what becomes of them.
    What a person said of a twin is asked again, since rights that are given back may be taken by
    another claim meanwhile. The caller holds the claim's row lock. The rights are locked as well,
    so that of two acts that would take them back, a correction and a return by the bank for
    instance, the second finds nothing left to give back.
    """
    refuse_late_credits(session, Payment.claim_id == claim.id)
    paid = _rights_with_money(session, claim)
    if paid and not is_under_revision(session, claim):
        raise Refused(_("案件 %(number)s 已有款项付出，核定不能撤回") % {"number": claim.number})
    now = office.clock()
    execute_stamped(
        session,
        update(Decision)
        .where(Decision.claim_id == claim.id, Decision.superseded_at.is_(None))
        .values(superseded_at=now),
    )
    lapse(session, claim, now, Made.DENIAL)
    rights = select(Entitlement).where(
        Entitlement.claim_id == claim.id,
        Entitlement.released_at.is_(None),
        Entitlement.id.not_in(paid),
    )
    for right in session.scalars(rights.order_by(Entitlement.id).with_for_update()):
        give_back(session, right, now)
        withdraw_answers(session, claim, now, Code.DUPLICATE_EVENT)


def _rights_with_money(session: Session, claim: Claim) -> set[int]:
    """The ids of the claim's rights under which money is on its way or has arrived."""
    live = select(Payment.entitlement_id).where(
        Payment.claim_id == claim.id, Payment.state.in_(LIVE_PAYMENT_STATES)
    )
    return set(session.scalars(live))
