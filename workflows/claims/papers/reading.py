"""Reading (识读): every page of a claim is read once and kept under its content hash."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import Claim, Document, Page
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import NewRow, give, inserted
from workflows.page_readings import PageToRead
from workflows.sealed_values.files import reading_text

WITH_READINGS = (
    (Claim.documents, Document.pages),
    (Claim.documents, Document.readings),
)


@dataclass(frozen=True)
class NewPage(NewRow):
    """A page to insert."""

    table = Page

    document_id: int
    number: int
    kind: str
    kind_confidence: float
    also: list[str]
    rotation: int
    confidence: float
    width: int
    height: int
    kind_by: None = None


def pass_on(session: Session, claims: Sequence[Claim], office: Office) -> None:
    """Send on the claims all of whose pages have been read before."""
    _record(session, [claim for claim in claims if not _unread(claim)], office)


def has_unread(session: Session, claim: Claim) -> bool:
    """Whether some papers of the claim were only filed when they came. Those of relief are for the
    committee, and are read by no machine."""
    if claim.is_relief:
        return False
    unread = select(Document.id).where(Document.claim_id == claim.id, ~Document.pages.any())
    return session.scalar(unread.limit(1)) is not None


def gather(session: Session, claim: Claim, office: Office) -> tuple[PageToRead, ...]:
    """The pages of the claim's papers that have not been read."""
    return _unread(claim)


def _unread(claim: Claim) -> tuple[PageToRead, ...]:
    return tuple(
        PageToRead(document.sha256, document.media_type, number)
        for document in claim.documents
        for number in sorted(_numbers(document) - {reading.number for reading in document.readings})
    )


def record_pages(session: Session, claim: Claim, _result: None, office: Office) -> None:
    """Put the pages' rows beside the claim; a kind that a person named stays."""
    _record(session, [claim], office)


def _record(session: Session, claims: Sequence[Claim], office: Office) -> None:
    documents = {document.id: document for claim in claims for document in claim.documents}
    new = [row for document in documents.values() for row in _new_pages(session, document, office)]
    pages = defaultdict(list)
    for (page,) in inserted(session, insert(Page).returning(Page), new):
        pages[page.document_id].append(page)
    for id_, made in pages.items():
        whole = sorted([*documents[id_].pages, *made], key=lambda page: page.number)
        give(documents[id_], "pages", whole)
    for claim in claims:
        count = sum(document.page_count for document in claim.documents)
        advance(session, claim, "read", office, pages=count)


def _new_pages(session: Session, document: Document, office: Office) -> list[NewPage]:
    known = {page.number for page in document.pages}
    return [
        _page(document, number, seen_on(session, office, document, number))
        for number in sorted(_numbers(document) - known)
    ]


def seen_on(session: Session, office: Office, document: Document, number: int) -> PageReading:
    """What the reader saw on this page; in one unit of work it is opened once."""
    opened: dict[tuple[str, int], PageReading] = session.info.setdefault("seen", {})
    place = document.sha256, number
    if place not in opened:
        [reading] = (each for each in document.readings if each.number == number)
        opened[place] = PageReading.from_json(reading_text(office.keys, reading))
    return opened[place]


def named(session: Session, office: Office, document: Document, page: Page) -> PageReading:
    """What the reader saw on a page of this document, as the kind it goes by now.

    A page that a person named as no paper of the claim counts as no kind of paper.
    """
    seen = seen_on(session, office, document, page.number)
    if page.kind_by is None and seen.kind == page.kind:
        return seen
    is_none = page.kind_by is not None and page.kind == Kind.OTHER
    also = () if is_none else seen.also
    return replace(seen, kind=Kind(page.kind), kind_confidence=page.kind_confidence, also=also)


def _numbers(document: Document) -> set[int]:
    return set(range(1, document.page_count + 1))


def _page(document: Document, number: int, seen: PageReading) -> NewPage:
    kind = seen.kind, seen.kind_confidence, [kind.value for kind in seen.also]
    size = seen.width, seen.height
    return NewPage(document.id, number, *kind, seen.rotation, seen.confidence, *size)
