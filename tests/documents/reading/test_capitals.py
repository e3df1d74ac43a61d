"""Sums in capitals, alone and beside their figures."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.kinds import Kind
from documents.letters.amounts import capitals
from documents.reading import PageReading, extract
from documents.reading.capitals import find_capitals
from documents.reading.fields import FieldName
from rules.money import Fen, yuan
from settings import Settings

PageMaker = Callable[..., PageReading]
TOTAL = FieldName.MEDICAL_EXPENSE_TOTAL
UNSURE = Settings.model_fields["unsure_below"].default


@given(st.integers(100, 10**11))
def test_what_our_letters_write_in_capitals_is_read_back(fen: int) -> None:
    [found] = find_capitals(capitals(Fen(fen)))
    assert found.value == yuan(Fen(fen))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人民币壹万贰仟叁佰肆拾伍圆陆角柒分", "12345.67"),
        ("合计:叁仟零伍拾元整", "3050.00"),
        ("壹 万 贰 仟 元 正", "12000.00"),
        ("拾万元整", "100000.00"),
        ("零元伍角整", "0.50"),
    ],
)
def test_capitals_as_papers_write_them(text: str, expected: str) -> None:
    assert [found.value for found in find_capitals(text)] == [expected]


@pytest.mark.parametrize(
    "text", ["壹万贰什叁佰元整", "贰壹元整", "仟壹元整", "壹佰贰仟元整", "一万二千元", "伍角"]
)
def test_what_breaks_the_order_of_the_units_is_no_sum(text: str) -> None:
    assert list(find_capitals(text)) == []


@pytest.mark.parametrize("kind", [Kind.INVOICE, Kind.CHARGE_RECEIPT, Kind.SETTLEMENT_SHEET])
@pytest.mark.parametrize(
    "row",
    [
        "合计（小写）：12345.67",
        "合计（大写）壹万贰仟叁佰肆拾伍元陆角柒分 ¥12345.67",
        "合计（大写）壹万贰仟叁佰肆拾伍元陆角柒分",
        "价税合计（大写）壹万贰仟叁佰肆拾伍圆陆角柒分（小写）¥12345.67",
        "金额合计（大写）：壹万贰仟叁佰肆拾伍元陆角柒分 （小写）：12345.67",
        "人民币（大写）：壹万贰仟叁佰肆拾伍元陆角柒分",
        "总金额：12345.67",
    ],
)
def test_a_total_is_read_from_its_figures_or_its_capitals(
    a_page: PageMaker, kind: Kind, row: str
) -> None:
    found = extract([a_page(kind, [row])]).fields[TOTAL]
    assert found.value == "12345.67"
    assert found.confidence > UNSURE


@pytest.mark.parametrize(
    "row",
    [
        "合计（大写）壹万贰仟叁佰肆拾伍元陆角柒分 ¥12346.67",
        "价税合计（大写）壹万贰仟叁佰肆拾伍圆陆角柒分（小写）¥2345.67",
    ],
)
def test_figures_that_their_capitals_contradict_are_in_doubt_and_both_are_kept(
    a_page: PageMaker, row: str
) -> None:
    found = extract([a_page(Kind.INVOICE, [row])])
    assert found.fields[TOTAL].confidence < UNSURE
    assert len(found.choices[TOTAL].others) == 1


def test_figures_that_a_seal_cuts_off_count_for_less_than_their_capitals(
    a_page: PageMaker,
) -> None:
    row = "合计(大写):贰万叁仟叁佰叁拾柒元陆角整 ¥2333"
    assert extract([a_page(Kind.CHARGE_RECEIPT, [row])]).fields[TOTAL].value == "23337.60"


@pytest.mark.parametrize(
    "row",
    [
        "其中：医保统筹基金支付 4619.57",
        "其中: 医保统筹基金支付20509.09 个人账户支付6568.27  个人现金支付13136.56",
    ],
)
def test_what_the_fund_paid_is_found_after_of_which(a_page: PageMaker, row: str) -> None:
    found = extract([a_page(Kind.INVOICE, [row])]).fields
    assert str(found[FieldName.FUND_PAID].value) in row


def test_the_own_share_is_added_up_where_the_bill_prints_its_parts_only(
    a_page: PageMaker,
) -> None:
    rows = ["合计（小写）：10000.00", "个人账户支付：2634.94", "个人现金支付：5269.90"]
    found = extract([a_page(Kind.INVOICE, rows)]).fields[FieldName.OWN_SHARE]
    assert found.value == "7904.84"
    assert found.confidence < UNSURE


def test_capitals_in_a_line_of_their_own_bear_the_figures_out(a_page: PageMaker) -> None:
    figures = "合计（小写）：12345.67"
    alone = extract([a_page(Kind.CHARGE_RECEIPT, [figures])]).fields[TOTAL]
    spelt = "合计（大写）：壹万贰仟叁佰肆拾伍元陆角柒分"
    both = extract([a_page(Kind.CHARGE_RECEIPT, [spelt, figures])]).fields[TOTAL]
    assert both.confidence > alone.confidence


@pytest.mark.parametrize("label", ["报销金额", "退款金额", "本次报销", "个人账户支付"])
def test_capitals_of_another_sum_are_not_the_total(a_page: PageMaker, label: str) -> None:
    rows = [f"{label}（大写）：壹仟元整（小写）：1000.00"]
    assert TOTAL not in extract([a_page(Kind.SETTLEMENT_SHEET, rows)]).fields


def test_the_own_share_may_be_written_in_capitals_too(a_page: PageMaker) -> None:
    rows = ["个人支付（大写）：贰仟元整", "合计（小写）：10000.00"]
    found = extract([a_page(Kind.SETTLEMENT_SHEET, rows)]).fields
    assert found[FieldName.OWN_SHARE].value == "2000.00"
    assert found[TOTAL].value == "10000.00"


def test_capitals_that_run_on_into_what_is_no_capital_are_read_with_doubt(
    a_page: PageMaker,
) -> None:
    page = a_page(Kind.SETTLEMENT_SHEET, ["合计（大写）：壹万柒仟肆佰贰拾陆元陆集 分"])
    assert extract([page]).fields[TOTAL].confidence < UNSURE
