"""Who may join and when cover starts."""

from dataclasses import replace
from datetime import date

import pytest

from rules.enrolment import (
    age_allows,
    engagement_allows,
    fee_for,
    first_day,
    last_day,
    must_enrol,
    sex_allows,
)
from rules.errors import Refused
from rules.facts import Sex
from rules.money import Fen
from rules.plans import load

MAIN, WOMEN = load("main-2020"), load("women-changchun")


@pytest.mark.parametrize(
    ("birth", "allowed"),
    [
        (date(2010, 1, 1), True),
        (date(2010, 1, 2), False),
        (date(1965, 1, 2), True),
        (date(1965, 1, 1), False),
    ],
)
def test_16_to_60_on_the_first_day(birth: date, allowed: bool) -> None:
    assert age_allows(MAIN, birth, date(2026, 1, 1)) is allowed


def test_a_birthday_on_29_february_counts_from_1_march() -> None:
    assert not age_allows(MAIN, date(2008, 2, 29), date(2024, 2, 28))
    assert age_allows(MAIN, date(2008, 2, 29), date(2024, 2, 29))
    assert age_allows(MAIN, date(1964, 2, 29), date(2025, 2, 28))
    assert not age_allows(MAIN, date(1964, 2, 29), date(2025, 3, 1))


def test_the_womens_plan_is_for_women() -> None:
    assert sex_allows(MAIN, Sex.MALE)
    assert sex_allows(WOMEN, Sex.FEMALE)
    assert not sex_allows(WOMEN, Sex.MALE)


@pytest.mark.parametrize(
    ("eligible", "at_least"),
    [(0, 0), (1, 1), (199, 199), (200, 160), (201, 161), (204, 164), (205, 164), (1000, 800)],
)
def test_everyone_below_200_and_four_fifths_from_200(eligible: int, at_least: int) -> None:
    assert must_enrol(MAIN, eligible) == at_least


def test_temporary_staff_are_engaged_for_over_twelve_months_and_a_plan_may_not_ask() -> None:
    assert not engagement_allows(MAIN, 12)
    assert engagement_allows(MAIN, 13)
    assert engagement_allows(WOMEN, 0)


@pytest.mark.parametrize(
    ("plan", "shares", "whole", "subsidy", "own"),
    [
        ("main-2020", 1, 11_000, 3_000, 8_000),
        ("main-2020", 2, 22_000, 3_000, 19_000),
        ("illness-2020", 1, 3_000, 0, 3_000),
        ("illness-2020", 10, 30_000, 0, 30_000),
    ],
)
def test_the_fee_is_for_each_share_and_the_subsidy_for_each_member(
    plan: str, shares: int, whole: int, subsidy: int, own: int
) -> None:
    fee = fee_for(load(plan), shares)
    assert (fee.whole, fee.subsidy, fee.own) == (whole, subsidy, own)


def test_the_subsidy_is_never_more_than_the_fee() -> None:
    subsidy = MAIN.enrolment.subsidy
    assert subsidy is not None
    generous = replace(subsidy, value=Fen(11_001))
    fee = fee_for(replace(MAIN, enrolment=replace(MAIN.enrolment, subsidy=generous)), 1)
    assert (fee.subsidy, fee.own) == (11_000, 0)


def test_a_plan_without_a_known_fee_takes_no_members() -> None:
    with pytest.raises(
        Refused,
        match=r"^计划 accident-2022 的会费标准未定.*先核定会费.*，已经生效.*take-over 接管$",
    ):
        fee_for(load("accident-2022"), 1)


@pytest.mark.parametrize(
    ("plan", "start", "end"),
    [
        ("main-2020", date(2026, 1, 1), date(2026, 12, 31)),
        ("main-2020", date(2025, 7, 15), date(2026, 7, 14)),
        ("main-2020", date(2023, 3, 1), date(2024, 2, 29)),
        ("main-2020", date(2024, 2, 29), date(2025, 2, 28)),
        ("women-changchun", date(2026, 1, 1), date(2027, 12, 31)),
        ("women-changchun", date(2024, 2, 29), date(2026, 2, 28)),
    ],
)
def test_cover_lasts_to_the_day_before_its_anniversary(plan: str, start: date, end: date) -> None:
    assert last_day(load(plan), start) == end


def test_a_plan_without_the_rule_asks_for_no_minimum() -> None:
    assert must_enrol(WOMEN, 10) == 0


def test_cover_starts_the_day_after_the_full_fee_or_on_the_later_common_date() -> None:
    paid = date(2025, 12, 31)
    assert first_day(paid) == date(2026, 1, 1)
    assert first_day(paid, date(2026, 1, 2)) == date(2026, 1, 2)
    assert first_day(paid, date(2025, 12, 1)) == date(2026, 1, 1)
