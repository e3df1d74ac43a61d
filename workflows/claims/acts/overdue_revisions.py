"""Revisions that wait for people too long: a supervisor ends them, by what the papers show or by a
proposed denial."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from language import _
from models import Claim, Revision, User
from models.states import ClaimState
from rules.errors import Refused
from workflows.claims.acts.correction import accept_as_it_is, check_again, may_be_accepted
from workflows.claims.acts.resting import LONGEST_HOLD_DAYS
from workflows.claims.judging.revision import open_revisions
from workflows.engine.office import BEIJING, Office
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require

_TERM = timedelta(days=LONGEST_HOLD_DAYS)
"""How long a claim may wait for people after it was reopened: as long as it may be held."""

_WITH_PEOPLE = (
    ClaimState.INCOMPLETE,
    ClaimState.IN_QUESTION,
    ClaimState.REFERRED,
    ClaimState.HELD,
)


def waits_under_revision() -> ColumnElement[bool]:
    """The claim was decided before, and people have to do something before it is decided anew."""
    opened = select(Revision.id).where(Revision.claim_id == Claim.id, Revision.closed_at.is_(None))
    return Claim.state.in_(_WITH_PEOPLE) & opened.exists()


def oldest_revision(session: Session) -> tuple[int, date | None]:
    """How many claims wait under revision, and the last day of the one that was reopened first."""
    waiting = select(func.count(), func.min(Revision.opened_at)).join(
        Claim, Claim.id == Revision.claim_id
    )
    count, since = session.execute(
        waiting.where(Revision.closed_at.is_(None), Claim.state.in_(_WITH_PEOPLE))
    ).one()
    return count, _last_day(since) if since else None


def end_by(session: Session, claim: Claim) -> date | None:
    """The last day on which the claim may wait for people; None where it does not wait so."""
    revision = open_revisions(session, [claim.id]).get(claim.id)
    if revision is None or claim.state not in _WITH_PEOPLE:
        return None
    return _last_day(revision.opened_at)


def _last_day(opened_at: datetime) -> date:
    return opened_at.astimezone(BEIJING).date() + _TERM


def can_end(session: Session, office: Office, claim: Claim) -> bool:
    """Whether the term is over and the claim waits for papers or answers of its check."""
    last = end_by(session, claim)
    asked = (ClaimState.INCOMPLETE, ClaimState.IN_QUESTION)
    return last is not None and office.today() > last and claim.state in asked


def end(session: Session, office: Office, person: User, claim: Claim, reason: str) -> None:
    """Have the claim judged by what is there: what the check still wants is wanted no longer.

    Who ends it cannot approve it. What must be keyed or shown by a paper is not waived; then the
    claim is proposed to be denied.
    """
    require(person, Act.APPROVE)
    if not can_end(session, office, claim):
        words = {"number": claim.number}
        raise Refused(_("案件 %(number)s 不是逾期未了结的重新办理") % words)
    reason = told_reason(reason, _("请写明原因"))
    wanted = [finding for finding in claim.findings if not finding.closed_at]
    if not all(map(may_be_accepted, wanted)):
        raise Refused(_("还有须录入的值或须提交的死亡证明：由经办补齐，或提请不予给付"))
    for finding in wanted:
        accept_as_it_is(session, office, person, claim, finding, reason)
    check_again(session, office, person, claim)
