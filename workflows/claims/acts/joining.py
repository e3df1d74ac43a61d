"""Joins a claim to the one that holds its event: the papers go there, and are judged with its."""

from sqlalchemy.orm import Session

from language import _
from models import Answer, Claim, User
from models.machines.claims import CLAIM
from models.states import ClaimState
from rules.errors import OwnWork, Refused
from rules.facts.case import event_from_json
from rules.questions import Makes
from workflows.claims.acts.papers_added import hand_over
from workflows.claims.acts.told_events import leave_out
from workflows.claims.events.event import events_of
from workflows.claims.judging.given_answers import withdraw_answers
from workflows.claims.judging.reversal import reverse
from workflows.claims.judging.revision import is_under_revision
from workflows.claims.judging.twins import holder_of
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.claim_makers import Made, note_maker
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, may, require
from workflows.sealed_values.decisions import why_of


def holder_to_join(session: Session, office: Office, claim: Claim, event: int) -> Claim:
    """The other claim that holds this event; Refused where there is none any more."""
    if is_under_revision(session, claim):
        words = {"number": claim.number}
        raise Refused(_("案件 %(number)s 已有决定，正在重新办理，不能并入") % words)
    target = holder_of(session, claim, event_from_json(events_of(office, claim)[event]))
    if target is None:
        raise Refused(_("没有案件取得这一事件的给付权利，不能并入"))
    return target


def join(
    session: Session, office: Office, person: User, claim: Claim, event: int, given: Answer
) -> None:
    """Give the papers to the claim that holds the event of this place, as one person answered and
    this one agreed to; a claim that asks for no other event ends with that, another goes on
    without it.
    """
    target = holder_to_join(session, office, claim, event)
    session.refresh(target, with_for_update=True)
    for joiner in (session.get_one(User, given.answered_by), person):
        note_maker(session, target, joiner, Made.PAPERS)
    reason = why_of(given)
    hand_over(session, office, claim, target, person, given.answered_by, reason)
    if len(events_of(office, claim)) > 1:
        leave_out(session, office, person, claim, event, reason)
        return
    reverse(session, claim, office)
    advance(session, claim, "join", office, person, joined_to=target.number, reason=reason)


def leave(session: Session, office: Office, person: User, claim: Claim, reason: str) -> None:
    """Have a joined claim go its own way again, by somebody who did not join it.

    Its papers stay with the other claim too. Whether the event is that claim's is asked anew as
    long as the other one holds it, so that it is not paid twice.
    """
    require(person, Act.ANSWER)
    if CLAIM.move("leave", claim.state) is None:
        words = {"number": claim.number, "state": _(CLAIM.states[claim.state])}
        raise Refused(_("案件 %(number)s 现在是“%(state)s”，不能这样办理") % words)
    told = told_reason(reason, _("请写明原因"))
    if own_accounts(session, person) & _joined_by(claim):
        raise OwnWork(_("并入须由另一人撤销，不能由答复或确认并入的人撤销"))
    withdraw_answers(session, claim, office.clock())
    note_maker(session, claim, person, Made.DECISION)
    claim.fence += 1
    advance(session, claim, "leave", office, person, reason=told)


def may_leave(session: Session, person: User, claim: Claim) -> bool:
    """Whether this person can have a joined claim go its own way again."""
    is_joined = claim.state == ClaimState.JOINED
    if not is_joined or not may(person, Act.ANSWER):
        return False
    return own_accounts(session, person).isdisjoint(_joined_by(claim))


def _joined_by(claim: Claim) -> set[int | None]:
    """Who answered that the claim belongs to another one, and who agreed."""
    return {
        person
        for each in claim.answers
        if each.withdrawn_at is None and each.chosen.makes is Makes.JOIN
        for person in (each.answered_by, each.confirmed_by)
    }
