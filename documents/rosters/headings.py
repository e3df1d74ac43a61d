"""The headings (表头) of a roster's columns, in the spellings that units use."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from documents.handed_in_sheets import SheetCell
from documents.rosters.cells import text_of

NEEDED = {"name": "姓名", "id_number": "证件号码"}

SPELLINGS = {
    "unit_name": "单位名称 单位 工作单位 所在单位 工会名称",
    "name": "姓名 职工姓名 会员姓名 人员姓名 员工姓名 参保人姓名 参保人员姓名 参保职工姓名 "
    "被保障人姓名 互助会员姓名 名字",
    "id_number": "证件号码 证件号 身份证号 身份证号码 身份证 身份证件号码 公民身份号码 "
    "公民身份证号码 居民身份证 居民身份证号 "
    "居民身份证号码 有效证件号码 社会保障号 社会保障号码 身份号码 "
    "职工身份证号 职工身份证号码 会员身份证号 会员身份证号码",
    "sex": "性别",
    "birth": "出生日期 出生年月日 出生年月",
    "phone": "手机号 手机号码 手机 联系电话 联系方式 电话 移动电话 电话号码 联系手机",
    "employment": "用工性质 用工形式 用工类型",
    "category": "人员类别 人员性质 职工类别",
    "status": "在职状态 人员状态 职工状态 在职情况 在岗状态",
    "engaged_on": "聘用日期 聘用时间 聘用起始日期 聘用开始日期 入职日期 入职时间 合同起始日期",
    "engaged_months": "聘用月数 聘用期 聘期 聘用期限 合同期限 用工期限",
    "enrolment": "参保类型 参保性质",
    "plan": "计划代码",
    "shares": "份数 参保份数",
    "fee": "会费 会员费",
    "unit_part": "单位承担 单位承担金额",
    "member_part": "个人承担 个人承担金额",
    "subsidy": "上级补助 上级补助金额",
    "bank_name": "开户行 开户银行",
    "card": "银行卡号 银行卡 银行账号 卡号 银行卡账号 工资卡号 工资卡 借记卡号",
    "consented_on": "同意日期 本人同意日期 知情同意日期",
    "consent_text": "同意书版本 告知书版本",
    "notes": "备注 说明",
}
_FIELDS = {spelling: field for field, all_ in SPELLINGS.items() for spelling in all_.split()}


@dataclass(frozen=True)
class RosterColumn:
    """Where a field stands and what the sheet calls it."""

    place: int
    heading: str


def field_of(heading: SheetCell) -> str | None:
    """The field that stands under this heading; None if it is none of ours."""
    return _FIELDS.get(_plain(heading))


def columns_of(cells: Sequence[SheetCell]) -> dict[str, RosterColumn]:
    """The columns by field; of two columns with one heading the first counts."""
    columns: dict[str, RosterColumn] = {}
    for place, cell in enumerate(cells):
        field = field_of(cell)
        if field is not None and field not in columns:
            columns[field] = RosterColumn(place, str(cell).strip())
    return columns


def _plain(heading: SheetCell) -> str:
    """A heading without hints, punctuation and spaces: "* 证件 号码（必填）" is 证件号码."""
    text = unicodedata.normalize("NFKC", text_of(heading))
    return re.sub(r"[\s*※:]", "", re.split(r"[(\[【<]", text)[0])
