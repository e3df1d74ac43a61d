"""Notes how sure the reader was of a value, and whether a person found it right.

Only the first word of a person on a value counts: what he keyed is no reading any more.
"""

from sqlalchemy.orm import Session

from documents.reading.fields import FieldName
from models import Claim, Field, Page, ReadingReview
from workflows.engine.office import Office

FIELD_UNSURE = "FIELD_UNSURE"
"""The finding that asks a person whether what was read of a field is right."""
PAGE_KIND = "page_kind"
"""Stands in the place of a field where a person said what kind of paper a page is."""


def note_review(
    session: Session, office: Office, name: FieldName, read: Field | None, *, changed: bool
) -> None:
    """A person keyed or confirmed this field; `read` is what was there before."""
    if read is not None and read.corrected_by is not None:
        return
    page = session.get(Page, read.page_id) if read and read.page_id else None
    kind = page.kind if page else None
    _note(session, office, name, kind, read.confidence if read else None, changed=changed)


def note_confirmed(session: Session, office: Office, claim: Claim, subject: str) -> None:
    """A person said that what was read of this field is right as it is."""
    for field in claim.fields:
        if field.name == subject:
            note_review(session, office, FieldName(field.name), field, changed=False)


def note_kind_review(session: Session, office: Office, page: Page, *, changed: bool) -> None:
    """A person is about to say what kind of paper the page is."""
    if page.kind_by is None:
        _note(session, office, PAGE_KIND, page.kind, page.kind_confidence, changed=changed)


def _note(
    session: Session,
    office: Office,
    field: str,
    kind: str | None,
    confidence: float | None,
    *,
    changed: bool,
) -> None:
    session.add(
        ReadingReview(
            field=field,
            kind=kind,
            confidence=confidence,
            changed=changed,
            reviewed_on=office.today(),
        )
    )
