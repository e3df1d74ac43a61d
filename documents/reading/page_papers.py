"""Tells the papers on one page apart: a card beside a receipt, two receipts, an ID above a form.

The page is cut at a blank band that runs through it, where each side is surely a paper of its own:
it has a heading of its own, or is a card. Without that the page stays whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from documents.kinds import Kind
from documents.reading.classify import SMALL, Classified, classify, headings, is_of_a_card
from documents.reading.deskew import Place, places
from documents.reading.page import PageReading, TextLine

_SURE = 0.7
"""A part that is less surely of its kind is no paper of its own."""
_WIDE, _HIGH = 0.8, 0.4
"""How many heights of a line a blank band is wide, or high, at least."""
_FEWEST_LINES = 3
_MOST_LINES_OF_CARDS = 30
_MIXED = 0.6
_FAINT = 0.5
"""A fainter line, as of a seal or of dirt, may lie across a band."""

_Lines = tuple[TextLine, ...]


class PaperOnPage(NamedTuple):
    """One paper on a page: its kind and its lines."""

    classified: Classified
    lines: _Lines


def classify_page(lines: Sequence[TextLine], width: int, height: int) -> Classified:
    """The kind of the page, or of the first paper on it, with the kinds of the others."""
    papers = _papers(tuple(lines), width)
    if not papers:
        return classify(lines, width, height)
    first, *also = _kinds(papers)
    sure = min(one.classified.confidence for one in papers)
    return Classified(first, sure, tuple(also))


def papers_on(page: PageReading) -> list[PageReading]:
    """The papers of the page, each as a reading of its own; the page itself where it holds one, or
    where a person says that it holds others than the reader saw."""
    papers = _papers(page.lines, page.width)
    if not papers or set(_kinds(papers)) != {page.kind, *page.also}:
        return [_of_several_kinds(page)]
    return [
        replace(page, kind=one.classified.kind, also=one.classified.also, lines=one.lines)
        for one in papers
    ]


def _of_several_kinds(page: PageReading) -> PageReading:
    """The page, no more than a guess where it holds several large papers that cannot be parted: the
    values of one may be taken for those of another."""
    is_mixed = any(kind not in SMALL for kind in page.also)
    sure = min(page.kind_confidence, _MIXED) if is_mixed else page.kind_confidence
    return replace(page, kind_confidence=sure)


def _kinds(papers: Sequence[PaperOnPage]) -> list[Kind]:
    kinds = (kind for one in papers for kind in (one.classified.kind, *one.classified.also))
    return list(dict.fromkeys(kinds))


@lru_cache(maxsize=64)
def _papers(lines: _Lines, width: int) -> tuple[PaperOnPage, ...]:
    """The papers, if there are several and they can surely be told apart.

    Cached, because a page is extracted again whenever something of its claim changes.
    """
    spots = places(lines)
    starts = headings(lines, spots) | {i for i, line in enumerate(lines) if is_of_a_card(line)}
    if len(starts) < 2 or not headings(lines, spots):
        return ()
    for one, other in _sides(lines, spots, starts):
        parts = [_part([lines[i] for i in side], width) for side in (one, other)]
        if all(parts) and not all(part.classified.kind in SMALL for part in parts if part):
            return tuple(
                each for part in parts if part for each in (_papers(part.lines, width) or (part,))
            )
    return ()


def _sides(
    lines: _Lines, spots: Sequence[Place], starts: set[int]
) -> Iterator[tuple[list[int], list[int]]]:
    """The lines on both sides of each blank band with a start of a paper on each, the broadest in
    heights of a line first."""
    bands = []
    seen = [i for i, line in enumerate(lines) if line.confidence >= _FAINT]
    usual = sorted(spot.height for spot in spots)[len(spots) // 2] or 1.0
    for near, far, least in (("left", "right", _WIDE), ("top", "low", _HIGH)):
        in_order = sorted(seen, key=lambda i: getattr(spots[i], near))
        reached = float("-inf")
        for count, index in enumerate(in_order):
            gap = (getattr(spots[index], near) - reached) / usual
            if count >= _FEWEST_LINES and gap >= least:
                border = reached + gap * usual / 2
                bands.append((gap / least, near, far, border))
            reached = max(reached, getattr(spots[index], far))
    for _, near, far, border in sorted(bands, key=itemgetter(0), reverse=True):
        first = [
            i for i, at in enumerate(spots) if getattr(at, near) + getattr(at, far) < 2 * border
        ]
        second = [i for i in range(len(lines)) if i not in set(first)]
        if starts.intersection(first) and starts.intersection(second):
            yield first, second


def _part(lines: Sequence[TextLine], width: int) -> PaperOnPage | None:
    """The lines as a paper of their own; None where they are none for sure."""
    if len(lines) < _FEWEST_LINES:
        return None
    at_top = _moved_up(lines)
    height = max(line.box[3] for line in at_top)
    found = classify(at_top, width, height)
    if found.kind is Kind.OTHER or found.confidence < _SURE:
        return None
    if found.kind in SMALL:
        is_whole = len(lines) <= _MOST_LINES_OF_CARDS and any(map(is_of_a_card, lines))
    else:
        first = sorted(range(len(lines)), key=lambda i: at_top[i].box[1])[: _rank(len(lines))]
        is_whole = bool(headings(at_top, places(at_top), found.kind).intersection(first))
    return PaperOnPage(found, tuple(lines)) if is_whole else None


def _rank(count: int) -> int:
    """Among so many lines from the top a paper has its heading."""
    return max(4, count // 4)


def _moved_up(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines as if their paper began at the top of the page."""
    top = min(line.box[1] for line in lines)
    return [
        replace(
            line,
            box=(line.box[0], line.box[1] - top, line.box[2], line.box[3] - top),
            corners=tuple(v - top if n % 2 else v for n, v in enumerate(line.corners)),
        )
        for line in lines
    ]
