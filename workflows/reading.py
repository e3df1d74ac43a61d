"""Reading (识读): every page of a claim is read once and kept under its content hash."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from documents.faults import Unfit
from documents.kinds import Kind
from documents.pages import render
from documents.reading import read_page
from documents.reading.page import PageReading as Seen
from models import Claim, Document, Page, PageReading
from workflows.engine import Lease, advance
from workflows.office import Office
from workflows.personal import reading_text, seal_reading


@dataclass(frozen=True)
class Sheet:
    """One page to read: which file, which page of it (from 1), and what kind of file it is."""

    document_id: int
    sha256: str
    media_type: str
    number: int


def gather(session: Session, claim: Claim, office: Office) -> tuple[Sheet, ...]:
    """All pages of the claim's papers."""
    return tuple(
        Sheet(document.id, document.sha256, document.media_type, number)
        for document in claim.documents
        for number in range(1, document.page_count + 1)
    )


def work(sheets: tuple[Sheet, ...], office: Office, lease: Lease) -> tuple[Sheet, ...]:
    """Read the pages nobody has read yet, saving each; a retry repeats none of them."""
    with office.sessions.look() as session:
        query = select(PageReading.sha256, PageReading.number).where(
            PageReading.sha256.in_({sheet.sha256 for sheet in sheets})
        )
        done = {(sha256, number) for sha256, number in session.execute(query)}
    for sheet in sheets:
        if (sheet.sha256, sheet.number) not in done:
            _save(office, sheet, _read(office, sheet))
            lease.extend()
    return sheets


def record_pages(session: Session, claim: Claim, sheets: tuple[Sheet, ...], office: Office) -> None:
    """Put the pages' rows beside the claim; a kind that a person named stays."""
    known = {
        (page.document_id, page.number): page
        for page in session.scalars(select(Page).join(Document).filter_by(claim_id=claim.id))
    }
    for sheet in sheets:
        page = known.get((sheet.document_id, sheet.number))
        if page is None:
            session.add(_page(sheet, seen_on(session, office, sheet.sha256, sheet.number)))
    advance(session, claim, "read", office, pages=len(sheets))


def seen_on(session: Session, office: Office, sha256: str, number: int) -> Seen:
    """What the reader saw on this page."""
    reading = session.get_one(PageReading, (sha256, number))
    return Seen.from_json(reading_text(office.keys, reading))


def _read(office: Office, sheet: Sheet) -> Seen:
    data = office.store.get(sheet.sha256)
    try:
        image = render(data, sheet.media_type, sheet.number, office.limits)
    except Unfit:
        return _illegible()
    return read_page(image.image, image.text_layer)


def _illegible() -> Seen:
    return Seen(Kind.OTHER, 0.0, 0, 0.0, 1, 1, ())


def _save(office: Office, sheet: Sheet, seen: Seen) -> None:
    with office.sessions.unit_of_work("page saved") as session:
        session.execute(
            insert(PageReading)
            .values(
                sha256=sheet.sha256,
                number=sheet.number,
                reading=seal_reading(office.keys, sheet.sha256, sheet.number, seen.to_json()),
            )
            .on_conflict_do_nothing()
        )


def _page(sheet: Sheet, seen: Seen) -> Page:
    return Page(
        document_id=sheet.document_id,
        number=sheet.number,
        kind=seen.kind,
        kind_confidence=seen.kind_confidence,
        rotation=seen.rotation,
        confidence=seen.confidence,
        width=seen.width,
        height=seen.height,
    )
