"""Pages that could not be made out, and pages of a guessed kind: those that a claim cannot do
without, and those by which money is paid."""

from collections.abc import Iterator, Set
from dataclasses import replace

from documents.kinds import Kind
from documents.reading.fields import FieldName, extract
from documents.reading.page import KIND_SURE_FROM
from language import N_
from models import Page
from workflows.claims.judging.found_faults import FoundFault
from workflows.claims.judging.money_facts import pages_guessed
from workflows.claims.papers.papers_read import Papers
from workflows.claims.papers.papers_wanted import missing_papers
from workflows.sealed_values.claims import text_of

PAGE_UNCLEAR = "PAGE_UNCLEAR"
KIND_UNSURE = "KIND_UNSURE"
DOUBTFUL_WORDS = {PAGE_UNCLEAR: N_("此页无法辨认"), KIND_UNSURE: N_("此页种类没有把握")}

_LEGIBLE = 0.5


def doubtful_pages(papers: Papers, of_payee: Set[str], missing: Set[str]) -> Iterator[FoundFault]:
    """A fault for each such page; without a guessed one more than the `missing` papers would be, or
    a fact that decides money would have one witness."""
    for page in papers.pages:
        if page.kind == Kind.OTHER and page.kind_by is None and page.confidence < _LEGIBLE:
            yield FoundFault(PAGE_UNCLEAR, str(page.id))
    yield from _guessed(papers, of_payee, missing)


def _guessed(papers: Papers, of_payee: Set[str], missing: Set[str]) -> Iterator[FoundFault]:
    unsure = [page for page in papers.pages if _is_unsure(page)]
    if not unsure:
        return
    sure: set[str] = set()
    for page in papers.pages:
        sure |= set() if page in unsure else {page.kind, *page.also}
    tests = _tests_of(papers, [page for page in papers.pages if page not in unsure])
    rested_on = set().union(*pages_guessed(papers).values())
    for at, page in enumerate(papers.pages):
        if page not in unsure:
            continue
        taken = {page.kind, *page.also} - sure
        shown = replace(
            papers.shown, kinds=papers.shown.kinds - taken, values={**papers.shown.values, **tests}
        )
        without = missing_papers(
            papers.claim, papers.events, shown, of_payee - taken, papers.readings
        )
        if at in rested_on or not missing >= set(without):
            yield FoundFault(KIND_UNSURE, str(page.id))


def _is_unsure(page: Page) -> bool:
    is_read = page.kind_by is None and page.kind != Kind.OTHER
    return is_read and page.kind_confidence < KIND_SURE_FROM


def _tests_of(papers: Papers, pages: list[Page]) -> dict[str, str]:
    """The tests that these pages show, as they take the place of what all pages show."""
    seen = [read for page, read in zip(papers.pages, papers.readings, strict=True) if page in pages]
    shown = extract(seen).fields.get(FieldName.TESTS_SHOWN)
    return {FieldName.TESTS_SHOWN: text_of(shown.value) if shown else ""}
