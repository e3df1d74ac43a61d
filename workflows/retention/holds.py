"""Legal holds (保全): what is held is not erased, whatever its age. Two persons, with a reason."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import Claim, LegalHold, Member, User
from rules.errors import OwnWork, Refused
from workflows.engine.erased import require_kept
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.turns import OneAtATime, wait_for
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


def ask_for_hold(
    session: Session, office: Office, person: User, held: Member | Claim, reason: str
) -> LegalHold:
    """Hold everything of the member or the claim from now on; another person confirms it."""
    require(person, Act.HOLD_RECORDS)
    reason = told_reason(reason, _("请写明保全的原因和依据"))
    # Whatever is being erased, of whomever, is erased first: it may name this member too.
    wait_for(session, OneAtATime.HOLD_OR_ERASE)
    session.refresh(held, with_for_update=True)
    require_kept(held)
    is_member = isinstance(held, Member)
    hold = LegalHold(
        member_id=held.id if is_member else None,
        claim_id=None if is_member else held.id,
        asked_by=person.id,
        asked_at=office.clock(),
        version=0,
    )
    session.add(hold)
    session.flush()
    record(session, hold, "ask_for_hold", office.clock(), person.id, reason=reason)
    return hold


def confirm_hold(session: Session, office: Office, person: User, hold_id: int) -> None:
    """Say as a second person that what is held is to be held."""
    require(person, Act.HOLD_RECORDS)
    hold = _in_force(session, hold_id)
    if hold.confirmed_by is not None:
        raise Refused(_("保全 %(id)s 已由第二人确认") % {"id": hold_id})
    if hold.asked_by in own_accounts(session, person):
        raise OwnWork(_("提请保全的人不能自己确认，须由另一人办理"))
    hold.confirmed_by = person.id
    record(session, hold, "confirm_hold", office.clock(), person.id)


def ask_to_lift(session: Session, office: Office, person: User, hold_id: int, reason: str) -> None:
    """Propose that the hold ends; it counts until another person agrees."""
    require(person, Act.HOLD_RECORDS)
    hold = _in_force(session, hold_id)
    hold.lift_asked_by = person.id
    reason = told_reason(reason, _("请写明解除保全的原因"))
    record(session, hold, "ask_to_lift", office.clock(), person.id, reason=reason)


def lift(session: Session, office: Office, person: User, hold_id: int) -> None:
    """Agree as a second person that the hold ends."""
    require(person, Act.HOLD_RECORDS)
    hold = _in_force(session, hold_id)
    if hold.lift_asked_by is None:
        raise Refused(_("还没有人提请解除保全 %(id)s") % {"id": hold_id})
    if hold.lift_asked_by in own_accounts(session, person):
        raise OwnWork(_("提请解除保全的人不能自己同意，须由另一人办理"))
    hold.lifted_by, hold.lifted_at = person.id, office.clock()
    record(session, hold, "lift_hold", office.clock(), person.id)


def _in_force(session: Session, hold_id: int) -> LegalHold:
    query = select(LegalHold).where(LegalHold.id == hold_id, LegalHold.lifted_at.is_(None))
    hold = session.scalar(query.with_for_update())
    if hold is None:
        raise Refused(_("没有生效中的保全 %(id)s") % {"id": hold_id})
    return hold
