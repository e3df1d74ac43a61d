"""The lists of illnesses, and what an ICD-10 code suggests of them where the papers are there."""

import pytest

from rules.illnesses import lists, suggested

PAPERS = {paper for each in lists()["fifteen"].values() for paper in each.with_papers}


def codes_of(code: str, name: str) -> list[str]:
    return [illness.code for illness in suggested([("", code)], PAPERS, name)]


def test_the_main_plan_lists_fifteen_and_the_womens_plan_eight() -> None:
    assert {name: len(found) for name, found in lists().items()} == {
        "fifteen": 15,
        "women_eight": 8,
    }
    assert all(illness.name for found in lists().values() for illness in found.values())


@pytest.mark.parametrize(
    ("code", "classes"),
    [
        ("I21.9", ["acute_myocardial_infarction", "coronary_bypass"]),
        ("I22", ["acute_myocardial_infarction", "coronary_bypass"]),
        ("I20", ["coronary_bypass"]),
        ("I25.9", ["coronary_bypass"]),
        ("I26", []),
        ("C00", ["malignant_tumour"]),
        ("C43.5", ["malignant_tumour"]),
        ("C44", []),
        ("C44.3", []),
        ("C45", ["malignant_tumour"]),
        ("C97", ["malignant_tumour"]),
        ("D05.1", []),
        ("C91.0", ["leukaemia"]),
        ("C91.1", []),
        ("C95.9", ["leukaemia"]),
        ("C70", ["malignant_tumour", "intracranial_tumour_surgery"]),
        ("D32.0", ["intracranial_tumour_surgery"]),
        ("D32.1", []),
        ("D33.3", ["intracranial_tumour_surgery"]),
        ("D33.4", []),
        ("N18.0", ["chronic_renal_failure"]),
        ("N18.5", ["chronic_renal_failure"]),
        ("N18.4", []),
        ("Z94.0", ["organ_transplant"]),
        ("G81.9", ["paralysis"]),
        ("G82", ["paralysis"]),
        ("I60", ["stroke"]),
        ("I64", ["stroke"]),
        ("I65", []),
        ("I69.4", ["stroke"]),
        ("G12.2", ["motor_neurone_disease"]),
        ("G12.1", []),
        ("T31.2", []),
        ("T31.3", ["severe_burns"]),
        ("T31.9", ["severe_burns"]),
        ("I05", ["heart_valve_surgery"]),
        ("I39", ["heart_valve_surgery"]),
        ("I71.0", ["aortic_surgery"]),
        ("D60", ["aplastic_anaemia"]),
        ("D61.9", ["aplastic_anaemia"]),
        ("D62", []),
        (" c50.9 ", ["malignant_tumour"]),
        ("", []),
    ],
)
def test_a_code_suggests_classes_of_the_fifteen(code: str, classes: list[str]) -> None:
    assert codes_of(code, "fifteen") == classes


@pytest.mark.parametrize(
    ("code", "its_class"),
    [("C50.1", "breast_cancer"), ("C55", "uterine_cancer"), ("C58", "choriocarcinoma")],
)
def test_a_code_suggests_a_class_of_the_womens_plan(code: str, its_class: str) -> None:
    assert codes_of(code, "women_eight") == [its_class]


def test_words_of_another_illness_suggest_no_class() -> None:
    for text in ("陈旧性心肌梗死", "肺良性肿瘤", "慢性淋巴细胞白血病"):
        assert suggested([(text, "")], PAPERS, "fifteen") == []


def test_a_class_meant_only_with_a_treatment_needs_its_papers() -> None:
    assert suggested([("", "I34.0")], set(), "fifteen") == []
    assert suggested([("", "I34.0")], {"operation_record"}, "fifteen") != []


@pytest.mark.parametrize("told", [("二尖瓣置换术后", ""), ("", "I71.0"), ("尿毒症", "N18.9")])
def test_a_diagnosis_that_tells_of_the_treatment_needs_no_paper_to_suggest_its_class(
    told: tuple[str, str],
) -> None:
    assert suggested([told], set(), "fifteen") != []
