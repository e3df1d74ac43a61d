"""What papers and form show differently, from the papers to money or a letter: more than is asked
for is offered as 可能还可享受, and what is asked for without its papers is asked for again."""

from typing import Any

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import Claim, Payment, User
from models.people import Role
from models.states import ClaimState
from tests.desk import HOSPITAL, Desk, Person, a_card_number, a_page, an_id_number
from tests.heirs import an_heir, confirm, key, keyed, of_a_death
from tests.workflows.claims.acts.test_relief import answered
from tests.workflows.claims.letter_words import letter_words
from tests.workflows.claims.test_accident import appraisal, certificate, statement
from tests.workflows.claims.test_illness import CERTIFICATE, ECG, INFARCTION, TROPONIN, ticking
from workflows.claims.acts import told_events

STAY_TICKED = ticking("√住院津贴 □重大疾病 □意外伤害")
ILLNESS_TICKED = ticking("□住院津贴 √重大疾病 □意外伤害")
BOTH_TICKED = ticking("√住院津贴 √重大疾病 □意外伤害")
OFFERED = "MAY_ALSO_CLAIM"
CANCER = "左乳腺浸润性导管癌 C50.9"
REPORT = a_page(Kind.PATHOLOGY_REPORT, "病理诊断报告", "病理诊断:乳腺癌", "报告日期:2026-04-22")
IN_APRIL = {"admitted": "2026-04-20", "discharged": "2026-05-02"}


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def handed_in(desk: Desk, person: Person, change: Any, *more: PageReading, **stay: Any) -> int:
    claim_id = desk.claim(person, change, more=more, **IN_APRIL | stay)
    desk.work()
    return claim_id


def ask_for(desk: Desk, clerk: User, claim_id: int, kind: str) -> None:
    with desk.at(claim_id) as (session, claim):
        told_events.ask_for(session, desk.office, clerk, claim, kind)
    desk.work()


def come_later(desk: Desk, claim_id: int, *pages: PageReading) -> None:
    """The unit hands papers in under the number of the claim."""
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    desk.drop(number, {f"{at}.jpg": desk.scan(page) for at, page in enumerate(pages)})
    desk.look()


def name_it(desk: Desk, clerk: User, claim_id: int, day: str, *illnesses: str) -> None:
    told: dict[str, object] = {"kind": "critical_illness", "illness": [*illnesses]}
    told |= {"diagnosed_on": day, "first_diagnosis": True}
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, told, reason="已核对材料")
    desk.work()


def paid(desk: Desk, claim_id: int) -> int:
    """Approved and answered by the bank; the yuan on the member's card."""
    desk.approve_all()
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    with desk.office.sessions.read_only() as session:
        credited = select(Payment.amount).filter_by(claim_id=claim_id, state="credited")
        return sum(session.scalars(credited)) // 100


def test_a_heart_attack_among_the_diagnoses_of_a_stay_is_offered_proved_and_paid(
    desk: Desk, clerk: User
) -> None:
    claim_id = handed_in(desk, desk.member(), STAY_TICKED, diagnosis=f"1.高血压 2.{INFARCTION}")
    assert desk.open_findings(claim_id) == {(OFFERED, "critical_illness")}
    ask_for(desk, clerk, claim_id, "critical_illness")
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
    assert "心电图" in letter_words(desk, claim_id, "supplement_notice")
    come_later(desk, claim_id, CERTIFICATE, ECG, TROPONIN)
    name_it(desk, clerk, claim_id, "2026-04-20", "acute_myocardial_infarction")
    assert paid(desk, claim_id) == 600 + 10_000


def test_an_accident_behind_a_stay_is_offered_proved_and_paid_instead_of_the_stay(
    desk: Desk, clerk: User
) -> None:
    told = statement("在单位食堂门前不慎滑倒,造成右胫腓骨骨折")
    claim_id = handed_in(desk, desk.member(), STAY_TICKED, told, diagnosis="右胫腓骨骨折 S82.2")
    assert desk.open_findings(claim_id) == {(OFFERED, "accident")}
    ask_for(desk, clerk, claim_id, "accident")
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
    come_later(desk, claim_id, certificate("右胫腓骨骨折"), appraisal("评定为五级伤残"))
    assert paid(desk, claim_id) == 12_000
    assert "意外造成的住院不予给付" in letter_words(desk, claim_id, "payment_notice")


def test_an_illness_of_an_optional_plan_is_offered_and_paid_by_each_plan_that_lists_it(
    desk: Desk, clerk: User
) -> None:
    woman = Person("张三", an_id_number("19850317", sequence=2), a_card_number())
    person = desk.member(on_roster=woman)
    for plan in ("women-changchun", "illness-2020"):
        desk.member(on_roster=person, plan=plan)
    claim_id = handed_in(desk, person, STAY_TICKED, certificate(CANCER), diagnosis=CANCER)
    assert desk.open_findings(claim_id) == {(OFFERED, "critical_illness")}
    ask_for(desk, clerk, claim_id, "critical_illness")
    come_later(desk, claim_id, REPORT)
    name_it(desk, clerk, claim_id, "2026-04-22", "malignant_tumour", "breast_cancer")
    assert paid(desk, claim_id) == 600 + 10_000 + 10_000 + 10_000


def test_a_ticked_stay_without_its_papers_is_asked_for_and_paid_beside_the_illness(
    desk: Desk, clerk: User
) -> None:
    proofs = (CERTIFICATE, ECG, TROPONIN)
    without = (Kind.DISCHARGE_RECORD,)
    claim_id = handed_in(desk, desk.member(), BOTH_TICKED, *proofs, without=without)
    assert desk.open_findings(claim_id) >= {("MISSING_PAPER", "discharge_record")}
    assert "出院记录" in letter_words(desk, claim_id, "supplement_notice")
    come_later(
        desk,
        claim_id,
        a_page(
            Kind.DISCHARGE_RECORD,
            HOSPITAL,
            "出院记录",
            "姓名:张三",
            "入院日期:2026-04-20",
            "出院日期:2026-05-02",
            f"出院诊断:{INFARCTION}",
        ),
    )
    name_it(desk, clerk, claim_id, "2026-04-20", "acute_myocardial_infarction")
    assert paid(desk, claim_id) == 600 + 10_000


def test_a_ticked_stay_whose_papers_never_come_is_left_out_and_the_illness_paid(
    desk: Desk, clerk: User
) -> None:
    proofs = (CERTIFICATE, ECG, TROPONIN)
    without = (Kind.DISCHARGE_RECORD,)
    claim_id = handed_in(desk, desk.member(), BOTH_TICKED, *proofs, without=without)
    with desk.at(claim_id) as (session, claim):
        told_events.drop_event(session, desk.office, clerk, claim, 0, "会员称未住院")
    desk.work()
    desk.waive(clerk, claim_id, "会员称未住院")
    name_it(desk, clerk, claim_id, "2026-04-20", "acute_myocardial_infarction")
    assert paid(desk, claim_id) == 10_000


def test_a_stay_with_its_record_is_paid_although_only_the_illness_is_ticked(
    desk: Desk, clerk: User
) -> None:
    """The record asks for it as a tick would."""
    papers = (CERTIFICATE, ECG, TROPONIN)
    claim_id = handed_in(desk, desk.member(), ILLNESS_TICKED, *papers, diagnosis=INFARCTION)
    name_it(desk, clerk, claim_id, "2026-04-20", "acute_myocardial_infarction")
    assert paid(desk, claim_id) == 600 + 10_000


def test_a_stay_before_a_death_by_illness_is_offered_and_paid_to_the_heirs(
    desk: Desk, clerk: User
) -> None:
    """No paper tells of an accident: whether there was one is asked."""
    person, theirs = desk.member(), (an_heir("李一"), an_heir("李二"))
    of_death = [p for p in of_a_death(person, *theirs) if p.kind != Kind.ACCIDENT_STATEMENT]
    stay = {"diagnosis": "重症肺炎", "without": (Kind.BANK_CARD,), "card": theirs[0].card}
    claim_id = handed_in(desk, person, lambda page: page, *of_death, **stay)
    assert desk.open_findings(claim_id) == {(OFFERED, "accident")}
    desk.waive(clerk, claim_id, "因病身故")
    key(desk, claim_id, *(keyed(desk, claim_id, each, "1/2") for each in theirs))
    confirm(desk, claim_id)
    assert paid(desk, claim_id) == 600


def test_a_cancer_named_by_the_womens_list_counts_as_a_tumour_of_the_main_plan(
    desk: Desk, clerk: User
) -> None:
    woman = Person("张三", an_id_number("19850317", sequence=2), a_card_number())
    person = desk.member(on_roster=woman)
    desk.member(on_roster=person, plan="women-changchun")
    papers = (certificate(CANCER), REPORT)
    claim_id = handed_in(desk, person, ILLNESS_TICKED, *papers, diagnosis=CANCER)
    name_it(desk, clerk, claim_id, "2026-04-22", "breast_cancer")
    assert paid(desk, claim_id) == 600 + 10_000 + 10_000
    letter = letter_words(desk, claim_id, "payment_notice")
    assert "不在本计划的病种之列" not in letter
