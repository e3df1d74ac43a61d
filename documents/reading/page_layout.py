"""A page laid out for finding values: rows in their true places and the labels among them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from documents.kinds import Kind
from documents.reading.deskew import Place, places
from documents.reading.page import PageReading, TextLine
from documents.reading.paper_labels import Mark, find_marks
from documents.reading.simplified import simplified
from documents.reading.split_labels import join_labels


class PageRow(NamedTuple):
    """One line with its plain text, its straightened place and the labels in it."""

    line: TextLine
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
        """How many characters stand before the first label."""
        return self.marks[0].start if self.marks else len(self.text)


@dataclass(frozen=True)
class PageSheet:
    """All rows of one page, from top to bottom."""

    kind: Kind
    rows: tuple[PageRow, ...]
    also: tuple[Kind, ...] = ()

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Everything that is copied on the page."""
        return (self.kind, *self.also)

    def beside(self, row: PageRow, x: float, tolerance: float) -> list[PageRow]:
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

    def below(self, row: PageRow, left: float, right: float) -> Iterator[PageRow]:
        """Rows under the row that share some of the span from left to right, nearest first."""
        for other in self.rows:
            shared = min(right, other.place.right) - max(left, other.place.left)
            if other.place.middle > row.place.low and shared > 0:
                yield other


def lay_out(page: PageReading) -> PageSheet:
    """The page's lines as a sheet."""
    placed = join_labels(list(zip(page.lines, places(page.lines), strict=True)))
    rows = tuple(_row(line, place, page.kind) for line, place in placed)
    return PageSheet(page.kind, rows, page.also)


def _row(line: TextLine, place: Place, kind: Kind) -> PageRow:
    text = simplified(line.text)
    return PageRow(line, text, place, find_marks(text, glued=kind is Kind.ID_CARD_FRONT))
