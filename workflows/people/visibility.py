"""What a person may see: a unit's clerk sees his own unit and what he handed in himself."""

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Session

from language import _
from models import Claim, Packet, User
from rules.errors import Forbidden
from workflows.people.rights import OFFICE_ROLES


def sees_own_unit_only(person: User) -> bool:
    """Whether the person is a unit clerk without a role of the office."""
    return not OFFICE_ROLES & set(person.roles)


def claims_seen_by(person: User) -> ColumnElement[bool]:
    """The claims of the person's unit, and those that his own packets opened."""
    if not sees_own_unit_only(person):
        return true()
    sent = exists().where(
        Packet.claim_id == Claim.id, Packet.sent_by == person.id, Packet.outcome == "taken"
    )
    return sent if person.unit_id is None else (Claim.unit_id == person.unit_id) | sent


def sees_claim(session: Session, person: User, claim: Claim) -> bool:
    """Whether the claim is one the person may see."""
    query = select(Claim.id).where(Claim.id == claim.id, claims_seen_by(person))
    return session.scalar(query) is not None


def require_claim(session: Session, person: User, claim: Claim) -> None:
    """Raise Forbidden, without telling whose claim it is, unless the person may see it."""
    if not sees_claim(session, person, claim):
        raise Forbidden(_("没有这个案件"))
