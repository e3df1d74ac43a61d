"""A page laid out for finding values: rows in their true places and the labels among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from documents.kinds import Kind
from documents.reading.marks import Mark, find_marks, is_label
from documents.reading.page import Line, PageReading
from documents.reading.plain import plain
from documents.reading.straight import Place, places

_LONGEST_LABEL = 12
_OVERLAP, _GAP = 0.4, 0.5
"""In heights: how the two lines of one cell lie to each other."""


@dataclass(frozen=True)
class Row:
    """One line with its plain text, its straightened place and the labels in it."""

    line: Line
    text: str
    place: Place
    marks: tuple[Mark, ...]

    def x(self, index: int) -> float:
        """Where the character of that index begins, on the straightened page."""
        share = self.share(index)
        return self.place.left + share * (self.place.right - self.place.left)

    def share(self, index: int) -> float:
        """How far along the line the character of that index begins, from 0 to 1."""
        if not self.line.at:
            return index / max(len(self.text), 1)
        if index >= len(self.line.at):
            return 1.0
        before = self.line.at[index - 1] if index else 0
        return (before + self.line.at[index]) / 2000

    @property
    def free_until(self) -> int:
        """How much of the text comes before its first label."""
        return self.marks[0].start if self.marks else len(self.text)


@dataclass(frozen=True)
class Sheet:
    """All rows of one page, from top to bottom."""

    kind: Kind
    rows: tuple[Row, ...]

    def beside(self, row: Row, x: float, tolerance: float) -> list[Row]:
        """Rows to the right of x whose middle is within so many heights, from left to right."""
        return sorted(
            (
                other
                for other in self.rows
                if other is not row
                and other.place.left >= x - 0.6 * row.place.height
                and abs(other.place.middle - row.place.middle)
                < tolerance * max(row.place.height, other.place.height)
            ),
            key=lambda other: other.place.left,
        )

    def below(self, row: Row, left: float, right: float) -> Iterator[Row]:
        """Rows under the row that share some of the span from left to right, nearest first."""
        for other in self.rows:
            shared = min(right, other.place.right) - max(left, other.place.left)
            if other.place.middle > row.place.low and shared > 0:
                yield other

    @cached_property
    def usual_height(self) -> float:
        """The height of the page's running text."""
        heights = sorted(row.place.height for row in self.rows)
        return heights[len(heights) // 2] if heights else 1.0


def lay_out(page: PageReading) -> Sheet:
    """The page's lines as a sheet."""
    spots = places(page.lines)
    rows = [_row(line, spot, page.kind) for line, spot in zip(page.lines, spots, strict=True)]
    return Sheet(page.kind, tuple(_sorted(_whole_labels(rows, page.kind))))


def _row(line: Line, place: Place, kind: Kind) -> Row:
    text = plain(line.text)
    return Row(line, text, place, find_marks(text, glued=kind is Kind.ID_CARD_FRONT))


def _whole_labels(rows: Sequence[Row], kind: Kind) -> list[Row]:
    """Rows in which a label broken in two by a narrow cell (身份证 / 号码) is one again."""
    kept = _sorted(rows)
    for upper in kept[:]:
        lower = next((row for row in kept if _completes(upper, row)), None)
        if lower and upper in kept:
            kept.remove(lower)
            kept[kept.index(upper)] = _stacked(upper, lower, kind)
    return kept


def _completes(upper: Row, lower: Row) -> bool:
    gap = lower.place.top - upper.place.low
    height = upper.place.height
    shared = min(upper.place.right, lower.place.right) - max(upper.place.left, lower.place.left)
    return (
        -_OVERLAP * height < gap < _GAP * height
        and lower.place.middle > upper.place.middle + 0.5 * height
        and shared > 0
        and not (upper.marks and lower.marks)  # two labels of two rows, one below the other
        and len(upper.text) + len(lower.text) <= _LONGEST_LABEL
        and is_label(upper.text + lower.text)
    )


def _stacked(upper: Row, lower: Row, kind: Kind) -> Row:
    one, other = upper.line.box, lower.line.box
    box = (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
    place = Place(
        min(upper.place.left, lower.place.left),
        (upper.place.middle + lower.place.middle - upper.place.height) / 2,
        max(upper.place.right, lower.place.right),
        (upper.place.middle + lower.place.middle + upper.place.height) / 2,
    )
    text = upper.line.text + lower.line.text
    return _row(Line(text, min(upper.line.confidence, lower.line.confidence), box), place, kind)


def _sorted(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.place.middle, row.place.left))
