"""Working days: weekends, public holidays, make-up days, and years that are not known."""

from datetime import date

import pytest

from rules.working_days import unknown_years, working_days


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (date(2026, 6, 8), date(2026, 6, 8), 0),
        (date(2026, 6, 8), date(2026, 6, 9), 1),
        (date(2026, 6, 8), date(2026, 6, 12), 4),
        (date(2026, 6, 8), date(2026, 6, 14), 4),
        (date(2026, 6, 8), date(2026, 6, 15), 5),
        (date(2026, 6, 8), date(2026, 6, 1), 0),
    ],
)
def test_a_weekend_has_no_working_days(after: date, until: date, days: int) -> None:
    assert working_days(after, until) == days


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (date(2026, 9, 30), date(2026, 10, 8), 1),  # National Day
        (date(2026, 6, 18), date(2026, 6, 24), 3),  # Dragon Boat
        (date(2026, 10, 8), date(2026, 10, 13), 4),  # Saturday 10 October is worked
        (date(2025, 12, 31), date(2026, 1, 5), 2),  # Sunday 4 January is worked
    ],
)
def test_holidays_are_none_and_make_up_days_are(after: date, until: date, days: int) -> None:
    assert working_days(after, until) == days


def test_of_an_unknown_year_each_day_from_monday_to_friday_counts() -> None:
    assert working_days(date(2030, 9, 30), date(2030, 10, 8)) == 6
    assert unknown_years(date(2030, 9, 30), date(2030, 10, 8)) == (2030,)
    assert unknown_years(date(2025, 12, 30), date(2026, 1, 5)) == ()
