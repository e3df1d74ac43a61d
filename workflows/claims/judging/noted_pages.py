"""Pages whose file says that they may not be what was issued: a person looks at them."""

from collections.abc import Iterator

from documents.page_notes import PageNote
from language import N_
from workflows.claims.judging.found_faults import FoundFault
from workflows.claims.papers.papers_read import Papers

NOTED_WORDS = {
    PageNote.SIGNATURE_BROKEN.value: N_("电子票据签名后被改动"),
    PageNote.DATA_DIFFERS.value: N_("电子票据所附数据与票面不符"),
}
"""The notes that hold a claim up. That a receipt has no signature is only shown: many offices hand
in copies that issuers made without one."""


def noted_pages(papers: Papers) -> Iterator[FoundFault]:
    """A fault for each page and each such note."""
    for page, seen in zip(papers.pages, papers.seen, strict=True):
        yield from (FoundFault(note, str(page.id)) for note in seen.notes if note in NOTED_WORDS)
