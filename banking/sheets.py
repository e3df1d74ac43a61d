"""Tables in spreadsheets: a heading row and lines under it, written and read as a stream."""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from banking.sheet_rows import ListCell, with_rows
from documents.handed_in_sheets import SheetCell, first_sheet_lines
from documents.masks import mask_card, mask_name
from documents.new_workbook import EXACT_BELOW, new_workbook, print_across_a4
from documents.packets.file_limits import MEBIBYTE, USUAL_LIMITS, Limits
from language import _
from rules.errors import BadInput
from rules.money import Fen

_AMOUNT = re.compile(r"[¥￥]?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)元?", re.ASCII)
_DUST = Decimal("0.0001")  # fen that a formula leaves: 1800.0000000000002
_MASKS: Mapping[str, Callable[[str], str]] = {"account": mask_card, "name": mask_name}
MAX_BYTES, _MAX_ROWS, _MEMORY = 128 * MEBIBYTE, 150_000, 1024 * MEBIBYTE


OWN_LIMITS = replace(USUAL_LIMITS, max_bytes_file=MAX_BYTES)
"""For a file that this program wrote: it is as long as its batch."""


@dataclass(frozen=True)
class ListColumn:
    """A column of a bank's list: its heading, and what stands in it on each line."""

    heading: str
    field: str
    """What of the batch or payment it carries (`banking/formats/list_lines.py`); of a column that
    carries nothing, its heading."""
    also: tuple[str, ...] = ()  # other spellings of the heading, accepted on reading
    width: int = 12  # characters in a sheet; bytes in a text without separators
    text: str = ""  # what stands there on every line; empty: what the field says


@dataclass(frozen=True)
class ListRow:
    """One line of a sheet as it was read; `number` is what the spreadsheet program shows, `sheet`
    is named where there is more than one."""

    number: int
    cells: Mapping[str, str | float]
    headings: Mapping[str, str]
    sheet: str = ""

    def text(self, field: str) -> str:
        value = self.cells.get(field, "")
        if not isinstance(value, float):
            return str(value).strip()
        if not value.is_integer() or abs(value) >= EXACT_BELOW:
            raise BadInput(self.fault(field, _("是数字格式，位数已失真，请改为文本后重新导出")))
        return str(int(value))

    def amount(self, field: str) -> Fen:
        """An amount above 0; BadInput unless it is one to the fen."""
        value = self.cells.get(field, "")
        # str of a float is the shortest decimal for it, which is what was typed.
        spelled = str(value).strip()
        match = _AMOUNT.fullmatch(spelled)
        fen = Decimal(match[1].replace(",", "")).scaleb(2) if match else Decimal(0)
        if isinstance(value, float) and abs(fen - (whole := fen.to_integral_value())) < _DUST:
            fen = whole
        if fen != fen.to_integral_value() or not 0 < fen < EXACT_BELOW:
            raise BadInput(
                self.fault(field, _("不是有效金额：%(value)s") % {"value": spelled[:30]})
            )
        return Fen(int(fen))

    def fault(self, field: str, why: str) -> str:
        """A sentence that names this row, the column and what is wrong with it."""
        words = {"row": self.place(), "field": self.headings[field], "why": why}
        return _("第 %(row)s 行 %(field)s：%(why)s") % words

    def place(self) -> str:
        """The row's number, and its sheet where there are several: Sheet2!7."""
        return f"{self.sheet}!{self.number}" if self.sheet else str(self.number)


def write_table(
    columns: Sequence[ListColumn],
    lines: Sequence[Sequence[ListCell]],
    title: str,
    created_at: datetime,
) -> bytes:
    """An .xlsx with one sheet; the same arguments always give the same bytes."""
    return write_lines(columns, lines, len(lines), title, created_at)


def write_lines(
    columns: Sequence[ListColumn],
    lines: Iterable[Sequence[ListCell]],
    count: int,
    title: str,
    created_at: datetime,
) -> bytes:
    """The same of `count` lines that are made one by one, since there may be many."""
    package = io.BytesIO()
    with new_workbook(package, created_at) as workbook:
        sheet = workbook.add_worksheet(title)
        print_across_a4(sheet)
        sheet.freeze_panes(1, 0)
        styles = [workbook.add_format({"num_format": form}) for form in ("@", "0.00")]
        # Only a cell that is written makes the library keep its format.
        for place, style in enumerate(styles, start=1):
            sheet.write_blank(place, 0, None, style)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.heading)
    headings = [column.heading for column in columns]
    return with_rows(package.getvalue(), headings, lines, count)


def read_table(
    content: bytes, columns: Sequence[ListColumn], limits: Limits = OWN_LIMITS
) -> Iterator[ListRow]:
    """The lines under the first row that has every heading; empty lines are skipped."""
    headings = {column.field: column.heading for column in columns}
    places: Mapping[str, int] = {}
    for line in first_sheet_lines(content, bounds(limits)):
        if not places:
            found = _places(line.cells, columns)
            places = found if len(found) == len(columns) else {}
        elif any(str(cell).strip() for cell in line.cells):
            cells = {field: line.cells[place] for field, place in places.items()}
            yield ListRow(line.row, cells, headings)
    if not places:
        wanted = "、".join(headings.values())
        raise BadInput(_("找不到表头，应有各列：%(columns)s") % {"columns": wanted})


def bounds(limits: Limits) -> Limits:
    """A bank's list is smaller than what else comes in."""
    size = min(limits.max_bytes_file, MAX_BYTES)
    return replace(limits, max_bytes_file=size, max_rows=_MAX_ROWS, memory=_MEMORY)


def amount_cell(amount: Fen) -> Decimal:
    """An amount for a number cell, converted without a float."""
    return Decimal(amount).scaleb(-2)


def shown(field: str, value: object) -> str:
    """A value as an error sentence may show it."""
    return _MASKS.get(field, str)(str(value))


def _places(cells: Sequence[SheetCell], columns: Sequence[ListColumn]) -> dict[str, int]:
    """The column of each field, if this row is a heading row."""
    # Banks print hints into the heading: 账号(必填) is still 账号.
    headings = [str(cell).strip().partition("(")[0].partition("（")[0].strip() for cell in cells]
    places: dict[str, int] = {}
    for column in columns:
        found = [
            place for place, text in enumerate(headings) if text in {column.heading, *column.also}
        ]
        if len(found) > 1:
            raise BadInput(_("表头中“%(heading)s”出现了两次") % {"heading": column.heading})
        if found:
            places[column.field] = found[0]
    return places
