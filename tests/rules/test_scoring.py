"""The score the notice ties to awards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.enrolment import must_enrol
from rules.plans import load
from rules.scoring import scale, score

MAIN = load("main-2020")


def of(eligible: int, insured: int) -> int:
    return score(eligible, insured, must_enrol(MAIN, eligible))


@pytest.mark.parametrize(
    ("eligible", "insured", "tenths"),
    [
        (100, 100, 1000),
        (100, 120, 1000),
        (100, 99, 795),
        (199, 199, 1000),
        (200, 200, 1000),
        (200, 160, 900),
        (200, 159, 697),
        (1000, 0, 300),
        (3, 1, 466),
    ],
)
def test_half_a_point_for_each_percent_and_twenty_below_the_rule(
    eligible: int, insured: int, tenths: int
) -> None:
    assert of(eligible, insured) == tenths


def test_the_scale_is_marked_as_unconfirmed_and_cites_its_article() -> None:
    assert not scale().confirmed
    assert "适当减分" in scale().note
    assert scale().article == "7.1"


@given(st.integers(1, 100_000), st.data())
def test_more_members_never_score_less_and_all_of_them_score_full(
    eligible: int, data: st.DataObject
) -> None:
    insured = data.draw(st.integers(0, eligible))
    fewer = data.draw(st.integers(0, insured))
    assert 0 <= of(eligible, fewer) <= of(eligible, insured) <= 1000
    assert of(eligible, eligible) == 1000
