"""Which papers a benefit asks for, and which of them a claim cannot do without."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.errors import BadInput
from rules.facts import (
    AccidentEvent,
    AccidentOutcome,
    CoverPeriod,
    Event,
    Facts,
    Hospital,
    HospitalStay,
    IllnessEvent,
    MemberFacts,
    Part,
    Sex,
)
from rules.hospitals import load_file
from rules.papers import circumstances, heading, wanted

ON, OUT = date(2026, 3, 2), date(2026, 3, 12)


def a_claim(event: Event) -> Facts:
    return Facts(
        "main-2020",
        date(2026, 4, 1),
        MemberFacts(date(1985, 3, 17), Sex.FEMALE),
        "长春市",
        (CoverPeriod(date(2025, 7, 1), date(2026, 6, 30)),),
        (),
        event,
    )


def a_stay(*hospitals: Hospital) -> Facts:
    return a_claim(HospitalStay("illness", tuple(Part(each, ON, OUT) for each in hospitals)))


def required(benefit: str, *circumstance: str) -> list[str]:
    return [
        "|".join(paper.kinds) + ("" if paper.who == "member" else "@payee")
        for paper in wanted(benefit, set(circumstance))
        if paper.required
    ]


OWN = ["application_form", "id_card_front", "id_card_back", "bank_card"]
PAYEE = ["application_form", "id_card_front@payee", "id_card_back@payee", "bank_card@payee"]


@pytest.mark.parametrize(
    ("benefit", "circumstance", "papers"),
    [
        ("hospital_allowance", [], [*OWN, "discharge_record"]),
        (
            "hospital_allowance",
            ["elsewhere"],
            [*OWN, "discharge_record", "settlement_sheet|invoice"],
        ),
        ("critical_illness", [], [*OWN, "diagnosis_certificate", "pathology_report|key_test"]),
        (
            "disability",
            [],
            [*OWN, "diagnosis_certificate", "accident_statement", "disability_appraisal"],
        ),
        (
            "disability",
            ["traffic", "in_hospital"],
            [
                *OWN,
                "diagnosis_certificate",
                "accident_statement",
                "disability_appraisal",
                "traffic_police_finding",
                "discharge_record",
                "settlement_sheet|invoice",
            ],
        ),
        (
            "death",
            [],
            [
                *PAYEE,
                "accident_statement",
                "death_certificate",
                "household_cancellation",
                "relationship_proof",
            ],
        ),
    ],
)
def test_the_papers_of_a_benefit(benefit: str, circumstance: list[str], papers: list[str]) -> None:
    assert required(benefit, *circumstance) == papers


def test_a_paper_that_only_sometimes_applies_is_welcome_and_not_missed() -> None:
    found = {paper.kinds: paper for paper in wanted("hospital_allowance")}
    assert not found["settlement_sheet", "invoice"].required
    assert not found["diagnosis_certificate",].required


def test_a_paper_says_what_it_needs() -> None:
    form, *_rest, card = wanted("hospital_allowance")[:4]
    assert (form.name, form.needs) == ("互助金申请表", "会员签字，单位工会盖章")
    assert card.needs == "须为会员本人的银行卡"


def test_an_unknown_benefit_is_refused() -> None:
    with pytest.raises(BadInput, match=r"^没有这项待遇：burn$"):
        wanted("burn")


@pytest.mark.parametrize(
    ("event", "under"),
    [
        (HospitalStay("illness", (Part(Hospital("甲医院"), ON, OUT),)), "hospital_allowance"),
        (IllnessEvent(("stroke",), ON, True), "critical_illness"),
        (AccidentEvent(ON, AccidentOutcome.DISABILITY), "disability"),
        (AccidentEvent(ON, AccidentOutcome.BURN), "disability"),
        (AccidentEvent(ON, AccidentOutcome.DEATH), "death"),
    ],
)
def test_the_heading_under_which_a_claims_papers_stand(event: Event, under: str) -> None:
    assert heading(a_claim(event)) == under


def test_the_city_of_the_day_of_admission_counts(tmp_path: Path) -> None:
    own = tmp_path / "hospitals.toml"
    own.write_text(
        """
        [counties]
        [[hospital]]
        name = "甲医院"
        city = "四平市"
        level = 2
        valid_from = 2026-03-02
        source = "批文"
        """,
        encoding="utf-8",
    )
    assert circumstances(a_stay(Hospital("甲医院")), load_file(own)) == {"elsewhere"}
    assert circumstances(a_stay(Hospital("甲医院"))) == frozenset()


def test_elsewhere_is_any_hospital_outside_the_city_of_the_insurance() -> None:
    local, other = Hospital("甲医院", "榆树市"), Hospital("四平市中心医院")
    assert circumstances(a_stay(local)) == frozenset()
    assert circumstances(a_stay(local, other)) == {"elsewhere"}
    assert circumstances(a_stay(Hospital("无名医院"))) == frozenset()
    assert circumstances(replace(a_stay(other), unit_city="四平")) == frozenset()
    assert circumstances(a_claim(IllnessEvent(("stroke",), ON, True))) == frozenset()
