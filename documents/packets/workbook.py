"""The sheets of an .xls, .xlsx or .ods as lines; runs in the child process only."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook

from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import MOST_COLUMNS
from documents.packets.media_types import SEALED_PACKAGE
from documents.packets.workbook_marks import SheetMarks, marks_of

_LONGEST_CELL = 32_767
"""Signs that a spreadsheet program lets a person write into one cell."""


def lines(source: BinaryIO) -> Iterator[dict[str, Any]]:
    """{"sheet": name, "hidden": [columns]} for each sheet a person sees, then {"at": row, "cells":
    […]} for each of its filled rows, numbered as the spreadsheet program does; "struck" or
    "unseen" where the row is struck through or hidden."""
    marks = marks_of(source)
    try:
        book = load_workbook(source)
    except PasswordError as error:
        raise Unusable(FileFault.ENCRYPTED) from error
    except CalamineError as error:
        raise Unusable(_fault(source)) from error
    for sheet in book.sheets_metadata:
        if sheet.visible == SheetVisibleEnum.Visible:
            looks = marks.get(sheet.name) or SheetMarks()
            yield {"sheet": sheet.name, "hidden": looks.hidden_columns}
            for at, row in enumerate(book.get_sheet_by_name(sheet.name).iter_rows(), 1):
                cells = [_plain(cell) for cell in row[:MOST_COLUMNS]]
                if any(cell != "" for cell in cells):
                    yield {"at": at, "cells": cells, **_looks(looks, at)}


def _looks(marks: SheetMarks, at: int) -> dict[str, bool]:
    struck, unseen = at in marks.struck_rows, at in marks.hidden_rows
    return ({"struck": True} if struck else {}) | ({"unseen": True} if unseen else {})


def _fault(source: BinaryIO) -> FileFault:
    """The reader calls a file with a password broken."""
    source.seek(0)
    return FileFault.ENCRYPTED if SEALED_PACKAGE in source.read() else FileFault.DAMAGED


def _plain(cell: object) -> str | float:
    if isinstance(cell, str) and len(cell) > _LONGEST_CELL:
        raise Unusable(FileFault.OVERBLOWN)
    if isinstance(cell, str | float):
        return cell
    if isinstance(cell, datetime):
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
