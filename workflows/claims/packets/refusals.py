"""Packets that could not be taken in, until somebody of the office has looked at why."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Packet, User
from workflows.claims.packets.intake import REFUSED
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.rights import Act, require

ALL_REFUSALS = Packet.outcome == REFUSED
UNSEEN_REFUSAL = ALL_REFUSALS & Packet.seen_at.is_(None)
"""What is counted, shown and told to a monitor."""


def see_refusals(
    session: Session, office: Office, person: User, packet_ids: Collection[int]
) -> None:
    """Note that the person has looked at these packets; those that were seen before stay as they
    are."""
    require(person, Act.CORRECT)
    unseen = select(Packet).where(Packet.id.in_(packet_ids), UNSEEN_REFUSAL).order_by(Packet.id)
    for packet in session.scalars(unseen.with_for_update()):
        packet.seen_at = office.clock()
        record(session, packet, "see_refusal", office.clock(), person.id)
