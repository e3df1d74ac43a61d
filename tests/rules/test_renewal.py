"""When units are reminded, and the two days by which the fee must be there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import plans
from rules.cover import chain_start
from rules.enrolment import first_day
from rules.facts import CoverPeriod
from rules.renewal import (
    due_on,
    gapless_by,
    next_edition,
    rung_in_words,
    rungs,
    rungs_within,
    unbroken_by,
    waits,
)

END = date(2026, 12, 31)
MAIN = plans.load("main-2025")


def test_a_unit_is_reminded_seven_times() -> None:
    assert rungs() == (-60, -30, -15, -7, 0, 15, 29)


@pytest.mark.parametrize(
    ("rung", "day"),
    [(-60, date(2026, 11, 1)), (0, END), (15, date(2027, 1, 15)), (30, date(2027, 1, 30))],
)
def test_a_rung_is_counted_from_the_last_day_of_cover(rung: int, day: date) -> None:
    assert due_on(END, rung) == day


def test_a_day_of_february_that_is_missing_does_not_shift_a_rung() -> None:
    assert due_on(date(2028, 2, 29), -60) == date(2027, 12, 31)
    assert due_on(date(2027, 2, 28), 30) == date(2027, 3, 30)


def test_what_is_due_lies_after_the_last_look_and_not_after_today() -> None:
    week = due_on(END, -7)
    assert rungs_within(END, week - timedelta(days=1), week) == (-7,)
    assert rungs_within(END, week, week + timedelta(days=6)) == ()
    assert rungs_within(END, week, END) == (0,)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=20))
def test_looks_on_any_days_find_each_rung_once(steps: list[int]) -> None:
    looked = due_on(END, rungs()[0]) - timedelta(days=1)
    found: list[int] = []
    for days in steps:
        today = looked + timedelta(days=days)
        found += rungs_within(END, looked, today)
        looked = today
    assert found == [rung for rung in rungs() if due_on(END, rung) <= looked]


def test_a_fee_on_the_last_day_for_it_keeps_the_waiting_days_and_one_day_later_does_not() -> None:
    year = CoverPeriod(date(2026, 1, 1), END)
    for late, kept in ((0, True), (1, False)):
        start = first_day(unbroken_by(MAIN, END) + timedelta(days=late))
        renewed = CoverPeriod(start, start + timedelta(days=364))
        assert (chain_start(MAIN, (year, renewed), renewed) == year.start) is kept


def test_the_last_reminder_is_the_last_day_on_which_a_fee_keeps_the_waiting_days() -> None:
    assert due_on(END, rungs()[-1]) == unbroken_by(MAIN, END) == date(2027, 1, 29)


def test_a_fee_on_the_last_day_of_cover_leaves_no_day_without_it() -> None:
    assert gapless_by(END) == END
    assert first_day(gapless_by(END)) == END + timedelta(days=1)


def test_a_unit_renews_under_the_edition_of_the_day_after() -> None:
    assert next_edition("main", date(2025, 5, 19)).code == "main-2020"
    assert next_edition("main", date(2025, 5, 20)).code == "main-2025"


def test_only_a_plan_with_a_waiting_period_has_one_to_keep() -> None:
    assert waits(MAIN)
    assert not waits(plans.load("accident-2022"))


@pytest.mark.parametrize(("days", "kept"), [(0, False), (1, True)])
def test_a_waiting_period_of_no_days_is_none(days: int, kept: bool) -> None:
    terms = MAIN.critical_illness
    assert terms is not None
    shorter = replace(terms, waiting=replace(terms.waiting, value=days))
    assert waits(replace(MAIN, critical_illness=shorter)) is kept


def test_a_rung_is_called_what_people_call_it() -> None:
    words = [rung_in_words(rung) for rung in (-60, 0, 15)]
    assert words == ["到期前 60 天", "到期当日", "到期后 15 天"]
