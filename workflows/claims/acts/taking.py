"""Who has which claim on his desk (经手中), so that two clerks do not check the same one.

Taking reserves nothing: a save is guarded by what the form showed. A claim on which nobody worked
for ten minutes is free again, and what was typed about it stays in the browser where it was typed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from language import _
from models import Claim, TakenClaim, User
from models.states import ClaimState
from rules.errors import Refused
from workflows.claims.acts.correction import can_correct
from workflows.engine.office import BEIJING, Office
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, may, require
from workflows.people.visibility import claims_seen_by

IDLE = timedelta(minutes=10)
"""After so long without work a claim is free again."""


@dataclass(frozen=True)
class DeskHolder:
    """Who has the claim, and since when."""

    user_id: int
    name: str
    taken_at: datetime


def holders(session: Session, office: Office, claim_ids: Collection[int]) -> dict[int, DeskHolder]:
    """Who works on these claims just now; a claim that is free is not in it."""
    query = select(TakenClaim).where(TakenClaim.claim_id.in_(claim_ids), _is_busy(office))
    rows = session.scalars(query.options(joinedload(TakenClaim.user)))
    return {row.claim_id: DeskHolder(row.user_id, row.user.name, row.taken_at) for row in rows}


def another_holder(
    session: Session, office: Office, person: User, claim: Claim
) -> DeskHolder | None:
    """The other person who works on the claim just now; None if it is free or the person's own."""
    holder = holders(session, office, [claim.id]).get(claim.id)
    return holder if holder and holder.user_id not in own_accounts(session, person) else None


def take(session: Session, office: Office, person: User, claim: Claim) -> None:
    """Put the claim on the person's desk, or note that he still works on it; Refused, with the
    name, while another works on it. The caller has locked the claim."""
    require(person, Act.CORRECT)
    if holder := another_holder(session, office, person, claim):
        since = holder.taken_at.astimezone(BEIJING).strftime("%H:%M")
        words = {"name": holder.name, "at": since}
        raise Refused(_("%(name)s从 %(at)s 起正在办理此案") % words)
    now = office.clock()
    row = {"claim_id": claim.id, "user_id": person.id, "taken_at": now, "worked_at": now}
    kept = TakenClaim.taken_at
    fresh = insert(TakenClaim).values(row)
    is_own = TakenClaim.user_id == person.id
    had = session.scalar(select(kept).where(TakenClaim.claim_id == claim.id, is_own))
    since_then = {"user_id": person.id, "taken_at": had or now, "worked_at": now}
    session.execute(fresh.on_conflict_do_update(index_elements=["claim_id"], set_=since_then))


def note_work(session: Session, office: Office, person: User, claim: Claim) -> None:
    """Whoever corrects a claim that is free has it on his desk from then on."""
    if not may(person, Act.CORRECT) or not can_correct(claim):
        return
    if another_holder(session, office, person, claim) is None:
        take(session, office, person, claim)


def put_down(session: Session, person: User, claim: Claim) -> None:
    """The person does not work on the claim any more."""
    own = TakenClaim.user_id.in_(own_accounts(session, person))
    session.execute(delete(TakenClaim).where(TakenClaim.claim_id == claim.id, own))


def take_oldest(
    session: Session, office: Office, person: User, after: Claim | None = None
) -> Claim | None:
    """Take the claim in question that has waited longest and that nobody else works on; None if
    there is none. With `after` only one that came later than it: who skips one does not see it
    again in the same round."""
    require(person, Act.CORRECT)
    others = select(TakenClaim.claim_id).where(
        _is_busy(office), TakenClaim.user_id.not_in(own_accounts(session, person))
    )
    query = select(Claim).where(
        Claim.state == ClaimState.IN_QUESTION,
        Claim.parked_at.is_(None),
        Claim.id.not_in(others),
        claims_seen_by(person),
    )
    if after is not None:
        query = query.where(tuple_(Claim.received_at, Claim.id) > (after.received_at, after.id))
    query = query.order_by(Claim.received_at, Claim.id).limit(1)
    # Two who start at once do not wait for each other: the second takes the next one.
    found = session.scalar(query.with_for_update(skip_locked=True, of=Claim))
    if found is not None:
        take(session, office, person, found)
    return found


def _is_busy(office: Office) -> ColumnElement[bool]:
    return TakenClaim.worked_at > office.clock() - IDLE
