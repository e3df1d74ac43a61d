"""Reads which tests a report shows: angiogram, troponin, dialysis, an operation."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from documents.kinds import Kind
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.found_value import Squeezed
from documents.reading.named_words import SEPARATOR, NamedWords
from documents.reading.page_layout import PageSheet
from documents.reading.spans import Slice, Span

TESTS = NamedWords.load(Path(__file__).with_name("tests.toml"))

_REPORTS = {
    Kind.TEST_REPORT,
    Kind.DIALYSIS_RECORD,
    Kind.OPERATION_RECORD,
    Kind.PATHOLOGY_REPORT,
}


_NOT_DONE = re.compile(
    "(?:建议|拟|择期|未行|未做|拒绝|必要时|请结合|结合|待查|既往|曾)[^,。;]{0,15}$"
)
"""Words in the clause before a test: it was advised, refused or done at another time."""


def shown_tests(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """The tests that the page is a report of."""
    if sheet.kind not in _REPORTS:
        return
    for row in sheet.rows:
        # Titles are often spaced out: 手 术 记 录.
        bare = Squeezed.of(row.text)
        for word in TESTS.pattern.finditer(bare.text):
            if _NOT_DONE.search(bare.text, 0, word.start()):
                continue
            found = bare.found(TESTS.name(word[0]), *word.span(), 1.0)
            piece = Span((Slice(row, 0, len(row.text)),))
            yield from offer(sheet, FieldName.TESTS_SHOWN, piece, found, page)


def all_tests(chosen: FieldValue, found: Iterable[FieldValue]) -> FieldValue:
    """The chosen value with the tests of all reports: each shows its own."""
    names = (name for value in found for name in str(value.value).split(SEPARATOR))
    return replace(chosen, value=TESTS.joined(names))
