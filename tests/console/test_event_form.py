"""What a person wrote into the form of an event becomes what the rules read."""

import pytest

from console.event_form import event_from, fields_of
from rules.errors import BadInput
from rules.verdict import Benefit

ACCIDENT = {"happened_on": "2026-03-02", "outcome": "disability"}


@pytest.mark.parametrize("written", ["4,4", "4，4", "4、4", " 4 ， 4，", "４，４"])
def test_grades_of_several_injuries_are_parted_by_any_comma(written: str) -> None:
    found = event_from(Benefit.ACCIDENT, {**ACCIDENT, "grades": written})
    assert found["grades"] == [4, 4]


DIAGNOSED = {"diagnosed_on": "2026-04-20", "first_diagnosis": "yes"}


def test_the_illness_form_offers_the_lists_of_the_members_plans_with_what_is_suggested() -> None:
    suggested = {"illness": ["malignant_tumour", "breast_cancer"], "to_name": True}
    lists = ["fifteen", "women_eight"]
    form = {line.name: line for line in fields_of("critical_illness", suggested, lists)}
    assert form["illness_fifteen"].value == "malignant_tumour"
    assert form["illness_women_eight"].value == "breast_cancer"
    assert len(form["illness_women_eight"].choices) == 8
    assert "illness_women_eight" not in {
        line.name for line in fields_of("critical_illness", suggested, ["fifteen"])
    }


def test_one_illness_may_be_named_on_each_list() -> None:
    named = {"illness_fifteen": "malignant_tumour", "illness_women_eight": "breast_cancer"}
    found = event_from(Benefit.CRITICAL_ILLNESS, DIAGNOSED | named)
    assert found["illness"] == ["malignant_tumour", "breast_cancer"]
    with pytest.raises(BadInput, match="病种"):
        event_from(Benefit.CRITICAL_ILLNESS, DIAGNOSED)
