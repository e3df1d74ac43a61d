"""Spreadsheets that are handed in, opened where they can harm nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from documents.packets import media_types
from documents.packets.child import as_file, ask
from documents.packets.faults import Unfit
from documents.packets.limits import MEBIBYTE, Limits
from documents.packets.reasons import FileFault
from language import _
from rules.errors import BadInput

SheetCell = str | float  # an empty cell is ""; a date is written as 2026-03-02

LIMITS = replace(Limits(), max_bytes_file=64 * MEBIBYTE)
MAX_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A filled row; `row` is the number the spreadsheet program shows beside it."""

    row: int
    cells: list[SheetCell]


def sheets_of(content: bytes) -> Iterator[list[SheetLine]]:
    """The filled rows of each visible sheet; BadInput if the file cannot be read."""
    if len(content) > LIMITS.max_bytes_file:
        raise Unfit(FileFault.FILE_TOO_LARGE, LIMITS)
    try:
        yield from _sheets(content)
    except Unfit as unfit:
        if unfit.fault != FileFault.DAMAGED:
            raise
        raise BadInput(_("不是可以读取的 Excel 文件（.xlsx 或 .xls），或文件已损坏")) from unfit


def _sheets(content: bytes) -> Iterator[list[SheetLine]]:
    sheet: list[SheetLine] | None = None
    with as_file(content) as file, ask("list", file, LIMITS, media_type=media_types.OFFICE) as told:
        while words := told.words():
            if sheet is not None and "sheet" not in words:
                sheet.append(SheetLine(words["at"], words["cells"]))
                if len(sheet) > MAX_ROWS:
                    raise BadInput(_("表格超过 %(rows)s 行") % {"rows": MAX_ROWS})
                continue
            if sheet is not None:
                yield sheet
            sheet = []
    if sheet is not None:
        yield sheet
