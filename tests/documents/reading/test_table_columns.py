"""Settlement sheets with several columns of figures: only one of them is what this stay cost."""

from collections.abc import Callable, Sequence

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, extract
from documents.reading.agreement import WELL_READ
from documents.reading.fields import FieldName

PageMaker = Callable[..., PageReading]
Rows = Sequence[str | Sequence[tuple[int, str]]]
SHEET = Kind.SETTLEMENT_SHEET
FUND, OWN, TOTAL = FieldName.FUND_PAID, FieldName.OWN_SHARE, FieldName.MEDICAL_EXPENSE_TOTAL
OF_STAY = {FUND: "9000.00", OWN: "3000.00", TOTAL: "12000.00"}


def in_columns(*rows: str) -> Rows:
    """Rows of cells, 200 apart."""
    return [[(100 + 200 * place, cell) for place, cell in enumerate(row.split())] for row in rows]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            in_columns(
                "项目 本次结算前 本次 累计",
                "医疗费总额 33000.00 12000.00 45000.00",
                "统筹基金支付 24000.00 9000.00 33000.00",
                "个人支付 9000.00 3000.00 12000.00",
            ),
            id="before-this-all",
        ),
        pytest.param(
            in_columns(
                "项目 上次 本次金额",
                "医疗费总额 33000.00 12000.00",
                "统筹基金支付 24000.00 9000.00",
                "个人支付 9000.00 3000.00",
            ),
            id="last-time-this-time",
        ),
        pytest.param(
            in_columns(
                "费用项目 甲类 乙类 丙类 合计",
                "西药费 1000.00 2000.00 0.00 3000.00",
                "检查费 5000.00 3000.00 1000.00 9000.00",
                "合计 6000.00 5000.00 1000.00 12000.00",
                "统筹基金支付 5000.00 4000.00 0.00 9000.00",
                "个人支付 1000.00 1000.00 1000.00 3000.00",
            ),
            id="classes-and-their-sum",
        ),
        pytest.param(
            in_columns(
                "费用项目 总金额 甲类 其中自费",
                "合计 12000.00 6000.00 1000.00",
                "统筹基金支付 9000.00 5000.00 0.00",
                "个人支付 3000.00 1000.00 1000.00",
            ),
            id="the-whole-first",
        ),
        pytest.param(
            in_columns(
                "项目 城镇 新农合 合计",
                "医疗费总额 6000.00 6000.00 12000.00",
                "统筹基金支付 5000.00 4000.00 9000.00",
                "个人支付 1000.00 2000.00 3000.00",
            ),
            id="unknown-parts-that-add-up",
        ),
        pytest.param(
            in_columns(
                "费用项目 甲类 总金额",
                "医疗费总额 8000.00 12000.00",
                "统筹基金支付 8000.00 9000.00",
                "个人支付 0.00 3000.00",
            ),
            id="one-part-and-the-whole",
        ),
    ],
)
def test_the_column_of_this_stay_and_of_the_whole_is_read(a_page: PageMaker, rows: Rows) -> None:
    found = extract([a_page(SHEET, rows)])
    assert {name: found.fields[name].value for name in OF_STAY} == OF_STAY
    assert all(found.fields[name].confidence >= WELL_READ for name in OF_STAY)
    assert found.lone == set()


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            in_columns(
                "项目 城镇 居民 全部",
                "医疗费总额 6000.00 6000.00 12000.00",
                "统筹基金支付 4500.00 4500.00 9000.00",
                "个人支付 1500.00 1500.00 3000.00",
            ),
            id="the-first-two-alike",
        ),
        pytest.param(
            [
                [(100, "项目"), (350, "一档"), (600, "二档")],
                [(100, "医疗费总额  33000.00"), (600, "12000.00")],
                [(100, "统筹基金支付  24000.00"), (600, "9000.00")],
                [(100, "个人支付  9000.00"), (600, "3000.00")],
            ],
            id="the-first-run-into-its-label",
        ),
        pytest.param(
            in_columns(
                "项目 甲类 报销 合计",
                "医疗费总额 6000.00 5000.00 12000.00",
                "统筹基金支付 5000.00 3500.00 9000.00",
                "个人支付 1000.00 1500.00 3000.00",
            ),
            id="unknown-parts-that-do-not-add-up",
        ),
    ],
)
def test_of_columns_that_nothing_tells_apart_none_is_sure(a_page: PageMaker, rows: Rows) -> None:
    fields = extract([a_page(SHEET, rows)]).fields
    assert all(fields[name].confidence < WELL_READ for name in OF_STAY)


def test_columns_that_are_fields_of_their_own_are_kept(a_page: PageMaker) -> None:
    rows = in_columns("合计 统筹基金支付 个人支付", "12000.00 9000.00 3000.00")
    fields = extract([a_page(SHEET, rows)]).fields
    assert {name: fields[name].value for name in OF_STAY} == OF_STAY


@pytest.mark.parametrize(
    "heading",
    ["西药部分", "住院预结算信息", "二、大病保险报销", "【门诊费用】", "补充保险支付情况："],
)
def test_sums_under_the_heading_of_an_unknown_part_are_doubted(
    a_page: PageMaker, heading: str
) -> None:
    rows = [
        "姓名：张三  性别：男",
        heading,
        "医疗费总额：12000.00",
        "统筹支付：9000.00  个人支付：3000.00",
    ]
    fields = extract([a_page(SHEET, rows)]).fields
    assert {name: fields[name].value for name in OF_STAY} == OF_STAY
    assert all(fields[name].confidence < WELL_READ for name in OF_STAY)


@pytest.mark.parametrize(
    "heading",
    [
        "费用信息",
        "二、医疗费用结算情况",
        "【基本医疗保险支付】",
        "本次住院费用",
        "2型糖尿病",
        "吉林市中心医院",
    ],
)
def test_headings_of_the_stay_itself_and_other_lines_cast_no_doubt(
    a_page: PageMaker, heading: str
) -> None:
    rows = [
        "姓名：张三  性别：男",
        heading,
        "医疗费总额：12000.00",
        "统筹支付：9000.00  个人支付：3000.00",
    ]
    fields = extract([a_page(SHEET, rows)]).fields
    assert all(fields[name].confidence >= WELL_READ for name in OF_STAY)


def test_the_doubt_ends_at_the_next_known_part(a_page: PageMaker) -> None:
    rows = ["姓名：张三", "大病保险报销", "起付线：800.00", "费用信息", "医疗费总额：12000.00"]
    fields = extract([a_page(SHEET, rows)]).fields
    assert fields[FieldName.DEDUCTIBLE].confidence < WELL_READ <= fields[TOTAL].confidence


def test_the_sums_of_a_sheet_that_is_not_final_are_doubted(a_page: PageMaker) -> None:
    rows = [
        "住院费用预结算单",
        "姓名：张三",
        "医疗费总额：12000.00",
        "统筹支付：9000.00  个人支付：3000.00",
    ]
    fields = extract([a_page(SHEET, rows)]).fields
    assert all(fields[name].confidence < WELL_READ for name in OF_STAY)
