"""The rows that events are about: what people call each, and which one somebody asks for."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from documents.check_digits import is_id_number_shaped
from models import (
    Batch,
    Claim,
    Enrolment,
    Member,
    Objection,
    Payment,
    Recovery,
    Relief,
    Unit,
    User,
)
from workflows.engine.office import Office
from workflows.engine.rows import any_of

NUMBERED: dict[str, InstrumentedAttribute[str]] = {
    "claim": Claim.number,
    "enrolment": Enrolment.number,
    "batch": Batch.number,
    "payment": Payment.reference,
    "objection": Objection.number,
    "recovery": Recovery.number,
    "relief": Relief.number,
}
"""By which numbers of ours rows are asked for."""

_NAMED: dict[str, InstrumentedAttribute[str]] = {"unit": Unit.name, "app_user": User.login}


def numbers_of(session: Session, subject: str, ids: Collection[int]) -> dict[int, str]:
    """The number or name of each of these rows, as far as they have one; members have none that
    may be shown."""
    column = (NUMBERED | _NAMED).get(subject)
    if column is None:
        return {}
    row = column.class_
    return dict(session.execute(select(row.id, column).where(any_of(row.id, ids))).all())


def row_asked_for(session: Session, office: Office, text: str) -> tuple[str, int] | None:
    """The table and id of the row of this number or name, or of the member with this ID number."""
    if is_id_number_shaped(text.upper()):
        known = office.keys.fingerprint(text.upper())
        member = session.scalar(select(Member.id).where(Member.id_print == known))
        return None if member is None else ("member", member)
    for subject, column in (NUMBERED | _NAMED).items():
        asked = text if subject in _NAMED else text.upper()
        query = select(func.min(column.class_.id)).where(column == asked)
        if (found := session.scalar(query)) is not None:
            return subject, found
    return None
