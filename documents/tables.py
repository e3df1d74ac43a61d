"""Writes tables for printing and sending: one sheet each, with title, notes and typed columns."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import xlsxwriter

from documents.new_workbook import new_workbook, print_across_a4

TableCell = str | int | date | None


class Shape(StrEnum):
    """What a column holds; the value is how a spreadsheet shows it."""

    TEXT = "@"
    COUNT = "#,##0"
    FEN = "#,##0.00"
    TENTHS = "0.0"
    BASIS_POINTS = "0.00%"
    DAY = "yyyy-mm-dd"


NUMBERS = {Shape.COUNT: 1, Shape.FEN: 100, Shape.TENTHS: 10, Shape.BASIS_POINTS: 10_000}
"""What stands to the right in its column, with how many of it make one."""


@dataclass(frozen=True)
class TableColumn:
    """One column: its heading, what it holds, how wide it is in characters."""

    heading: str
    shape: Shape = Shape.TEXT
    width: int = 12


@dataclass(frozen=True)
class Table:
    """One sheet. `name` is on its tab; None in a line is an empty cell."""

    name: str
    title: str
    columns: tuple[TableColumn, ...]
    lines: Sequence[Sequence[TableCell]]
    notes: tuple[str, ...] = ()


def write_tables(tables: Sequence[Table], created_at: datetime) -> bytes:
    """An .xlsx with a sheet for each table; no text becomes a formula or a link."""
    package = io.BytesIO()
    with new_workbook(package, created_at) as workbook:
        for table in tables:
            _write(workbook, table)
    return package.getvalue()


def _write(workbook: xlsxwriter.Workbook, table: Table) -> None:
    sheet = workbook.add_worksheet(table.name)
    print_across_a4(sheet)
    sheet.write_string(0, 0, table.title, workbook.add_format({"bold": True, "font_size": 14}))
    for row, note in enumerate(table.notes, 1):
        sheet.write_string(row, 0, note, workbook.add_format({"font_color": "#5a6873"}))
    top = len(table.notes) + 1
    words = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    heading = workbook.add_format(words)
    over_numbers = workbook.add_format(words | {"align": "right"})
    for place, column in enumerate(table.columns):
        style = workbook.add_format({"num_format": column.shape.value})
        sheet.set_column(place, place, column.width)
        above = over_numbers if column.shape in NUMBERS else heading
        sheet.write_string(top, place, column.heading, above)
        for row, line in enumerate(table.lines, top + 1):
            _write_cell(sheet, row, place, line[place], column.shape, style)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    place: int,
    cell: TableCell,
    shape: Shape,
    style: object,
) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), style)  # noqa: DTZ001
    elif isinstance(cell, int):
        sheet.write_number(row, place, Decimal(cell) / NUMBERS[shape], style)
    elif cell is not None:
        sheet.write_string(row, place, cell, style)
