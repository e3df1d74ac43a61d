"""Opens handed-in spreadsheets in a confined child process."""

from collections.abc import Iterator
from dataclasses import dataclass

from documents.packets import media_types
from documents.packets.confined_child import as_file, ask
from documents.packets.file_faults import FileFault
from documents.packets.file_limits import Limits
from documents.packets.unfit import Unfit
from language import _
from rules.errors import BadInput

SheetCell = str | float  # an empty cell is ""; a date is written as 2026-03-02


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A filled row; `row` is the number the spreadsheet program shows beside it."""

    row: int
    cells: list[SheetCell]


def sheets_of(content: bytes, limits: Limits) -> Iterator[list[SheetLine]]:
    """The filled rows of each visible sheet, each row as wide as its sheet; BadInput if the file
    cannot be read.

    One wrong byte can make the .xls reader allocate a terabyte, so it runs in the child process.
    """
    if len(content) > limits.max_bytes_file:
        raise Unfit(FileFault.FILE_TOO_LARGE, limits)
    try:
        yield from _sheets(content, limits)
    except Unfit as unfit:
        if unfit.fault != FileFault.DAMAGED:
            raise
        raise BadInput(_("不是可以读取的 Excel 文件（.xlsx 或 .xls），或文件已损坏")) from unfit


def _sheets(content: bytes, limits: Limits) -> Iterator[list[SheetLine]]:
    sheet: list[SheetLine] | None = None
    with as_file(content) as file, ask("list", file, limits, media_type=media_types.OFFICE) as told:
        while words := told.words():
            if sheet is not None and "sheet" not in words:
                sheet.append(SheetLine(words["at"], words["cells"]))
                if len(sheet) > limits.max_rows:
                    raise BadInput(_("表格超过 %(rows)s 行") % {"rows": limits.max_rows})
                continue
            if sheet is not None:
                yield sheet
            sheet = []
    if sheet is not None:
        yield sheet
