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
    if len(content) > limits.max_bytes_file:
        raise Unfit(FileFault.FILE_TOO_LARGE, limits)
    try:
        yield from _sheets(content, limits)
    except Unfit as unfit:
        if (sentence := _SENTENCES.get(unfit.fault)) is None:
            raise
        raise BadInput(_(sentence)) from unfit


def _sheets(content: bytes, limits: Limits) -> Iterator[TableSheet]:
    sheet: TableSheet | None = None
    kind = _kind_of(content, limits)
    with as_file(content) as file, ask("list", file, limits, media_type=kind) as told:
        while words := told.words():
            if sheet is not None and "sheet" not in words:
                sheet.lines.append(
                    SheetLine(
                        words["at"],
                        words["cells"],
                        words.get("struck", False),
                        words.get("unseen", False),
                    )
                )
                if len(sheet.lines) > limits.max_rows:
                    raise BadInput(_("表格超过 %(rows)s 行") % {"rows": limits.max_rows})
                continue
            if sheet is not None:
                yield sheet
            sheet = TableSheet(
                words["sheet"], tuple(words.get("hidden", ())), kind == media_types.TEXT
            )
    if sheet is not None:
        yield sheet


def _kind_of(content: bytes, limits: Limits) -> str:
    kind = media_types.media_type_of(content[: media_types.HEAD_BYTES])
    if kind is None:
        return media_types.TEXT
    if kind not in _WORKBOOKS:
        raise Unfit(FileFault.DAMAGED, limits)
    return media_types.OFFICE
