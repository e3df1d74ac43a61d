"""Erases the copies of ID cards that came with a roster, and what was answered about them."""

from collections import Counter

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Enrolment, IdCopy, IdCopyAnswer
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.retention.due import due_copies
from workflows.retention.files import forget_files, is_stored_again

_TABLES = (IdCopy, IdCopyAnswer)


def count(session: Session, enrolment_id: int) -> Counter[str]:
    """How many rows of each table hold the copies of this enrolment."""
    found: Counter[str] = Counter()
    for table in _TABLES:
        query = select(func.count()).select_from(table).filter_by(enrolment_id=enrolment_id)
        found[table.__tablename__] = session.scalar(query) or 0
    return found


def erase(session: Session, office: Office, enrolment_id: int, by: int | None) -> Counter[str]:
    """Erase them, files and rows; how many rows of each table."""
    enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=True)
    # Asked again under the lock: a hold may have come meanwhile.
    if session.scalar(due_copies(office.today()).where(Enrolment.id == enrolment_id)) is None:
        return Counter()
    copies = session.scalars(select(IdCopy.sha256).filter_by(enrolment_id=enrolment_id)).all()
    if is_stored_again(office, copies):
        return Counter()
    erased = count(session, enrolment_id)
    for table in _TABLES:
        session.execute(delete(table).filter_by(enrolment_id=enrolment_id))
    forget_files(session, office, copies)
    record(session, enrolment, "erase_copies", office.clock(), by, rows=dict(erased))
    return erased
