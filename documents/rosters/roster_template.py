"""The roster that the office hands out: its columns, how to fill in each, and examples."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.check_digits import CARD_DIGITS
from documents.rosters.elsewhere import EXAMPLE_ID
from documents.rosters.roster_file import JOINS, RENEWS, STAYS_OUT, RosterRow
from documents.rosters.styled_workbook import Book, BookSheet, BookValue
from language import N_, _

_NUMBERS = {"id_number": (18, 18), "card": CARD_DIGITS}


@dataclass(frozen=True)
class TemplateColumn:
    """A column of the roster; `hint` says how to fill it in."""

    field: str
    heading: str
    width: int
    hint: str
    example: str = ""
    needed: bool = False
    choices: tuple[str, ...] = ()


COLUMNS = (
    TemplateColumn("number", "序号", 6, N_("从 1 起"), "1"),
    TemplateColumn("unit_name", "单位名称", 28, N_("单位全称"), "吉林省样例厅机关工会"),
    TemplateColumn("name", "姓名", 11, N_("与身份证一致"), "张三", needed=True),
    TemplateColumn(
        "id_number",
        "证件号码",
        22,
        N_("18 位身份证号。本列已设为文本；粘贴时请选“只粘贴值”，变成数字后末几位会丢失"),
        EXAMPLE_ID,
        needed=True,
    ),
    TemplateColumn("phone", "手机号", 14, N_("11 位"), "13800000000"),
    TemplateColumn(
        "employment",
        "用工性质",
        10,
        N_("正式、合同或临时。临时职工的聘用期须超过一年，请在备注写明，如“聘用18个月”"),
        "正式",
        choices=("正式", "合同", "临时"),
    ),
    TemplateColumn(
        "enrolment",
        "参保类型",
        10,
        N_("新参或续保；写“不续保”的一行不参保"),
        "新参",
        choices=(JOINS, RENEWS, STAYS_OUT),
    ),
    TemplateColumn(
        "plan",
        "计划代码",
        14,
        N_("不填即本次所交的计划。同时参加自选计划的另起一行；一人多份的加一列“份数”"),
        "main-2020",
    ),
    TemplateColumn("fee", "会费", 9, N_("元，每人合计"), "110.00"),
    TemplateColumn("unit_part", "单位承担", 10, N_("元，由工会经费承担"), "50.00"),
    TemplateColumn("member_part", "个人承担", 10, N_("元"), "30.00"),
    TemplateColumn("subsidy", "上级补助", 10, N_("元，由省直机关工会补助"), "30.00"),
    TemplateColumn("bank_name", "开户行", 20, N_("写到银行即可"), "中国建设银行"),
    TemplateColumn(
        "card",
        "银行卡号",
        23,
        N_("本人的借记卡，16 至 19 位；互助金直接打入此卡"),
        "6217000000000000004",
    ),
    TemplateColumn(
        "consented_on", "同意日期", 12, N_("本人书面同意参保的日期，如 2026-06-01"), "2026-06-01"
    ),
    TemplateColumn("consent_text", "同意书版本", 12, N_("本人签字的同意书的版本"), "2026-1"),
    TemplateColumn("notes", "备注", 40, N_("聘用期等需要说明的事")),
)
_SHARES = TemplateColumn("shares", "份数", 6, N_("不填为一份"), "1")
WIDTHS = {column.field: column.width for column in (*COLUMNS, _SHARES)}


def write_roster(book: Book, rows: Iterable[RosterRow], greyed: frozenset[int]) -> None:
    """The sheet with these rows, numbered from one; `greyed` holds the `row` of some of them."""
    rows = list(rows)
    columns = COLUMNS if all(row.shares == 1 for row in rows) else (*COLUMNS, _SHARES)
    page = book.page("参保名单", frozen=3)
    for place, column in enumerate(columns):
        page.heading(place, column.heading, column.width, *_look(column))
        _guide(page, place, column)
    for number, row in enumerate(rows, 1):
        looks = ("grey",) if row.row in greyed else ()
        for place, column in enumerate(columns):
            value = number if column.field == "number" else _value(row, column.field)
            page.put(number, place, value, *looks)


def write_how_to(book: Book) -> None:
    """The sheet that says how to fill in the roster."""
    page = book.page("填写说明")
    for place, (heading, width) in enumerate(
        ((_("栏目"), 14), (_("必填"), 8), (_("填写要求"), 84), (_("示例"), 26))
    ):
        page.heading(place, heading, width)
    for at, column in enumerate(COLUMNS, 1):
        needed = _("必填") if column.needed else ""
        for place, text in enumerate((column.heading, needed, _(column.hint), column.example)):
            page.put(at, place, text, "wrapped")


def _look(column: TemplateColumn) -> tuple[str, ...]:
    return ("needed",) if column.needed else ()


def _guide(page: BookSheet, place: int, column: TemplateColumn) -> None:
    if column.choices:
        page.offer(place, column.choices)
    if column.field in _NUMBERS:
        least, most = _NUMBERS[column.field]
        page.demand_length(place, least, most, _(column.hint))


def _value(row: RosterRow, field: str) -> BookValue:
    """What stands in the cell; None leaves it empty."""
    value = getattr(row, field)
    if field in ("fee", "unit_part", "member_part", "subsidy"):
        return None if value is None else Decimal(value).scaleb(-2)
    if isinstance(value, date):
        return value.isoformat()
    return value or None
