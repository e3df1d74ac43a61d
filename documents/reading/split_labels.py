"""Joins labels that the page's layout has split: 身份证 above 号码, 姓 far from 名."""

from collections.abc import Sequence

from documents.boxes import around
from documents.plain_text import squeezed
from documents.reading.deskew import Place
from documents.reading.page import TextLine
from documents.reading.paper_labels import begins_label, is_label

Placed = tuple[TextLine, Place]

_LONGEST_LABEL = 12
_OVERLAP, _GAP = 0.4, 0.5
"""In heights: the overlap and the gap of the two lines of one narrow cell."""
_SPREAD = 6.0
"""In heights: how far apart the two characters of a label are set to fill a column."""


def join_labels(placed: Sequence[Placed]) -> list[Placed]:
    """The lines from top to bottom, each split label joined to one line."""
    kept = sorted(placed, key=lambda one: (one[1].middle, one[1].left))
    for first in kept[:]:
        if not begins_label(_bare(first[0])) or first not in kept:
            continue
        rest = next((other for other in kept if _completes(first, other)), None)
        if rest:
            kept.remove(rest)
            kept[kept.index(first)] = _together(first, rest)
    return kept


def _completes(first: Placed, rest: Placed) -> bool:
    one, other = _bare(first[0]), _bare(rest[0])
    if first is rest or len(one) + len(other) > _LONGEST_LABEL or not is_label(one + other):
        return False
    if is_label(one) and is_label(other):
        return False  # two labels of two rows, one close below the other
    return _stands_under(first[1], rest[1]) or (
        len(one) == len(other) == 1 and _stands_beside(first[1], rest[1])
    )


def _bare(line: TextLine) -> str:
    return squeezed(line.text).removesuffix(":")


def _stands_under(upper: Place, lower: Place) -> bool:
    gap = lower.top - upper.low
    shared = min(upper.right, lower.right) - max(upper.left, lower.left)
    return (
        -_OVERLAP * upper.height < gap < _GAP * upper.height
        and lower.middle > upper.middle + 0.5 * upper.height
        and shared > 0
    )


def _stands_beside(left: Place, right: Place) -> bool:
    level = abs(left.middle - right.middle) < _OVERLAP * left.height
    return level and 0 < right.left - left.right < _SPREAD * left.height


def _together(first: Placed, rest: Placed) -> Placed:
    (one, upper), (other, lower) = first, rest
    middle, half = (upper.middle + lower.middle) / 2, upper.height / 2
    place = Place(
        min(upper.left, lower.left), middle - half, max(upper.right, lower.right), middle + half
    )
    sure = min(one.confidence, other.confidence)
    return TextLine(one.text + other.text, sure, around(one.box, other.box)), place
