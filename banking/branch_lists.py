"""Reads the list of branches and CNAPS codes (联行号) that an office gets from its bank."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from documents.handed_in_sheets import SheetCell, TableSheet
from language import _
from rules.errors import BadInput

_CODES = ("联行号", "联行行号", "支付行号", "参与者行号", "银行行号", "行号")
_NAMES = ("参与者全称", "参与者名称", "参与机构名称", "机构名称", "银行名称", "行名", "全称")
_CODE = re.compile(r"\d{12}", re.ASCII)
_MOST_TOLD = 20
_SAID_BY_SOME = re.compile(r"股份有限公司|有限责任公司|有限公司|\s")


def branches_in(sheets: Iterable[TableSheet]) -> Mapping[str, str]:
    """The names of the branches by their codes; BadInput names each row that has a fault."""
    found: dict[str, str] = {}
    faults: list[str] = []
    for sheet in sheets:
        places: tuple[int, int] | None = None
        for line in sheet.lines:
            if places is None:
                places = _places(line.cells)
                continue
            code, name = (_text(line.cells[place]) for place in places)
            if not _CODE.fullmatch(code) or not name:
                words = {"row": line.row, "value": code[:20]}
                faults.append(_("第 %(row)s 行：联行号应为 12 位数字，且有行名：%(value)s") % words)
            elif found.setdefault(code, name) != name:
                words = {"row": line.row, "value": code}
                faults.append(_("第 %(row)s 行：联行号 %(value)s 有两个行名") % words)
    if faults:
        raise BadInput("\n".join(faults[:_MOST_TOLD]))
    if not found:
        raise BadInput(_("没有找到联行号和行名两列"))
    return found


def branch_key(name: str) -> str:
    """The branch's name without what some write and others leave out."""
    return _SAID_BY_SOME.sub("", unicodedata.normalize("NFKC", name))


def _places(cells: Sequence[SheetCell]) -> tuple[int, int] | None:
    """The columns of code and name, if this row is a heading row."""
    headings = [_text(cell) for cell in cells]
    code, name = (
        next((headings.index(word) for word in words if word in headings), None)
        for words in (_CODES, _NAMES)
    )
    return None if code is None or name is None else (code, name)


def _text(cell: SheetCell) -> str:
    """A code that a spreadsheet keeps as a number is no 102241000018.0."""
    return f"{cell:.0f}" if isinstance(cell, float) else cell.strip()
