"""Reads the roster (名册) a unit sends: columns are found by their headings, in any order."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from documents.handed_in_sheets import SheetCell, SheetLine, sheets_of
from documents.packets.file_limits import USUAL_LIMITS, Limits
from documents.rosters.cells import (
    amount_of,
    birth_of,
    count_of,
    day_of,
    name_of,
    number_of,
    text_of,
)
from documents.rosters.engagement import term_of
from language import _
from rules.errors import BadInput
from rules.facts import SEX_WORDS, Sex
from rules.money import Fen

NEEDED = {"name": "姓名", "id_number": "证件号码"}
JOINS, RENEWS = "新参", "续保"
STAYS_OUT = "不续保"
"""What 参保类型 says of somebody who is on a pre-filled roster and is not to be enrolled."""

SAID_OF_STAFF = ("employment", "category", "status")
"""The columns that say how a worker is engaged; a sheet may have several of them."""

_SPELLINGS = {
    "unit_name": "单位名称 单位 工作单位 所在单位 工会名称",
    "name": "姓名 职工姓名 会员姓名 参保人姓名 参保职工姓名 被保障人姓名",
    "id_number": "证件号码 证件号 身份证号 身份证号码 身份证 身份证件号码 公民身份号码 "
    "居民身份证号 居民身份证号码 有效证件号码",
    "sex": "性别",
    "birth": "出生日期 出生年月日 出生年月",
    "phone": "手机号 手机号码 手机 联系电话 联系方式 电话",
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
    "card": "银行卡号 银行卡 银行账号 卡号",
    "consented_on": "同意日期 本人同意日期 知情同意日期",
    "consent_text": "同意书版本 告知书版本",
    "notes": "备注 说明",
}
HEADINGS = {spelling: field for field, all_ in _SPELLINGS.items() for spelling in all_.split()}
_HEADING_LINES = 20
_TOTALS = ("合计", "总计", "小计", "共计", "总人数", "填表", "制表", "注:", "备注:", "说明:")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of a roster; `row` is the sheet's own number, empty text is an empty cell.

    `birth` holds digits, 19850317 or only 198503. Of an amount and a day, None is an empty cell.
    `unreadable` names the fields whose cell holds something that cannot be understood.
    """

    row: int
    name: str = ""
    id_number: str = ""
    unit_name: str = ""
    phone: str = ""
    employment: str = ""
    category: str = ""
    status: str = ""
    enrolment: str = ""
    plan: str = ""
    bank_name: str = ""
    card: str = ""
    sex: Sex | None = None
    birth: str = ""
    engaged_on: date | None = None
    engaged_months: int | None = None
    shares: int = 1
    fee: Fen | None = None
    unit_part: Fen | None = None
    member_part: Fen | None = None
    subsidy: Fen | None = None
    consented_on: date | None = None
    consent_text: str = ""
    notes: str = ""
    unreadable: tuple[str, ...] = ()

    @property
    def stays_out(self) -> bool:
        """Whether the unit marked him as not to be enrolled."""
        return self.enrolment == STAYS_OUT


@dataclass(frozen=True)
class RosterColumn:
    """Where a field stands and what the sheet calls it."""

    place: int
    heading: str


@dataclass(frozen=True)
class Roster:
    """A sheet as it was read: the line of its headings, the lines below, the columns by field."""

    headings: SheetLine
    lines: Sequence[SheetLine]
    columns: Mapping[str, RosterColumn]

    @property
    def missing(self) -> list[str]:
        """The headings that are missing and that enrolment needs."""
        return [heading for field, heading in NEEDED.items() if field not in self.columns]

    def rows(self) -> Iterator[RosterRow]:
        """The rows of people; totals, remarks and repeated headings are skipped."""
        if self.missing:
            return
        cast = [(field, column.place, _KINDS[field]) for field, column in self.columns.items()]
        for line in self.lines:
            values = _values(line.cells, cast)
            if not _PERSONAL.isdisjoint(values) and not _is_remark(line, values):
                yield RosterRow(row=line.row, **values)  # type: ignore[arg-type]


def open_roster(content: bytes, limits: Limits = USUAL_LIMITS) -> Roster:
    """The first sheet with the headings, else the one that has most of them."""
    best = Roster(SheetLine(1, []), (), {})
    for found in _candidates(content, limits):
        if not found.missing:
            return found
        best = max(best, found, key=lambda roster: (-len(roster.missing), len(roster.columns)))
    return best


def read_roster(content: bytes, limits: Limits = USUAL_LIMITS) -> list[RosterRow]:
    """Every person on the roster; BadInput where a needed heading is missing."""
    roster = open_roster(content, limits)
    if roster.missing:
        raise BadInput(_("名册缺少表头：%(heading)s") % {"heading": "、".join(roster.missing)})
    return list(roster.rows())


def _candidates(content: bytes, limits: Limits) -> Iterator[Roster]:
    """Each row that may hold the headings, with what stands below it."""
    for lines in sheets_of(content, limits):
        for number, line in enumerate(lines[:_HEADING_LINES]):
            yield Roster(line, lines[number + 1 :], _columns(line.cells))


def _columns(cells: Sequence[SheetCell]) -> dict[str, RosterColumn]:
    columns: dict[str, RosterColumn] = {}
    for place, cell in enumerate(cells):
        field = HEADINGS.get(_plain(cell))
        if field is not None and field not in columns:
            columns[field] = RosterColumn(place, str(cell).strip())
    return columns


def _plain(heading: SheetCell) -> str:
    """A heading without hints, punctuation and spaces: "* 证件 号码（必填）" is 证件号码."""
    text = unicodedata.normalize("NFKC", text_of(heading))
    return re.sub(r"[\s*※:]", "", re.split(r"[(\[【<]", text)[0])


def _sex(cell: SheetCell) -> Sex:
    return _SEXES[text_of(cell).upper().removesuffix("性")]


def _text(cell: SheetCell) -> str:
    return text_of(cell)


def _term(cell: SheetCell) -> int:
    return term_of(unicodedata.normalize("NFKC", text_of(cell)))


_SEXES = {text: sex for sex in Sex for text in (sex.value, SEX_WORDS[sex])}
_KINDS: dict[str, Callable[[SheetCell], object]] = dict.fromkeys(_SPELLINGS, _text) | {
    "name": name_of,
    "id_number": number_of,
    "phone": number_of,
    "card": number_of,
    "sex": _sex,
    "birth": birth_of,
    "engaged_on": day_of,
    "consented_on": day_of,
    "engaged_months": _term,
    "shares": count_of,
    **dict.fromkeys(("fee", "unit_part", "member_part", "subsidy"), amount_of),
}
# Fields only a person has: a row without any of them is a total or not filled in yet.
_PERSONAL = frozenset(
    {"name", "id_number", "phone", "card", "sex", "birth", "bank_name", "enrolment"}
    | set(SAID_OF_STAFF)
)


def _values(
    cells: Sequence[SheetCell], cast: Sequence[tuple[str, int, Callable[[SheetCell], object]]]
) -> dict[str, object]:
    """What the filled cells mean, by field."""
    values: dict[str, object] = {}
    unreadable: tuple[str, ...] = ()
    for field, place, meaning in cast:
        cell = cells[place] if place < len(cells) else ""
        if isinstance(cell, str) and not cell.strip():
            continue
        try:
            if (value := meaning(cell)) != "":
                values[field] = value
        except (ValueError, KeyError):
            unreadable += (field,)
    if unreadable:
        values["unreadable"] = unreadable
    return values


def _is_remark(line: SheetLine, values: Mapping[str, object]) -> bool:
    """Whether the row speaks of the whole roster: a total, who filled it in, headings again."""
    if HEADINGS.get(str(values.get("id_number", ""))) == "id_number":
        return True
    if values.get("id_number") or values.get("card"):
        return False
    first = next(text for cell in line.cells if (text := _spaceless(cell)))
    return first.startswith(_TOTALS) or _spaceless(str(values.get("name", ""))).startswith(_TOTALS)


def _spaceless(cell: SheetCell) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text_of(cell)))
