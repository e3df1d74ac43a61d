"""What a person wrote into the form of an event becomes what the rules read."""

import pytest

from console.event_form import event_from
from rules.verdict import Benefit

ACCIDENT = {"happened_on": "2026-03-02", "outcome": "disability"}


@pytest.mark.parametrize("written", ["4,4", "4，4", "4、4", " 4 ， 4，", "４，４"])
def test_grades_of_several_injuries_are_parted_by_any_comma(written: str) -> None:
    found = event_from(Benefit.ACCIDENT, {**ACCIDENT, "grades": written})
    assert found["grades"] == [4, 4]
