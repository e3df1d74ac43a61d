"""Writes the spreadsheets of members: paper, fonts, colours; texts stay texts."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

from documents.new_workbook import new_workbook, print_across_a4

BookValue = str | int | float | Decimal | None  # Decimal: an amount with two places

LAST_ROW = 1_048_575
_LINE = 16  # points
# A fixed time, so that the same rows always make the same file.
_MADE = datetime(2020, 1, 8, tzinfo=UTC)
_LOOKS: dict[str, dict[str, object]] = {
    "plain": {"font_name": "宋体", "font_size": 11, "valign": "vcenter"},
    "cell": {"border": 1, "border_color": "#BFBFBF"},
    "text": {"num_format": "@"},
    "money": {"num_format": "0.00"},
    "heading": {"bold": True, "border": 1, "align": "center", "bg_color": "#E7E6E6"},
    "needed": {"bg_color": "#FCE4D6", "font_color": "#C00000"},
    "grey": {"font_color": "#808080", "bg_color": "#F2F2F2"},
    "faulty": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "wrapped": {"text_wrap": True},
}


class Book:
    """A workbook that is being written."""

    def __init__(self) -> None:
        self._content = BytesIO()
        self._book = new_workbook(self._content, _MADE)
        self.look = cache(self._look)

    def page(self, title: str, frozen: int = 0) -> "BookSheet":
        """A sheet that prints across A4, its headings and `frozen` columns always in sight."""
        sheet = self._book.add_worksheet(title)
        print_across_a4(sheet)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, frozen)
        sheet.set_row(0, 24)
        return BookSheet(self, sheet)

    def content(self) -> bytes:
        """The finished file; nothing can be written afterwards."""
        self._book.close()
        return self._content.getvalue()

    def _look(self, *names: str) -> Any:
        merged: dict[str, object] = {}
        for name in ("plain", *names):
            merged |= _LOOKS[name]
        return self._book.add_format(merged)


class BookSheet:
    """A sheet that is being written; rows and columns count from 0, row 0 has the headings."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book, self._sheet = book, sheet

    def heading(self, column: int, text: str, width: int, *looks: str) -> None:
        """A heading and the column under it, which keeps what is typed there as text."""
        self._sheet.set_column(column, column, width, self._book.look("text"))
        self._sheet.write_string(0, column, text, self._book.look("heading", *looks))

    def put(self, row: int, column: int, value: BookValue, *looks: str) -> None:
        """A value as it is, None an empty cell: no text becomes a formula, a link or a number."""
        match value:
            case None:
                self._sheet.write_blank(row, column, None, self._book.look("cell", *looks))
            case str():
                look = self._book.look("cell", "text", *looks)
                self._sheet.write_string(row, column, value, look)
            case Decimal():
                look = self._book.look("cell", "money", *looks)
                self._sheet.write_number(row, column, value, look)
            case _:
                self._sheet.write_number(row, column, value, self._book.look("cell", *looks))

    def lines(self, row: int, count: int) -> None:
        """Make the row so high that a text of so many lines is seen whole."""
        self._sheet.set_row(row, _LINE * count)

    def offer(self, column: int, choices: tuple[str, ...]) -> None:
        """Let the column be filled from a list."""
        self._validate(column, {"validate": "list", "source": list(choices)})

    def demand_length(self, column: int, least: int, most: int, sentence: str) -> None:
        """Let the spreadsheet program refuse a number that is too short or too long."""
        rule = {"validate": "length", "criteria": "between", "minimum": least, "maximum": most}
        self._validate(column, rule | {"error_message": sentence})

    def _validate(self, column: int, rule: dict[str, object]) -> None:
        self._sheet.data_validation(1, column, LAST_ROW, column, rule)
