"""The lines of a table: which cells stand at one height, and which heading stands over a cell."""

from collections.abc import Sequence

from documents.reading.page_layout import PageRow, PageSheet


def line_of(sheet: PageSheet, row: PageRow) -> list[PageRow]:
    """All cells at its height, from left to right."""
    cells = (row, *sheet.beside(row, float("-inf"), 0.5))
    return sorted(cells, key=lambda cell: cell.place.left)


def is_alone(sheet: PageSheet, row: PageRow) -> bool:
    """Whether no other cell stands at its height."""
    return not sheet.beside(row, float("-inf"), 0.5)


def column_heading(
    sheet: PageSheet, row: PageRow, line: Sequence[PageRow], headings: Sequence[PageRow]
) -> PageRow | None:
    """The cell over this one in the nearest line above that holds one of the headings: the cell in
    the same place of a line with as many cells, else the one that shares most of its width."""
    above = [head for head in headings if head.place.middle < row.place.top]
    if not above:
        return None
    heads = line_of(sheet, max(above, key=lambda head: head.place.middle))
    if len(heads) == len(line):
        return heads[line.index(row)]
    return max(
        (head for head in heads if _shared(head, row) > 0),
        key=lambda head: _shared(head, row),
        default=None,
    )


def _shared(one: PageRow, other: PageRow) -> float:
    return min(one.place.right, other.place.right) - max(one.place.left, other.place.left)
