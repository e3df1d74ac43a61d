"""Which papers a benefit asks for, and which of them a claim cannot do without."""

import pytest

from rules.errors import BadInput
from rules.papers import headings, wanted


def required(benefit: str, *circumstance: str) -> list[str]:
    return [
        "|".join(paper.kinds) + ("" if paper.who == "member" else "@payee")
        for paper in wanted(benefit, set(circumstance))
        if paper.required
    ]


OWN = ["application_form", "id_card_front", "id_card_back", "bank_card"]
# A row of a settlement file stands for each paper of a stay.
OF_A_STAY = [f"{kind}|insurance_record" for kind in (*OWN, "discharge_record")]
PAYEE = ["application_form", "id_card_front@payee", "id_card_back@payee", "bank_card@payee"]


@pytest.mark.parametrize(
    ("benefit", "circumstance", "papers"),
    [
        ("hospital_allowance", [], OF_A_STAY),
        (
            "hospital_allowance",
            ["elsewhere"],
            [*OF_A_STAY, "settlement_sheet|invoice|charge_receipt|insurance_record"],
        ),
        ("critical_illness", [], [*OWN, "diagnosis_certificate"]),
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
                "police_finding",
                "discharge_record",
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
                "relationship_proof@payee",
                "joint_statement@payee",
            ],
        ),
    ],
)
def test_the_papers_of_a_benefit(benefit: str, circumstance: list[str], papers: list[str]) -> None:
    assert required(benefit, *circumstance) == papers


def test_a_paper_that_only_sometimes_applies_is_welcome_and_not_missed() -> None:
    found = {paper.kinds: paper for paper in wanted("hospital_allowance")}
    assert not found["settlement_sheet", "invoice", "charge_receipt", "insurance_record"].required
    assert not found["diagnosis_certificate",].required


def test_a_paper_says_what_it_needs() -> None:
    form, *_rest, card = wanted("hospital_allowance")[:4]
    assert (form.name, form.needs) == ("互助金申请表", "会员签字，单位工会盖章")
    assert card.needs == "须为会员本人的银行卡"


def test_an_unknown_benefit_is_refused() -> None:
    with pytest.raises(BadInput, match=r"^没有这项待遇：theft$"):
        wanted("theft")


def test_every_heading_of_the_table_has_papers() -> None:
    assert {"hospital_allowance", "critical_illness", "disability", "death"} <= set(headings())
    assert all(wanted(heading) for heading in headings())
