"""What tells a page from all others: what is filled in on it, its words and its looks.

Forms of one blank look alike, so two pages are taken for one only if the dates, sums and numbers on
them agree. A scan may lose a few of these, or the edge of the page: not all need to be found again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from documents.kinds import Kind
from documents.plain_text import HAN, squeezed
from documents.reading.page import PageReading
from documents.reading.picture_hash import bits_apart, picture_parts

OF_A_PERSON = frozenset({Kind.ID_CARD_FRONT, Kind.ID_CARD_BACK, Kind.BANK_CARD, Kind.COVER_SHEET})
"""Papers that are the same in all claims of a person; whose card it is is asked elsewhere."""

_DATE = r"(?<!\d)(?P<year>(?:19|20)\d\d)[年./-](?P<month>\d\d?)[月./-](?P<day>\d\d?)"
_SUM = r"(?P<sum>\d[\d,]*\.\d\d)(?!\d)"
_NUMBER = r"(?P<number>[A-Za-z]{0,3}\d[\dXx*]{5,})"
_FIGURE = re.compile(f"{_DATE}|{_SUM}|{_NUMBER}")
_RECEIPT = re.compile(
    r"(?:票据号码?|发票号码?|收据号码?|票号|结算单号|结算号|流水号)[:.]?([A-Za-z]{0,4}\d{6,})"
)
_STAY = re.compile(r"(?:住院号码?|住院编号|住院流水号)[:.]?([A-Za-z]{0,3}\d{5,})")
_LONG_LINE, _FEW_LINES = 8, 8
_PIECE = re.compile(f"(?=([{HAN}]{{2}}))")

_FEW = 3
"""A page with fewer figures must agree in all of them, and in its words or looks as well."""
_SHARED_FIGURES = 0.65
"""Two stays of one person share his numbers, which are half of the figures on his form."""
_MANY, _SHARED_OF_MANY = 10, 0.5
"""Of a page full of sums a poor scan may misread many; no other page has half of them."""
_SHARED_WORDS = 0.6
_SHARED_WORDS_OF_FEW, _MANY_WORDS = 0.9, 50
_WORDLESS = 8
_BITS_APART = 40


class Likeness(StrEnum):
    """Why a page is taken for one that was handed in before."""

    SAME_PAGE = "same_page"
    SAME_NUMBER = "same_number"


@dataclass(frozen=True)
class PageMarks:
    """What is filled in on a page. `figures` are dates, sums and long numbers; `numbers` those that
    no two papers share: of receipts, and of stays with a day; `words` all pairs of characters."""

    figures: frozenset[str]
    numbers: frozenset[str]
    words: frozenset[str]
    picture: str
    kind: Kind


def marks_of(page: PageReading) -> PageMarks:
    """The marks of a page as it was read."""
    lines = [squeezed(line.text) for line in page.lines]
    figures = frozenset(figure for line in lines for figure in _figures(line))
    words = frozenset(piece for line in lines for piece in _PIECE.findall(line))
    numbers = frozenset(_numbers(lines, figures))
    return PageMarks(figures, numbers, words, page.picture, page.kind)


def searched_by(page: PageReading, marks: PageMarks) -> list[str]:
    """What a page like this one may share with it and few others: numbers, sums and pairs of days;
    long lines and the looks of a page without enough of these."""
    days = sorted(figure for figure in marks.figures if _is_day(figure))
    found = [figure for figure in marks.figures if not _is_day(figure)]
    found += [f"{one} {other}" for one, other in combinations(days, 2)]
    if len(found) < _FEW:
        lines = {squeezed(line.text) for line in page.lines if len(line.text) >= _LONG_LINE}
        found += sorted(lines, key=lambda line: (-len(line), line))[:_FEW_LINES]
        found += picture_parts(page.picture)
    return [*marks.numbers, *found]


def likeness(one: PageMarks, other: PageMarks) -> Likeness | None:
    """Why these may be one paper; None where they are not."""
    if _is_same_page(one, other):
        return Likeness.SAME_PAGE
    return Likeness.SAME_NUMBER if one.numbers & other.numbers else None


def _is_same_page(one: PageMarks, other: PageMarks) -> bool:
    # The papers of one stay share its days and numbers.
    if one.kind is not other.kind and Kind.OTHER not in (one.kind, other.kind):
        return False
    figures = _shared(one.figures, other.figures)
    words = _shared(one.words, other.words)
    fewest = min(len(one.figures), len(other.figures))
    if fewest >= _FEW:
        enough = _SHARED_OF_MANY if fewest >= _MANY else _SHARED_FIGURES
        return figures >= enough and words >= _SHARED_WORDS
    if fewest:
        # A leaflet with a date says the same in every claim, and two short records of one hospital
        # and day say nearly the same.
        is_paper = Kind.OTHER not in (one.kind, other.kind)
        is_long = min(len(one.words), len(other.words)) >= _MANY_WORDS
        return is_paper and is_long and figures == 1 and words >= _SHARED_WORDS_OF_FEW
    is_photo = max(len(one.words), len(other.words)) < _WORDLESS
    return is_photo and bits_apart(one.picture, other.picture) <= _BITS_APART


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the smaller set stands in the other one too; 1 where either is empty."""
    return len(one & other) / min(len(one), len(other)) if one and other else 1.0


def _figures(line: str) -> Iterator[str]:
    for found in _FIGURE.finditer(line):
        if found["year"]:
            yield f"{found['year']}-{int(found['month'])}-{int(found['day'])}"
        elif found["sum"]:
            yield found["sum"].replace(",", "")
        else:
            yield found["number"].upper()


def _numbers(lines: list[str], figures: frozenset[str]) -> Iterator[str]:
    # A label and its number are often two lines: two cells of a table.
    text = "\n".join(lines)
    joined = text.replace("\n", "")
    yield from (f"receipt {number.upper()}" for number in _RECEIPT.findall(joined))
    days = [figure for figure in figures if _is_day(figure)]
    for number in _STAY.findall(joined):
        yield from (f"stay {number.upper()} {day}" for day in days)


def _is_day(figure: str) -> bool:
    return "-" in figure
