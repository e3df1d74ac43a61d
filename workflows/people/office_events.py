"""Events of the office as a whole, which are about no claim, unit or account."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Installation, User
from workflows.engine.history import record
from workflows.engine.office import Office


def installation(session: Session) -> Installation:
    """The installation as a subject of events, under lock."""
    session.execute(insert(Installation).values(id=1, version=0).on_conflict_do_nothing())
    return session.get_one(Installation, 1, with_for_update=True)


def record_for_office(
    session: Session, office: Office, person: User, verb: str, **told: object
) -> None:
    """Add an event of this person to the installation's history."""
    record(session, installation(session), verb, office.clock(), person.id, None, None, **told)
