"""Receipts entered late, and the working days between."""

from datetime import date

import pytest

from rules.backdating import begins_before_roster, is_entered_late, working_days

MONDAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("until", "days"),
    [
        (MONDAY, 0),
        (date(2026, 6, 16), 1),
        (date(2026, 6, 19), 4),
        (date(2026, 6, 21), 4),
        (date(2026, 6, 22), 5),
        (date(2026, 6, 1), 0),
    ],
)
def test_a_weekend_has_no_working_days(until: date, days: int) -> None:
    assert working_days(MONDAY, until) == days


def test_a_receipt_may_be_three_working_days_old() -> None:
    assert not is_entered_late(date(2026, 6, 12), date(2026, 6, 17))
    assert is_entered_late(date(2026, 6, 12), date(2026, 6, 18))


def test_cover_may_begin_on_the_day_the_roster_comes() -> None:
    assert not begins_before_roster(MONDAY, MONDAY)
    assert begins_before_roster(date(2026, 6, 14), MONDAY)
