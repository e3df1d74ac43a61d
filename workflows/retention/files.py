"""Takes files from the store that nothing names any more."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import StoredReading
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.stored_files import named_among


def forget_files(session: Session, office: Office, hashes: Collection[str]) -> int:
    """Take these files and what was read of them away, unless a row still names them, as where the
    same paper came twice. Return how many are gone."""
    session.flush()
    gone = set(hashes) - named_among(session, hashes)
    office.store.forget(gone)
    session.execute(delete(StoredReading).where(any_of(StoredReading.sha256, list(gone))))
    return len(gone)
