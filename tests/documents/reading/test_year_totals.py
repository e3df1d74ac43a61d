"""Sums that a page prints twice: of this stay and of the year, and what nobody can tell apart."""

from collections.abc import Callable, Sequence

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.agreement import WELL_READ
from documents.reading.fields import FieldName

PageMaker = Callable[..., PageReading]
SHEET = Kind.SETTLEMENT_SHEET
FUND, OWN, TOTAL = FieldName.FUND_PAID, FieldName.OWN_SHARE, FieldName.MEDICAL_EXPENSE_TOTAL
OF_STAY = {FUND: "9000.00", OWN: "3000.00", TOTAL: "12000.00"}
Rows = Sequence[str | Sequence[tuple[int, str]]]

YEAR = "医疗费总额：45000.00  统筹基金支付：33000.00  个人支付：12000.00"
STAY = "医疗费总额：12000.00  统筹基金支付：9000.00  个人支付：3000.00"


def in_columns(*rows: str) -> Rows:
    """Rows of cells, 250 apart."""
    return [[(100 + 250 * place, cell) for place, cell in enumerate(row.split())] for row in rows]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["本年累计信息", YEAR, "本次结算信息", STAY], id="year-first"),
        pytest.param(["本次结算信息", STAY, "本年度累计情况", YEAR], id="stay-first"),
        pytest.param(["年度累计（截至2026年3月）", YEAR, "二、结算明细", STAY], id="next-part"),
        pytest.param([f"本年累计：{YEAR}", f"本次结算：{STAY}"], id="in-the-row"),
        pytest.param([f"{STAY}  本年累计  {YEAR}"], id="in-one-row"),
        pytest.param(
            [STAY, "本年累计医疗费总额：45000.00  本年累计统筹基金支付：33000.00"],
            id="in-the-label",
        ),
        pytest.param(
            in_columns(
                "项目 累计 本次",
                "医疗费总额 45000.00 12000.00",
                "统筹基金支付 33000.00 9000.00",
                "个人支付 12000.00 3000.00",
            ),
            id="column-first",
        ),
        pytest.param(
            [
                [(100, "项目"), (190, "累计"), (280, "本次")],
                [(100, "医疗费总额"), (280, "45000.00"), (430, "12000.00")],
                [(100, "统筹基金支付"), (310, "33000.00"), (460, "9000.00")],
                [(100, "个人支付"), (250, "12000.00"), (400, "3000.00")],
            ],
            id="column-askew",
        ),
        pytest.param(
            in_columns(
                "项目 本次金额 本年累计金额",
                "医疗费总额 12000.00 45000.00",
                "统筹基金支付 9000.00 33000.00",
                "个人支付 3000.00 12000.00",
            ),
            id="column-last",
        ),
    ],
)
def test_the_sums_of_the_year_are_not_those_of_the_stay(a_page: PageMaker, rows: Rows) -> None:
    found = extract([a_page(SHEET, rows)])
    assert {name: found.fields[name].value for name in OF_STAY} == OF_STAY
    assert all(found.fields[name].confidence >= WELL_READ for name in OF_STAY)
    assert found.lone == set()


def test_a_row_of_the_year_is_not_the_value_of_the_label_above_it(a_page: PageMaker) -> None:
    rows = in_columns("项目 统筹基金支付 个人支付", "本年累计 33000.00 12000.00")
    assert extract([a_page(SHEET, rows)]).fields == {}


def test_of_several_columns_the_first_is_not_surely_the_one_asked_for(a_page: PageMaker) -> None:
    rows = in_columns("费用项目 一档 二档", "统筹基金支付 8000.00 9000.00")
    assert extract([a_page(SHEET, rows)]).fields[FUND].confidence < WELL_READ


def test_the_first_item_under_a_heading_is_not_the_total(a_page: PageMaker) -> None:
    rows = in_columns("费用项目 总金额", "西药费 6000.00", "检查费 6000.00", "合计 12000.00")
    assert extract([a_page(SHEET, rows)]).fields[TOTAL].value == "12000.00"


def test_the_days_of_a_year_are_not_those_of_the_stay(a_page: PageMaker) -> None:
    rows = ["住院天数：9天", "本年累计情况", "住院天数：35天"]
    assert extract([a_page(SHEET, rows)]).fields[FieldName.DAYS_IN_HOSPITAL].value == 9


def test_a_year_that_is_no_heading_takes_nothing_away(a_page: PageMaker) -> None:
    rows = ["结算年度：2026  参保年度：2026", "人员类别：在职  年度：2026", STAY]
    found = extract([a_page(SHEET, rows)]).fields
    assert {name: found[name].value for name in OF_STAY} == OF_STAY


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (FUND, ["统筹基金支付：9000.00", "统筹支付：11000.00"]),
        (OWN, ["个人支付：3000.00", "个人负担：4000.00"]),
        (FieldName.DEDUCTIBLE, ["起付线：800.00", "起付标准：1400.00"]),
        (FieldName.DISCHARGED_ON, ["出院日期：2026-03-11", "出院时间：2026-03-15"]),
        (FieldName.DAYS_IN_HOSPITAL, ["住院天数：9天", "实际住院天数：12天"]),
    ],
    ids=["fund", "own", "deductible", "last-day", "days"],
)
def test_of_two_values_on_one_page_neither_is_sure(
    a_page: PageMaker, name: FieldName, rows: list[str]
) -> None:
    assert extract([a_page(SHEET, rows)]).fields[name].confidence < WELL_READ


def test_the_first_cell_of_a_row_is_not_the_value_of_a_label_at_the_right_margin(
    a_page: PageMaker,
) -> None:
    heads = [(100, "医疗费总额"), (400, "统筹基金支付"), (1000, "起付线")]
    page = a_page(SHEET, [heads, [(100, "12000.00"), (400, "9000.00"), (700, "800.00")]])
    assert FieldName.DEDUCTIBLE not in extract([page]).fields
