"""What remarks say of engagement and retirement, and what they do not say."""

from datetime import date

import pytest

from documents.rosters.engagement import (
    months_begun,
    months_said,
    says_in_service,
    says_left,
    says_retired,
)

START = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("聘用8个月", 8),
        ("聘用期：18个月", 18),
        ("合同期1年", 12),
        ("临时（6个月）", 6),
        ("聘期十个月", 10),
        ("聘用不足一年", 11),
        ("未满1年", 11),
        ("聘期半年", 6),
        ("3个月", 3),
        ("聘用两年", 24),
        ("聘期一年以上", 13),
        ("聘用期超过1年", 13),
        ("聘用期不超过一年", 11),
        ("聘用一年半", 18),
        ("聘用1.5年", 18),
        ("聘期一年零三个月", 15),
        ("合同期1年6个月", 18),
        ("合同期限2026-04-01至2028-03-31", 24),
        ("合同期限2026-04-01至2027-03-31", 12),
        ("合同期限2026-04-01至2027-04-01", 13),
        ("合同2026年4月至2028年3月", 24),
        ("合同期2026.4.1-2026.12.31", 9),
        ("合同期2026年13月至2028年3月", None),
        ("", None),
        ("聘用2021年开始", None),
        ("孩子3个月", None),
        ("临时", None),
    ],
)
def test_months_of_engagement_are_taken_only_from_clear_words(
    text: str, months: int | None
) -> None:
    assert months_said(text) == months


@pytest.mark.parametrize(
    "text",
    [
        "退休",
        "退休返聘",
        "离休干部",
        "已退休",
        "2025年12月退休",
        "返聘",
        "2019年退休，现返聘",
        "20250301退休",
    ],
)
def test_who_has_retired_is_recognised(text: str) -> None:
    assert says_retired(text, START)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "正式",
        "未退休",
        "即将退休",
        "2026年1月退休",
        "2026年退休",
        "延迟退休",
        "内退",
        "202612退休",
    ],
)
def test_who_is_still_in_service_is_not_taken_for_retired(text: str) -> None:
    assert not says_retired(text, START)


@pytest.mark.parametrize(
    "text",
    [
        "离职",
        "已离职",
        "不在职",
        "否",
        "已退",
        "死亡",
        "2025年11月去世",
        "辞职",
        "合同已解除",
        "不在编",
        "调出",
    ],
)
def test_who_has_left_is_recognised(text: str) -> None:
    assert says_left(text, START)


@pytest.mark.parametrize(
    "text", ["", "在职", "在岗", "是", "正式", "即将离职", "2026年6月离职", "在编在岗", "内退"]
)
def test_who_has_not_left_is_not_taken_for_gone(text: str) -> None:
    assert not says_left(text, START)


@pytest.mark.parametrize(
    "text", ["", "在职", "在岗", "是", "√", "正式", "未退休", "内退", "产假", "退二线", "退居二线"]
)
def test_known_words_mean_in_service(text: str) -> None:
    assert says_in_service(text)


@pytest.mark.parametrize("text", ["不在岗", "停职", "下岗", "7", "？", "实习", "不在职"])
def test_unknown_words_do_not(text: str) -> None:
    assert not says_in_service(text)


def test_a_month_that_has_begun_counts_and_a_year_to_the_day_is_twelve() -> None:
    assert months_begun(date(2025, 1, 2), START) == 12
    assert months_begun(date(2025, 1, 1), START) == 12
    assert months_begun(date(2024, 12, 31), START) == 13
