"""The pages of a claim's papers, for the tabs over the picture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import formatting, labels
from documents.packets.media_types import OFD
from documents.page_notes import PageNote
from documents.reading.page import PageReading
from language import _
from models import Claim, Document, Finding, Page, StoredReading
from workflows.claims.judging.doubtful_pages import KIND_UNSURE, PAGE_UNCLEAR
from workflows.engine.office import Office
from workflows.sealed_values.files import reading_text


@dataclass(frozen=True)
class PageTab:
    """One page of the papers, as a tab over the picture. `size` is that of the upright page."""

    id: int
    place: int
    kind: str
    word: str
    percent: int
    by_hand: bool
    is_unclear: bool
    size: tuple[int, int]
    notes: tuple[str, ...]
    """What the page's file says and its picture does not show, in sentences."""


@dataclass(frozen=True)
class FiledPaper:
    """A file that came after the decision: its pages are shown as they are, they are not read."""

    id: int
    page_count: int

    @classmethod
    def of(cls, document: Document) -> "FiledPaper":
        return cls(document.id, document.page_count)


def unread_papers(session: Session, claim: Claim) -> tuple[FiledPaper, ...]:
    """The papers of which no page has been read."""
    query = select(Document).where(Document.claim_id == claim.id, ~Document.pages.any())
    return tuple(map(FiledPaper.of, session.scalars(query.order_by(Document.id))))


def pages_of(session: Session, claim: Claim) -> list[Page]:
    """All pages, in the order they came."""
    query = select(Page).join(Document).where(Document.claim_id == claim.id)
    return list(session.scalars(query.order_by(Document.id, Page.number)))


def notes_on(session: Session, office: Office, claim: Claim) -> dict[int, tuple[str, ...]]:
    """What is to be known of the claim's pages, by page; of e-receipts alone, no other has any."""
    query = (
        select(Page.id, StoredReading)
        .join(Document, Document.id == Page.document_id)
        .join(
            StoredReading,
            (StoredReading.sha256 == Document.sha256) & (StoredReading.number == Page.number),
        )
        .where(Document.claim_id == claim.id, Document.media_type == OFD)
    )
    return {
        page_id: tuple(
            _(labels.PAGE_NOTES[PageNote(note)])
            for note in PageReading.from_json(reading_text(office.keys, stored)).notes
        )
        for page_id, stored in session.execute(query)
    }


def sheets(
    pages: Sequence[Page], findings: Sequence[Finding], notes: Mapping[int, tuple[str, ...]]
) -> Iterator[PageTab]:
    """A tab for each page."""
    unclear = {each.subject for each in findings if each.code in (PAGE_UNCLEAR, KIND_UNSURE)}
    for place, page in enumerate(pages, 1):
        yield PageTab(
            id=page.id,
            place=place,
            kind=page.kind,
            word=labels.kind(page.kind),
            percent=formatting.percent(page.kind_confidence),
            by_hand=page.kind_by is not None,
            is_unclear=str(page.id) in unclear,
            size=(page.width, page.height),
            notes=notes.get(page.id, ()),
        )
