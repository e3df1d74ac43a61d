"""Joins a claim to the one that holds its event: the papers go there, and are judged with its."""

from sqlalchemy.orm import Session

from language import _
from models import Claim, User
from rules.errors import Refused
from rules.facts import event_from_json
from workflows.claims.correction import drop_event
from workflows.claims.event import events_of
from workflows.claims.papers_added import copy_papers, take_papers
from workflows.claims.reversal import reverse
from workflows.claims.revision import is_under_revision
from workflows.claims.twins import holder_of
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.claim_makers import note_maker


def join(session: Session, office: Office, person: User, claim: Claim, event: int) -> None:
    """Give the papers to the claim that holds this event; a claim that asks for no other event
    ends with that, another goes on without it.

    Refused where no claim holds the event any more.
    """
    if is_under_revision(session, claim):
        words = {"number": claim.number}
        raise Refused(_("案件 %(number)s 已有决定，正在重新办理，不能并入") % words)
    held = event_from_json(events_of(office, claim)[event])
    target = holder_of(claim, held)
    if target is None:
        raise Refused(_("没有案件取得这一事件的给付权利，不能并入"))
    session.refresh(target, with_for_update=True)
    note_maker(session, target, person)
    if added := copy_papers(session, office, claim, target):
        take_papers(session, office, target, added, person)
    if len(events_of(office, claim)) > 1:
        drop_event(session, office, person, claim, event)
        return
    reverse(session, claim, office)
    advance(session, claim, "join", office, person, joined_to=target.number)
