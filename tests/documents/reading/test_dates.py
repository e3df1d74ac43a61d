"""Dates in every way people and printers write them."""

import pytest

from documents.reading.agreement import WELL_READ
from documents.reading.dates import find_dates


@pytest.mark.parametrize(
    "text",
    [
        "2026年3月2日",
        "2026年03月02日",
        "2026 年 3 月 2 日",
        "2026-03-02",
        "2026-3-2",
        "2026/3/2",
        "2026.03.02",
        "20260302",
        "二〇二六年三月二日",
        "二零二六年三月二日",
        "2026年3月2日08时30分",
        "2026-03-02 08:30:15",
        "2026-03-0208:30",
        "2O26年3月2日",
        "于2026年3月2号上午",
    ],
)
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert [one.value for one in find_dates(text)] == ["2026-03-02"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇二六年十二月三十一日", "2026-12-31"),
        ("二〇二五年十月二十三日", "2025-10-23"),
        ("2024年2月29日", "2024-02-29"),
    ],
)
def test_spelt_and_leap_days(text: str, expected: str) -> None:
    assert [one.value for one in find_dates(text)] == [expected]


@pytest.mark.parametrize(
    "text", ["2026年2月30日", "2026-13-01", "住院号:20261345", "13844012345", ""]
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert find_dates(text) == ()


def test_both_ends_of_a_range_are_found_in_order() -> None:
    dates = find_dates("2026.03.02-2026.03.14")
    assert [one.value for one in dates] == ["2026-03-02", "2026-03-14"]


def test_a_two_digit_year_is_read_with_doubt() -> None:
    (found,) = find_dates("26-03-02")
    assert found.value == "2026-03-02"
    assert found.quality < 0.85


@pytest.mark.parametrize(
    "text",
    [
        "2026/3/2 8:15:09",
        "2026/3/2 8时15分",
        "2026-3-2 08:15",
        "2026-03-0208:15:09",
        "2026.3.2 8:15",
    ],
)
def test_a_time_of_day_is_no_part_of_the_day(text: str) -> None:
    assert [(one.value, one.quality) for one in find_dates(text)] == [("2026-03-02", 1.0)]


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("2026/7/212:19:48", "2026-07-21"),
        ("2026/4/119:30:00", "2026-04-11"),
        ("2026/3/28:15:09", "2026-03-02"),
        ("2026/3/1 2", "2026-03-12"),
    ],
)
def test_figures_that_may_be_another_day_are_read_with_doubt(text: str, least: str) -> None:
    (found,) = find_dates(text)
    assert found.value == least
    assert found.quality < WELL_READ


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("2026.3.2-3.11", ["2026-03-02", "2026-03-11"]),
        ("2026年3月2日至3月11日", ["2026-03-02", "2026-03-11"]),
        ("2025年12月30日至1月4日", ["2025-12-30", "2026-01-04"]),
        ("2026.3.2-2026.3.11", ["2026-03-02", "2026-03-11"]),
        ("2026年3月2日至13月1日", ["2026-03-02"]),
    ],
)
def test_the_end_of_a_range_may_leave_out_its_year(text: str, ends: list[str]) -> None:
    assert [one.value for one in find_dates(text)] == ends
