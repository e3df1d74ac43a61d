"""Which proof of an illness is wanted, and what there must be for it (R34)."""

import pytest

from rules.proofs import missing_proof, proofs


@pytest.mark.parametrize(
    ("illnesses", "shown", "missing"),
    [
        (["stroke"], {"CT"}, "brain_image"),
        (["stroke"], {"头部影像"}, None),
        (["stroke"], {"operation_record", "CT"}, None),
        (["stroke", "malignant_tumour"], {"pathology_report"}, None),
        (["stroke", "malignant_tumour"], set(), "brain_image"),
        (["malignant_tumour", "stroke"], set(), "pathology"),
        (["a diagnosis in words"], {"test_report"}, None),
        (["a diagnosis in words"], {"discharge_record"}, "illness_test"),
        (["a diagnosis in words", "stroke"], {"test_report"}, "brain_image"),
        ([], set(), "illness_test"),
    ],
)
def test_one_of_the_illnesses_must_be_proved_and_one_in_words_by_any_test(
    illnesses: list[str], shown: set[str], missing: str | None
) -> None:
    assert missing_proof(illnesses, shown) == missing


def test_an_alternative_must_be_there_whole() -> None:
    heart = proofs()["heart_test"]
    assert not heart.is_shown({"心电图"})
    assert heart.is_shown({"心电图", "肌钙蛋白"})
    assert heart.is_shown({"冠脉造影"})
