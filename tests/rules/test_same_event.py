"""When two events may be one: stays that meet, accidents of a day, one diagnosis."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.facts import Event, HospitalStay, PaidStay
from rules.money import Fen
from rules.same_event import is_one, meets
from tests.rules.test_owed import illness, injury, stay

FIRST = date(2026, 5, 10)
"""The stay of this day ends on the 20th."""


def days_after(days: int) -> HospitalStay:
    return stay(FIRST + timedelta(days))


def paid(admitted: date, discharged: date | None = None) -> PaidStay:
    return PaidStay(admitted, 5, Fen(25_000), discharged_on=discharged)


@pytest.mark.parametrize(
    ("days", "one"), [(-12, False), (-11, True), (-10, True), (0, True), (11, True), (12, False)]
)
def test_stays_are_one_that_overlap_or_follow_within_a_day(days: int, one: bool) -> None:
    assert is_one(stay(FIRST), days_after(days), 1, ()) is one
    assert is_one(days_after(days), stay(FIRST), 1, ()) is one


def test_stays_are_one_through_the_stays_between_them() -> None:
    far = days_after(30)
    bridge = [paid(date(2026, 5, 28), date(2026, 6, 8)), paid(date(2026, 5, 21), date(2026, 5, 27))]
    assert is_one(stay(FIRST), far, 1, bridge)
    assert not is_one(stay(FIRST), far, 1, bridge[:1])
    assert not is_one(stay(FIRST), far, 1, bridge[1:])
    assert not is_one(stay(FIRST), far, 1, ())


def test_of_a_stay_between_whose_end_is_not_known_only_its_first_day_counts() -> None:
    assert is_one(stay(FIRST), days_after(12), 1, [paid(date(2026, 5, 21))])
    assert not is_one(stay(FIRST), days_after(13), 1, [paid(date(2026, 5, 21))])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (injury(5, on=FIRST), injury(6, on=FIRST), True),
        (injury(5, on=FIRST), injury(5, on=FIRST + timedelta(1)), False),
        (illness(FIRST), illness(FIRST, "uraemia"), True),
        (illness(FIRST), illness(FIRST + timedelta(1)), False),
        (illness(FIRST), injury(5, on=FIRST), False),
        (stay(FIRST), illness(FIRST), False),
    ],
)
def test_accidents_and_illnesses_are_one_by_their_day(one: Event, other: Event, same: bool) -> None:
    assert is_one(one, other, 1, ()) is same
    assert is_one(other, one, 1, ()) is same


@pytest.mark.parametrize(
    ("admitted", "discharged", "met"),
    [
        (date(2026, 5, 1), date(2026, 5, 8), False),
        (date(2026, 5, 1), date(2026, 5, 9), True),
        (date(2026, 5, 21), date(2026, 5, 30), True),
        (date(2026, 5, 22), date(2026, 5, 30), False),
        (date(2026, 5, 9), None, True),
        (date(2026, 5, 8), None, False),
    ],
)
def test_an_event_meets_a_decided_stay_that_it_overlaps_or_follows_within_a_day(
    admitted: date, discharged: date | None, met: bool
) -> None:
    assert meets(stay(FIRST), paid(admitted, discharged), 1) is met


def test_a_stay_meets_also_by_the_hospital_it_moved_to_and_no_other_event_meets_any() -> None:
    moved = replace(stay(FIRST), transfers=(days_after(10),))
    assert meets(moved, paid(date(2026, 5, 31), date(2026, 6, 2)), 1)
    assert not meets(illness(FIRST), paid(FIRST), 1)
