"""Dates, numbers and sums as people type them."""

from datetime import date

import pytest

from documents.typed_values import typed_day, typed_number, typed_sum

SECOND_OF_MARCH = [
    "2026-03-02",
    "2026-3-2",
    "2026/3/2",
    "2026.3.2",
    "2026年3月2日",
    "2026 年 3 月 2 号",
    "20260302",
    "２０２６－０３－０２",
    "２０２６／３／２",
    "２０２６．３．２",
    "２０２６０３０２",
    " 2026-03-02\u3000",
]


@pytest.mark.parametrize("text", SECOND_OF_MARCH)
def test_a_day_is_understood_however_it_is_typed(text: str) -> None:
    assert typed_day(text) == date(2026, 3, 2)


@pytest.mark.parametrize(
    "text", ["", "明天", "3月2日", "2026-02-30", "2026-13-01", "202632", "26.3.2"]
)
def test_what_is_no_day_of_the_calendar_is_none(text: str) -> None:
    assert typed_day(text) is None


def test_a_number_is_read_without_the_signs_that_group_it() -> None:
    assert typed_number("6217 0000-0000\u30000001") == "6217000000000001"
    assert typed_number("２２０１０４１９８８０１０１０５１ｘ") == "22010419880101051X"


@pytest.mark.parametrize("text", ["1,234.50", "１，２３４．５０", "¥1234.50", "￥1 234.50元"])
def test_a_sum_is_read_without_its_signs(text: str) -> None:
    assert typed_sum(text) == "1234.50"
