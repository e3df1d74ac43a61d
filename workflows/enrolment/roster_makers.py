"""Who has had a hand in a roster: such a person does not let it pass."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEvent, Enrolment, User
from workflows.people.persons import own_accounts

_MAKING = ("hand_in", "hold", "accept", "note_receipt", "confirm_moves")


def had_a_hand_in(session: Session, enrolment: Enrolment, person: User) -> bool:
    """Whether this person handed the roster in, confirmed moves on it, accepted it, or
    booked its fees."""
    accounts = own_accounts(session, person)
    made = select(AuditEvent.seq).where(
        AuditEvent.subject == Enrolment.__tablename__,
        AuditEvent.subject_id == enrolment.id,
        AuditEvent.verb.in_(_MAKING),
        AuditEvent.actor_id.in_(accounts),
    )
    handed_in = enrolment.handed_in_by in accounts
    return handed_in or session.scalar(made.limit(1)) is not None
