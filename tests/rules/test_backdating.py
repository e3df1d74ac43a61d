"""Receipts entered late, and cover from before the roster."""

from datetime import date

from rules.backdating import begins_before_roster, is_entered_late

MONDAY = date(2026, 6, 15)


def test_a_receipt_may_be_three_working_days_old() -> None:
    assert not is_entered_late(date(2026, 6, 12), date(2026, 6, 17))
    assert is_entered_late(date(2026, 6, 12), date(2026, 6, 18))


def test_holidays_do_not_make_a_receipt_late_and_a_make_up_day_does() -> None:
    assert not is_entered_late(date(2026, 9, 30), date(2026, 10, 8))
    assert not is_entered_late(date(2026, 6, 18), date(2026, 6, 24))
    assert is_entered_late(date(2026, 10, 7), date(2026, 10, 12))


def test_cover_may_begin_on_the_day_the_roster_comes() -> None:
    assert not begins_before_roster(MONDAY, MONDAY)
    assert begins_before_roster(date(2026, 6, 14), MONDAY)
