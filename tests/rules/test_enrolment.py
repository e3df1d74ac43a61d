"""Who may join and when cover starts."""

from datetime import date

import pytest

from rules.enrolment import age_allows, first_day, must_enrol, sex_allows
from rules.facts import Sex
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


def test_a_plan_without_the_rule_asks_for_nobody() -> None:
    assert must_enrol(WOMEN, 10) == 0


def test_cover_starts_the_day_after_the_full_fee_or_on_the_later_common_date() -> None:
    paid = date(2025, 12, 31)
    assert first_day(paid) == date(2026, 1, 1)
    assert first_day(paid, date(2026, 1, 2)) == date(2026, 1, 2)
    assert first_day(paid, date(2025, 12, 1)) == date(2026, 1, 1)
