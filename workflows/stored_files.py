"""Which files of the store the database names."""

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from models import Document, Enrolment, IdCopy, Letter, PaymentFile, Renewal, ReplyFile

_COLUMNS = (
    Document.sha256,
    Letter.sha256,
    PaymentFile.sha256,
    ReplyFile.sha256,
    Renewal.letter_sha256,
    Renewal.roster_sha256,
    Renewal.mailed_roster_sha256,
    Enrolment.sha256,
    IdCopy.sha256,
)


def named_in_store(session: Session) -> list[str]:
    """The hash of every file that a row of any table names."""
    named = union(*(select(column).where(column.is_not(None)) for column in _COLUMNS))
    return [str(each) for each in session.scalars(named)]
