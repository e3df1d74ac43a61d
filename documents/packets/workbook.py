"""The sheets of an .xls or .xlsx as lines; runs in the child process only."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from python_calamine import CalamineError, PasswordError, SheetVisibleEnum, load_workbook

from documents.packets.file_faults import FileFault, Unusable

_COLUMNS = 100


def lines(source: BinaryIO) -> Iterator[dict[str, Any]]:
    """{"sheet": name} for each sheet a person sees, then {"at": row, "cells": […]} for each of its
    filled rows, numbered as the spreadsheet program does."""
    try:
        book = load_workbook(source)
    except PasswordError as error:
        raise Unusable(FileFault.ENCRYPTED) from error
    except CalamineError as error:
        raise Unusable(FileFault.DAMAGED) from error
    for sheet in book.sheets_metadata:
        if sheet.visible == SheetVisibleEnum.Visible:
            yield {"sheet": sheet.name}
            for at, row in enumerate(book.get_sheet_by_name(sheet.name).iter_rows(), 1):
                cells = [_plain(cell) for cell in row[:_COLUMNS]]
                if any(cell != "" for cell in cells):
                    yield {"at": at, "cells": cells}


def _plain(cell: object) -> str | float:
    if isinstance(cell, str | float):
        return cell
    if isinstance(cell, datetime):
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
