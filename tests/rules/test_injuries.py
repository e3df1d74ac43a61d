"""Diagnoses by which a clerk is offered an accident: their codes, or their words unless denied."""

import pytest

from rules.injuries import is_injury


@pytest.mark.parametrize(
    ("text", "icd10", "found"),
    [
        ("左股骨颈骨折", "", True),
        ("", "S72.0", True),
        ("诊断不明", " s72.0 ", True),
        ("病理性骨折", "S72.0", True),
        ("病理性骨折", "M84.4", False),
        ("陈旧性外伤", "", False),
        ("肺炎", "J18.9", False),
        ("", "", False),
    ],
)
def test_an_injury_is_known_by_its_code_or_by_words_that_are_not_taken_back(
    text: str, icd10: str, found: bool
) -> None:
    assert is_injury(text, icd10) is found
