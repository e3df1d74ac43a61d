"""What remarks say of engagement and retirement, and what they do not say."""

from datetime import date

import pytest

from documents.rosters.engagement import months_begun, months_said, says_retired

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


def test_a_month_that_has_begun_counts_and_a_year_to_the_day_is_twelve() -> None:
    assert months_begun(date(2025, 1, 2), START) == 12
    assert months_begun(date(2025, 1, 1), START) == 12
    assert months_begun(date(2024, 12, 31), START) == 13
