"""Pages that a person looks at: those that may not be what was issued, and settled stays of which
the papers say otherwise."""

from collections.abc import Iterator

from documents.kinds import Kind
from documents.page_notes import PageNote
from documents.reading.fields import FieldName, extract
from language import N_
from workflows.claims.judging.found_faults import DISAGREEMENT, FoundFault
from workflows.claims.papers.papers_read import Papers
from workflows.sealed_values.claims import text_of

_SUMS = (FieldName.MEDICAL_EXPENSE_TOTAL, FieldName.FUND_PAID, FieldName.OWN_SHARE)

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


def settled_otherwise(papers: Papers) -> Iterator[FoundFault]:
    """A fault for each sum that the medical-insurance side reports otherwise than the claim says,
    also where no plan pays by it: then it is another stay, or one that was settled anew."""
    for page in papers.readings:
        if page.kind == Kind.INSURANCE_RECORD:
            fields = extract([page]).fields
            said = {name: text_of(fields[name].value) for name in _SUMS if name in fields}
            for name, value in said.items():
                if papers.values.get(name, value) != value:
                    yield FoundFault(DISAGREEMENT, name)
