"""Leaves out the columns that are parts of another one (甲类, 乙类, 自费 beside 合计)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from documents.reading import numbers
from documents.reading.numbers import FIGURES
from documents.reading.page_layout import PageRow, PageSheet
from documents.reading.paper_labels import PART_COLUMNS, WHOLE_COLUMNS
from documents.reading.table_lines import column_heading, line_of
from rules.money import fen

_WHOLE = re.compile("|".join(WHOLE_COLUMNS))
_PART = re.compile("|".join(PART_COLUMNS))
_UNIT = re.compile(r"[\s:]|\(元\)|\(¥\)")

_Cell = tuple[PageRow, PageRow]
"""A figure and the heading of its column."""


def without_parts(sheet: PageSheet) -> PageSheet:
    """The sheet without the figures that a column beside them adds up: what headings name as parts,
    or what makes up the whole to the fen. Other columns stay, and are doubted."""
    wholes = [row for row in sheet.rows if _is(_WHOLE, row) and not _has_figures(sheet, row)]
    if not wholes:
        return sheet
    dropped: set[int] = set()
    for row in sheet.rows:
        if id(row) not in dropped and FIGURES.fullmatch(row.text):
            dropped.update(id(part) for part in _parts(sheet, line_of(sheet, row), wholes))
    return replace(sheet, rows=tuple(row for row in sheet.rows if id(row) not in dropped))


def _is(pattern: re.Pattern[str], heading: PageRow) -> bool:
    return pattern.fullmatch(_UNIT.sub("", heading.text)) is not None


def _has_figures(sheet: PageSheet, row: PageRow) -> bool:
    return any(FIGURES.fullmatch(cell.text) for cell in line_of(sheet, row))


def _parts(
    sheet: PageSheet, line: Sequence[PageRow], wholes: Sequence[PageRow]
) -> Iterator[PageRow]:
    """The cells of the line that are parts of another one in it."""
    figures = [cell for cell in line if FIGURES.fullmatch(cell.text)]
    heads = [column_heading(sheet, cell, line, wholes) for cell in figures]
    cells = [(cell, head) for cell, head in zip(figures, heads, strict=True) if head]
    whole = [cell for cell, head in cells if _is(_WHOLE, head)]
    rest = [(cell, head) for cell, head in cells if not _is(_WHOLE, head)]
    if len(whole) != 1 or len(cells) != len(figures):
        return
    if all(_is(_PART, head) for _, head in rest) or _add_up(rest, whole[0]):
        yield from (cell for cell, _ in rest)


def _add_up(parts: Sequence[_Cell], whole: PageRow) -> bool:
    """Whether the parts make up the whole, and none of them is asked for by its own heading."""
    if any(head.marks and not _is(_PART, head) for _, head in parts):
        return False
    sums = [numbers.first(numbers.find_amounts, cell.text) for cell in (whole, *dict(parts))]
    amounts = [fen(str(found.value)) for found in sums if found]
    return len(amounts) == len(parts) + 1 > 2 and amounts[0] == sum(amounts[1:])
