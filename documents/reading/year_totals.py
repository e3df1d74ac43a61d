"""Leaves out what a bill adds up over the year or before (本年累计, 本次结算前)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from documents.plain_text import HAN
from documents.reading.field_names import SHEET_SUMS, FieldName
from documents.reading.numbers import FIGURES
from documents.reading.page_layout import PageRow, PageSheet
from documents.reading.paper_labels import ACCUMULATED, OF_THIS_STAY, Mark
from documents.reading.table_lines import column_heading, is_alone, line_of

_ADDED_UP = (*SHEET_SUMS, FieldName.DAYS_IN_HOSPITAL)
_OF_YEAR = re.compile("|".join(ACCUMULATED))
_OF_STAY = re.compile("|".join(OF_THIS_STAY))
_A_DAY = re.compile(r"\d{1,4}\s*[年月日]|\d{4}(?:[-./]\d{1,2}){0,2}")
"""A heading may say up to which day it adds up: 截至2026年3月累计."""
_GLUED = re.compile(f"[{HAN}]+$")
"""Words right before a label make it another one: they say nothing of the labels after it."""
_LONGEST = 18
_PART = re.compile(
    r"\s*(?:[一二三四五六七八九十\d]{1,2}[、.]|.{0,10}(?:信息|情况|明细|说明)\s*:?\s*$)"
)
"""How the heading of another part of the page looks."""


def without_year_totals(sheet: PageSheet) -> PageSheet:
    """The sheet without the figures beside and below headings of the year; labels under them ask
    for no sum and no count of days."""
    headings = [row for row in sheet.rows if _OF_YEAR.search(row.text)]
    if not headings:
        return sheet
    columns = [row for row in headings if _is_of_year(row.text) and not is_alone(sheet, row)]
    kept = [row for row in sheet.rows if not _is_added_up(sheet, row, columns)]
    return replace(sheet, rows=tuple(_without_labels(sheet, kept)))


def _is_of_year(text: str) -> bool:
    """Whether the text is a heading of sums of the year, and holds none itself."""
    bare = _A_DAY.sub("", text)
    is_short = len(text) <= _LONGEST and not re.search(r"\d", bare)
    return is_short and _OF_YEAR.search(text) is not None and not _OF_STAY.search(text)


def _is_added_up(sheet: PageSheet, row: PageRow, headings: Sequence[PageRow]) -> bool:
    """Whether the row is a cell of figures whose column or line has such a heading."""
    if not FIGURES.fullmatch(row.text):
        return False
    line = line_of(sheet, row)
    before = [cell for cell in line if cell.place.right <= row.place.left]
    words = [cell for cell in before if not FIGURES.fullmatch(cell.text)]
    return any(
        head in headings for head in (*words[-1:], column_heading(sheet, row, line, headings))
    )


def _without_labels(sheet: PageSheet, rows: Sequence[PageRow]) -> Iterator[PageRow]:
    """The rows from top to bottom, their labels of sums taken away under a heading of the year."""
    in_part = False
    for row in rows:
        if _OF_STAY.search(row.text) or (not row.marks and _PART.match(row.text)):
            in_part = False
        if _is_of_year(row.text) and is_alone(sheet, row):
            in_part = True
        yield row._replace(marks=tuple(_marks(row, in_part)))


def _marks(row: PageRow, in_part: bool) -> Iterator[Mark]:
    at = 0
    for mark in row.marks:
        between = _GLUED.sub("", row.text[at : mark.start])
        of_year, of_stay = _last(_OF_YEAR, between), _last(_OF_STAY, between)
        in_part = of_year > of_stay or (in_part and of_stay < 0)
        at = mark.end
        yield mark._replace(field=None) if in_part and mark.field in _ADDED_UP else mark


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)
