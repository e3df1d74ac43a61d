"""Tables in spreadsheets: a heading row and lines under it, written and read."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from banking.packing import repacked
from documents.handed_in_sheets import SheetCell, sheets_of
from documents.masks import mask_card, mask_name
from documents.new_workbook import EXACT_BELOW, new_workbook, print_across_a4
from documents.packets.file_limits import MEBIBYTE, USUAL_LIMITS, Limits
from language import _
from rules.errors import BadInput
from rules.money import Fen

ListCell = (
    str | int | Decimal | None
)  # None: the cell is absent; Decimal: an amount with two places
_AMOUNT = re.compile(r"[¥￥]?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)元?", re.ASCII)
_DUST = Decimal("0.0001")  # fen that a formula leaves: 1800.0000000000002
_MASKS: Mapping[str, Callable[[str], str]] = {"account": mask_card, "name": mask_name}
MAX_BYTES, _MAX_ROWS, _MEMORY = 16 * MEBIBYTE, 50_000, 1024 * MEBIBYTE


@dataclass(frozen=True)
class ListColumn:
    """A column of a bank's list: its heading and the field of `PaymentLine` that it carries."""

    heading: str
    field: str
    also: tuple[str, ...] = ()  # other spellings of the heading, accepted on reading
    width: int = 12


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
    package = io.BytesIO()
    with new_workbook(package, created_at) as workbook:
        sheet = workbook.add_worksheet(title)
        print_across_a4(sheet)
        sheet.freeze_panes(1, 0)
        text, money = (
            workbook.add_format({"num_format": "@"}),
            workbook.add_format({"num_format": "0.00"}),
        )
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.heading)
        for number, line in enumerate(lines, start=1):
            for place, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell, text)
                elif cell is not None:
                    sheet.write_number(
                        number, place, cell, money if isinstance(cell, Decimal) else None
                    )
    return repacked(package.getvalue())


def read_table(
    content: bytes, columns: Sequence[ListColumn], limits: Limits = USUAL_LIMITS
) -> tuple[ListRow, ...]:
    """The lines under the first row that has every heading; empty lines are skipped."""
    first = next(sheets_of(content, bounds(limits)), None)
    lines = first.lines if first else []
    for above, line in enumerate(lines, 1):
        places = _places(line.cells, columns)
        if len(places) == len(columns):
            headings = {column.field: column.heading for column in columns}
            return tuple(
                ListRow(
                    line.row,
                    {field: line.cells[place] for field, place in places.items()},
                    headings,
                )
                for line in lines[above:]
                if any(str(cell).strip() for cell in line.cells)
            )
    wanted = "、".join(column.heading for column in columns)
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
