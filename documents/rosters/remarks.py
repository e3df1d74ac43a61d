"""Lines of a roster that speak of the whole of it: totals, who filled it in, remarks."""

import re
import unicodedata
from collections.abc import Mapping

from documents.check_digits import is_id_number_shaped
from documents.handed_in_sheets import SheetCell, SheetLine
from documents.rosters.cells import number_of, text_of

_OLD_ID_DIGITS = 15
_TOTALS = ("合计", "总计", "小计", "共计", "总人数", "填表", "制表", "注:", "备注:", "说明:")
_CLOSING = re.compile(
    "(人数)?(合计|总计|小计)|共[0-9一二三四五六七八九十百千]+[人名]|合计人数"
    "|(单位|部门|工会)?(经办人?|负责人|联系人|审核人?|复核人?|审批人?|主席|录入人|填报人?|申报人)(:|$|签)"
    "|(联系)?电话:|(单位|工会)?(盖章|公章|签章)|填报日期|日期:|以上"
)


def is_remark(line: SheetLine, values: Mapping[str, object]) -> bool:
    """Whether the line is none of a person. A line with the number of an ID card, also a wrong
    one, never is a remark; nor is one with a bank card unless it begins with who signs."""
    number = str(values.get("id_number", ""))
    if sum(map(str.isdigit, number)) >= _OLD_ID_DIGITS or _holds_an_id(line):
        return False
    begins = [_spaceless(str(values.get("name", "")))]
    begins += [text for cell in line.cells if (text := _spaceless(cell))][:1]
    if any(_CLOSING.match(text) for text in begins):
        return True
    if number or values.get("card"):
        return False
    return any(text.startswith(_TOTALS) for text in begins)


def _holds_an_id(line: SheetLine) -> bool:
    return any(is_id_number_shaped(number_of(cell)) for cell in line.cells if isinstance(cell, str))


def _spaceless(cell: SheetCell) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text_of(cell)))
