"""A critical illness from its papers to money: ticked or shown, proved, named by a person."""

from typing import Any

import pytest

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from rules.verdict import Code
from tests.desk import HOSPITAL, Desk, Person, a_page, said_of
from tests.opened import sentence
from workflows.claims.acts import answers, correction, told_events
from workflows.claims.approving import approval_queue

INFARCTION = "急性前壁心肌梗死 I21.0"
CERTIFICATE = a_page(Kind.DIAGNOSIS_CERTIFICATE, HOSPITAL, "诊断证明书", f"诊断:{INFARCTION}")
ECG = a_page(Kind.TEST_REPORT, HOSPITAL, "心电图报告单", "V1-V4导联ST段抬高")
TROPONIN = a_page(Kind.TEST_REPORT, HOSPITAL, "检验报告单", "肌钙蛋白I  12.30  ng/ml")
DIALYSIS = a_page(Kind.DIALYSIS_RECORD, HOSPITAL, "血液透析治疗记录单")


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def ticking(*lines: str) -> Any:
    """The application form with these lines at its end."""

    def change(page: PageReading) -> PageReading:
        if page.kind != Kind.APPLICATION_FORM:
            return page
        told = [line.text for line in page.lines]
        return a_page(Kind.APPLICATION_FORM, *told, *lines)

    return change


TICKED = ticking("□住院津贴  √重大疾病  □意外伤害")


def heart_attack(desk: Desk, *more: PageReading, change: Any = TICKED) -> int:
    person = desk.member()
    stay = {"admitted": "2026-04-20", "discharged": "2026-05-02", "diagnosis": INFARCTION}
    claim_id = desk.claim(person, change, more=more, **stay)
    desk.work()
    return claim_id


def name_it(desk: Desk, clerk: User, claim_id: int, **told: object) -> None:
    said: dict[str, object] = {
        "kind": "critical_illness",
        "illness": "acute_myocardial_infarction",
        "diagnosed_on": "2026-04-20",
        "first_diagnosis": True,
    }
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, said | told, reason="已核对材料")
    desk.work()


def parts(desk: Desk, claim_id: int) -> list[tuple[int, str, int]]:
    found = desk.decision(claim_id).parts
    return [(part.event, part.outcome, part.amount // 100) for part in found]


def test_a_heart_attack_without_pathology_report_is_paid_beside_its_stay(
    desk: Desk, clerk: User
) -> None:
    claim_id = heart_attack(desk, CERTIFICATE, ECG, TROPONIN)
    assert desk.open_findings(claim_id) == set()
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    [reason] = [r for r in desk.decision(claim_id).reasons if r.code == Code.ILLNESS_TO_NAME]
    assert "急性心肌梗塞" in sentence(desk, reason)
    name_it(desk, clerk, claim_id)
    assert parts(desk, claim_id) == [(0, "pay", 600), (1, "pay", 10_000)]
    assert desk.decision(claim_id).amount == 1_060_000


def test_the_form_shows_what_the_papers_suggest_and_a_person_may_say_none(
    desk: Desk, clerk: User
) -> None:
    claim_id = heart_attack(desk, CERTIFICATE, ECG, TROPONIN)
    with desk.at(claim_id) as (session, claim):
        answers.answer_question(
            session, desk.office, clerk, claim, 1, Code.ILLNESS_TO_NAME, "none", "心电图未见梗死"
        )
    desk.work()
    assert parts(desk, claim_id) == [(0, "pay", 600), (1, "deny", 0)]


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        ((CERTIFICATE,), {"heart_test"}),
        ((CERTIFICATE, ECG), {"heart_test"}),
        ((CERTIFICATE, DIALYSIS), {"heart_test"}),
        ((ECG, TROPONIN), {"diagnosis_certificate"}),
        ((), {"diagnosis_certificate", "heart_test"}),
    ],
)
def test_the_proof_of_the_illness_is_asked_for_by_name(
    desk: Desk, shown: tuple[PageReading, ...], missing: set[str]
) -> None:
    claim_id = heart_attack(desk, *shown)
    assert desk.open_findings(claim_id) == {("MISSING_PAPER", code) for code in missing}
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE


@pytest.mark.parametrize(
    "proof",
    [
        a_page(Kind.TEST_REPORT, HOSPITAL, "冠状动脉造影检查报告单"),
        a_page(Kind.OPERATION_RECORD, HOSPITAL, "手术记录", "手术名称:PCI"),
    ],
)
def test_an_angiogram_or_an_operation_record_will_do_too(desk: Desk, proof: PageReading) -> None:
    claim_id = heart_attack(desk, CERTIFICATE, proof)
    assert desk.open_findings(claim_id) == set()
    assert desk.state_of(claim_id) == ClaimState.REFERRED


def test_what_is_no_listed_illness_is_asked_of_a_person_in_the_words_of_the_diagnosis(
    desk: Desk,
) -> None:
    report = a_page(Kind.TEST_REPORT, HOSPITAL, "CT检查报告单", "右肺下叶炎症")
    told = a_page(Kind.DIAGNOSIS_CERTIFICATE, HOSPITAL, "诊断证明书", "诊断:肺炎")
    claim_id = desk.claim(desk.member(), TICKED, more=(told, report))
    desk.work()
    [reason] = [r for r in desk.decision(claim_id).reasons if r.code == Code.ILLNESS_TO_NAME]
    assert "肺炎" in sentence(desk, reason)


def test_an_illness_before_the_cover_is_denied_without_asking_which(desk: Desk) -> None:
    person: Person = desk.member()
    stay = {"admitted": "2025-12-20", "discharged": "2025-12-28", "diagnosis": INFARCTION}
    claim_id = desk.claim(person, TICKED, more=(CERTIFICATE, ECG, TROPONIN), **stay)
    desk.work()
    assert {outcome for _event, outcome, _yuan in parts(desk, claim_id)} == {"deny"}
    assert desk.state_of(claim_id) == ClaimState.PROPOSED


STAY_ONLY = ticking("√住院津贴 □重大疾病 □意外伤害")
OFFERED = ("MAY_ALSO_CLAIM", "critical_illness")


def test_a_listed_illness_among_the_diagnoses_of_a_stay_is_offered_to_the_clerk(
    desk: Desk, clerk: User
) -> None:
    claim_id = heart_attack(desk, CERTIFICATE, ECG, TROPONIN, change=STAY_ONLY)
    assert desk.open_findings(claim_id) == {OFFERED}
    assert desk.state_of(claim_id) == ClaimState.IN_QUESTION
    with desk.at(claim_id) as (session, claim):
        told_events.ask_for(session, desk.office, clerk, claim, "critical_illness")
    desk.work()
    assert desk.open_findings(claim_id) == set()
    name_it(desk, clerk, claim_id)
    assert desk.decision(claim_id).amount == 1_060_000


def test_what_is_not_asked_for_with_a_reason_holds_nothing_up_and_the_supervisor_sees_it(
    desk: Desk, clerk: User
) -> None:
    claim_id = heart_attack(desk, change=STAY_ONLY)
    with desk.at(claim_id) as (session, claim):
        [finding] = [each for each in claim.findings if each.closed_at is None]
        correction.answer(session, desk.office, clerk, claim, finding.id, "会员只申请津贴")
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    assert parts(desk, claim_id) == [(0, "pay", 600)]
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
    assert any("可能还可享受重大疾病" in note for note in said_of(item))
    assert not item.is_clean


def test_an_illness_of_no_list_the_member_has_is_not_offered(desk: Desk) -> None:
    claim_id = desk.claim(desk.member(), diagnosis="腔隙性脑梗死 I63.801")
    desk.work()
    assert desk.open_findings(claim_id) == set()


def test_an_event_is_asked_for_once_and_must_be_of_a_known_kind(desk: Desk, clerk: User) -> None:
    claim_id = heart_attack(desk, change=STAY_ONLY)
    for kind, words in (("hospital_stay", "相同"), ("theft", "theft")):
        with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match=words):
            told_events.ask_for(session, desk.office, clerk, claim, kind)


def test_a_clerk_corrects_the_ticks(desk: Desk, clerk: User) -> None:
    claim_id = heart_attack(desk, CERTIFICATE, ECG, TROPONIN, change=STAY_ONLY)
    desk.correct(clerk, claim_id, benefits_asked="住院津贴、重大疾病")
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    name_it(desk, clerk, claim_id)
    assert desk.decision(claim_id).amount == 1_060_000


def test_an_illness_with_the_days_of_a_stay_asks_for_the_record_of_the_hospital(
    desk: Desk,
) -> None:
    stay = {"admitted": "2026-04-20", "discharged": "2026-05-02"}
    claim_id = desk.claim(
        desk.member(),
        TICKED,
        more=(CERTIFICATE, ECG, TROPONIN),
        without=(Kind.DISCHARGE_RECORD,),
        **stay,
    )
    desk.work()
    assert desk.open_findings(claim_id) == {("MISSING_PAPER", "discharge_record")}
