"""Finds people of a roster file outside the columns that are read, so that none is left out."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from documents.check_digits import id_number_is_valid
from documents.handed_in_sheets import SheetCell, SheetLine, TableSheet
from documents.rosters.cells import number_of, text_of
from documents.rosters.headings import field_of
from language import _
from rules.errors import BadInput

if TYPE_CHECKING:
    from documents.rosters.roster_file import Roster

EXAMPLE_ID = "220104198503170019"
"""The number of the example on the roster that the office hands out."""
_ID_DIGITS = 18


class _Place(NamedTuple):
    """A cell with a person's number that is not read; `column` counts from 0."""

    sheet: str
    row: int
    column: int


def refuse_people_elsewhere(sheets: Sequence[TableSheet], read: "Roster") -> None:
    """Raise BadInput if another sheet, or a place beside or above what is read, holds numbers of
    people: the sentence names the first of them and their count."""
    places = list(_unread(sheets, read))
    if not places:
        return
    sheet, row, column = places[0]
    words = {"count": len(places), "row": row, "column": _letters(column)}
    where = _("第 %(row)s 行 %(column)s 列起还有 %(count)s 个证件号码没有读入") % words
    if sheet != read.sheet:
        named = {"sheet": sheet, "read": read.sheet}
        where = _("读的是工作表“%(read)s”，工作表“%(sheet)s”") % named + where
    raise BadInput(where + _("。请把所有人放在同一张工作表的同一组栏目下再交"))


def _unread(sheets: Sequence[TableSheet], read: "Roster") -> Iterator[_Place]:
    for sheet in sheets:
        for line in sheet.lines:
            if sheet.name != read.sheet or line.row <= read.headings.row:
                for column in _numbers_on(line):
                    yield _Place(sheet.name, line.row, column)
        if sheet.name == read.sheet:
            yield from _beside(read)


def _beside(read: "Roster") -> Iterator[_Place]:
    """Numbers in columns that are not read and whose heading says nothing else: 配偶身份证号 is the
    unit's own affair."""
    headings = read.headings.cells
    for columns, line in read.blocks():
        own = columns["id_number"].place
        taken = {column.place for column in columns.values()}
        for column in _numbers_on(line):
            heading = headings[column] if column < len(headings) else ""
            means_something_else = text_of(heading) != "" and field_of(heading) != "id_number"
            if column in taken or means_something_else or _same(line, own, column):
                continue
            yield _Place(read.sheet, line.row, column)


def _numbers_on(line: SheetLine) -> Iterator[int]:
    for column, cell in enumerate(line.cells):
        if _is_a_persons(cell):
            yield column


def _is_a_persons(cell: SheetCell) -> bool:
    if not isinstance(cell, str) or len(cell.strip()) < _ID_DIGITS:
        return False
    number = number_of(cell)
    return len(number) == _ID_DIGITS and number != EXAMPLE_ID and id_number_is_valid(number)


def _same(line: SheetLine, own: int, column: int) -> bool:
    return own < len(line.cells) and number_of(line.cells[own]) == number_of(line.cells[column])


def _letters(column: int) -> str:
    """The column as spreadsheet programs name it: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
