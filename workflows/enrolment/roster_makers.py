"""Who has had a hand in a roster: such a person does not let it pass."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEvent, Enrolment, User

_MAKING = ("hand_in", "hold", "accept", "note_receipt", "confirm_moves")


def had_a_hand_in(session: Session, enrolment: Enrolment, person: User) -> bool:
    """Whether this person handed the roster in, confirmed moves on it, accepted it, or
    booked its fees."""
    made = select(AuditEvent.seq).where(
        AuditEvent.subject == Enrolment.__tablename__,
        AuditEvent.subject_id == enrolment.id,
        AuditEvent.verb.in_(_MAKING),
        AuditEvent.actor_id == person.id,
    )
    return person.id == enrolment.handed_in_by or session.scalar(made.limit(1)) is not None
