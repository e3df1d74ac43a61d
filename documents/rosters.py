"""Reads the roster (名册) a unit sends: columns are found by their headings, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from python_calamine import CalamineWorkbook

from language import _
from rules.errors import BadInput

HEADINGS = {
    "单位名称": "unit_name",
    "姓名": "name",
    "证件号码": "id_number",
    "身份证号": "id_number",
    "身份证号码": "id_number",
    "手机号": "phone",
    "联系电话": "phone",
    "用工性质": "employment",
    "参保类型": "enrolment",
    "计划代码": "plan",
    "开户行": "bank_name",
    "银行卡号": "card",
}
_NEEDED = {"name": "姓名", "id_number": "证件号码"}
_HEADING_ROWS = 10


@dataclass(frozen=True)
class RosterRow:
    """One line of a roster; `row` is the sheet's own number, empty text is an empty cell."""

    row: int
    name: str = ""
    id_number: str = ""
    unit_name: str = ""
    phone: str = ""
    employment: str = ""
    enrolment: str = ""
    plan: str = ""
    bank_name: str = ""
    card: str = ""


def read_roster(content: bytes) -> list[RosterRow]:
    """Every filled row below the headings; BadInput where a needed heading is missing."""
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        table = sheet.to_python(skip_empty_area=False)
    except Exception as error:
        raise BadInput(_("名册不是可以读取的 Excel 文件")) from error
    at, columns = _headings(table)
    rows = []
    for number, cells in enumerate(table[at + 1 :], at + 2):
        values = {field: _text(cells[column]) for field, column in columns.items()}
        if values.get("name") or values.get("id_number"):
            values["id_number"] = values["id_number"].upper()
            rows.append(RosterRow(row=number, **values))
    return rows


def _headings(table: Sequence[Sequence[object]]) -> tuple[int, dict[str, int]]:
    for at, cells in enumerate(table[:_HEADING_ROWS]):
        columns = {
            HEADINGS[heading]: column
            for column, cell in enumerate(cells)
            if (heading := _text(cell).replace(" ", "").split("(")[0].split("(")[0]) in HEADINGS
        }
        if columns.keys() >= _NEEDED.keys():
            return at, columns
    raise BadInput(_("名册缺少表头：%(heading)s") % {"heading": "、".join(_NEEDED.values())})


def _text(cell: object) -> str:
    # A spreadsheet keeps an 11-digit phone as a number; longer ones have lost digits already.
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
