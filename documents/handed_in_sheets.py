"""Opens handed-in spreadsheets, and tables saved as text, in a confined child process."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.packets import media_types
from documents.packets.confined_child import as_file, ask
from documents.packets.file_faults import FileFault
from documents.packets.file_limits import Limits
from documents.packets.unfit import Unfit
from language import N_, _
from rules.errors import BadInput

SheetCell = str | float  # an empty cell is ""; a date is written as 2026-03-02


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A filled row; `row` is the number the spreadsheet program shows beside it.

    `struck` says that most of it is struck through, `unseen` that the sheet hides it.
    """

    row: int
    cells: list[SheetCell]
    struck: bool = False
    unseen: bool = False


@dataclass(frozen=True)
class TableSheet:
    """The filled rows of a sheet, each as wide as the sheet; `hidden` columns count from 0, and
    `is_text` is a table of a text file, which any text may seem to be."""

    name: str
    hidden: tuple[int, ...] = ()
    is_text: bool = False
    lines: list[SheetLine] = field(default_factory=list)


NO_TABLE = N_(
    "不是可以读取的表格（.xlsx、.xls、.ods、.csv），或文件已损坏；请用 Excel 另存为 .xlsx 再交"
)
_SENTENCES = {
    FileFault.DAMAGED: NO_TABLE,
    FileFault.ENCRYPTED: N_("表格有密码，请在 Excel 里去掉密码再交"),
}
_WORKBOOKS = {media_types.OFFICE, media_types.ZIP}


def sheets_of(content: bytes, limits: Limits) -> Iterator[TableSheet]:
    """Each visible sheet, and each table of a text file; BadInput if the file cannot be read.

    One wrong byte can make the .xls reader allocate a terabyte, so it runs in the child process.
    """
    sheet: TableSheet | None = None
    for told in _told(content, limits):
        if isinstance(told, TableSheet):
            if sheet is not None:
                yield sheet
            sheet = told
        elif sheet is not None:
            sheet.lines.append(told)
    if sheet is not None:
        yield sheet


def first_sheet_lines(content: bytes, limits: Limits) -> Iterator[SheetLine]:
    """The lines of the first visible sheet, one after the other; BadInput as for all sheets."""
    sheets = 0
    for told in _told(content, limits):
        if isinstance(told, TableSheet):
            sheets += 1
        elif sheets == 1:
            yield told


def _told(content: bytes, limits: Limits) -> Iterator[TableSheet | SheetLine]:
    """Each sheet, still empty, and then its lines."""
    if len(content) > limits.max_bytes_file:
        raise Unfit(FileFault.FILE_TOO_LARGE, limits)
    try:
        yield from _from_child(content, limits)
    except Unfit as unfit:
        if (sentence := _SENTENCES.get(unfit.fault)) is None:
            raise
        raise BadInput(_(sentence)) from unfit


def _from_child(content: bytes, limits: Limits) -> Iterator[TableSheet | SheetLine]:
    kind = _kind_of(content, limits)
    with as_file(content) as file, ask("list", file, limits, media_type=kind) as told:
        rows = 0
        while words := told.words():
            rows = 0 if "sheet" in words else rows + 1
            if rows > limits.max_rows:
                raise BadInput(_("表格超过 %(rows)s 行") % {"rows": limits.max_rows})
            if "sheet" in words:
                yield TableSheet(
                    words["sheet"], tuple(words.get("hidden", ())), kind == media_types.TEXT
                )
            else:
                yield SheetLine(
                    words["at"],
                    words["cells"],
                    words.get("struck", False),
                    words.get("unseen", False),
                )


def _kind_of(content: bytes, limits: Limits) -> str:
    kind = media_types.media_type_of(content[: media_types.HEAD_BYTES])
    if kind is None:
        return media_types.TEXT
    if kind not in _WORKBOOKS:
        raise Unfit(FileFault.DAMAGED, limits)
    return media_types.OFFICE
