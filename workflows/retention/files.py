"""Takes files from the store that nothing names any more."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import StoredReading
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.stored_files import named_among

_LONGEST_STORING = timedelta(hours=1)
"""So long after a file was stored at most, its row is committed."""


def is_stored_again(office: Office, hashes: Collection[str]) -> bool:
    """Whether somebody has just stored one of these files again, whose row may come yet: what names
    it is left to a later run."""
    return bool(office.store.touched_since(office.clock() - _LONGEST_STORING, hashes))


def forget_files(session: Session, office: Office, hashes: Collection[str]) -> int:
    """Take these files and what was read of them away, unless a row still names them, as where the
    same paper came twice, or somebody has just stored them again. Return how many are gone."""
    session.flush()
    gone = set(hashes) - named_among(session, hashes)
    gone -= office.store.touched_since(office.clock() - _LONGEST_STORING, gone)
    office.store.forget(gone)
    session.execute(delete(StoredReading).where(any_of(StoredReading.sha256, list(gone))))
    return len(gone)
