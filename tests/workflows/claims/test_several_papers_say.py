"""What only one of several papers says decides too: a further diagnosis, a second sign."""

from typing import Any

import pytest

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import User
from models.people import Role
from models.states import ClaimState
from rules.verdict import Code
from tests.desk import HOSPITAL, Desk, a_page
from tests.opened import facts, sentence
from tests.workflows.claims.acts.test_answers import agree
from tests.workflows.claims.test_accident import (
    TICKED,
    appraisal,
    certificate,
    handed_in,
    parts,
    statement,
)
from tests.workflows.claims.test_illness import CERTIFICATE, ECG, STAY_ONLY, TROPONIN, ticking
from workflows.claims.acts import answers, correction, told_events

AFTER_IT = {"admitted": "2026-04-20", "discharged": "2026-05-02"}
GRADED = appraisal("评定为五级伤残")


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def hurt(desk: Desk, how: str, *more: PageReading) -> int:
    papers = (statement(how), certificate("右胫腓骨骨折"), GRADED, *more)
    return handed_in(desk, *papers, change=TICKED, **AFTER_IT)


def asked(desk: Desk, claim_id: int) -> list[str]:
    reasons = desk.decision(claim_id).reasons
    return [sentence(desk, each) for each in reasons if each.code == Code.EXCLUSION_SUSPECTED]


def not_excluded(desk: Desk, claim_id: int) -> None:
    code, supervisor = Code.EXCLUSION_SUSPECTED, desk.user(Role.SUPERVISOR)
    with desk.at(claim_id) as (session, claim):
        answers.answer_question(
            session, desk.office, supervisor, claim, 0, code, "not_excluded", "已向交警核实"
        )
    agree(desk, desk.user(Role.SUPERVISOR), claim_id)


@pytest.mark.parametrize(
    ("diagnosis", "offered"),
    [("急性前壁心肌梗死 I21.0", "critical_illness"), ("右胫骨骨折 S82.2", "accident")],
)
def test_a_diagnosis_that_only_the_certificate_has_is_offered(
    desk: Desk, diagnosis: str, offered: str
) -> None:
    claim_id = handed_in(desk, certificate(diagnosis), change=STAY_ONLY, diagnosis="肺炎")
    assert desk.open_findings(claim_id) == {("MAY_ALSO_CLAIM", offered)}


def test_a_childbirth_that_only_the_certificate_tells_is_asked_about_by_its_page(
    desk: Desk,
) -> None:
    told = certificate("足月妊娠剖宫产 O82.0")
    claim_id = handed_in(desk, told, change=STAY_ONLY, diagnosis="贫血")
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    [question] = asked(desk, claim_id)
    assert "第 6 页写有“足月妊娠”" in question


def test_a_certificate_that_says_less_or_only_suspects_holds_nothing_up(desk: Desk) -> None:
    suspected = certificate("1.肺炎 2.急性心肌梗死?")
    claim_id = handed_in(desk, suspected, change=STAY_ONLY, diagnosis="社区获得性肺炎")
    assert parts(desk, claim_id) == [("pay", 600)]


def test_every_sign_of_a_statement_is_asked_about(desk: Desk) -> None:
    claim_id = hurt(desk, "因斗殴后酒后驾驶摔倒")
    assert ["“斗殴”" in text for text in asked(desk, claim_id)] == [True, False]
    assert ["“酒后”" in text for text in asked(desk, claim_id)] == [False, True]
    not_excluded(desk, claim_id)
    assert parts(desk, claim_id) == [("pay", 12_000)]


def test_a_sign_that_comes_later_is_asked_about_although_the_first_was_cleared(
    desk: Desk, clerk: User
) -> None:
    claim_id = hurt(desk, "酒后摔倒")
    not_excluded(desk, claim_id)
    assert parts(desk, claim_id) == [("pay", 12_000)]
    with desk.at(claim_id) as (session, claim):
        told = "无证驾驶摩托车摔倒"
        whole: dict[str, Any] = {"kind": "accident", "happened_on": "2026-04-20", "grades": [5]}
        whole |= {"outcome": "disability", "description": told}
        told_events.establish(session, desk.office, clerk, claim, whole, reason="已核对材料")
    desk.work()
    assert [("酒后" in text, "无证驾驶" in text) for text in asked(desk, claim_id)] == [
        (True, False),
        (False, True),
    ]


def test_statement_and_police_finding_are_each_quoted_with_their_page(desk: Desk) -> None:
    finding = a_page(
        Kind.POLICE_FINDING,
        "道路交通事故认定书",
        "2026年4月20日8时,张三无证驾驶摩托车与护栏相撞,血液酒精含量120mg/100ml。",
    )
    claim_id = hurt(desk, "酒后摔倒", finding)
    pages = [
        (text.split("“")[1].split("”")[0], text.split(" ")[1]) for text in asked(desk, claim_id)
    ]
    assert pages == [("酒后", "6"), ("酒精含量", "9"), ("无证驾驶", "9")]


def test_an_illness_shows_the_signs_of_its_papers_too(desk: Desk, clerk: User) -> None:
    burnt = a_page(Kind.DIAGNOSIS_CERTIFICATE, HOSPITAL, "诊断证明书", "诊断:严重烧伤 T31.5")
    claim_id = handed_in(
        desk, burnt, statement("在家中自杀自焚"), diagnosis="严重烧伤 T31.5",
        change=lambda page: page, **AFTER_IT,
    )  # fmt: skip
    with desk.at(claim_id) as (session, claim):
        for finding in [each for each in claim.findings if each.closed_at is None]:
            if finding.code != "EVENT_WANTED":
                correction.answer(session, desk.office, clerk, claim, finding.id, "另案办理")
        told: dict[str, object] = {"kind": "critical_illness", "illness": "severe_burns"}
        told |= {"diagnosed_on": "2026-04-20", "first_diagnosis": True}
        told_events.establish(session, desk.office, clerk, claim, told, reason="已核对材料")
    desk.work()
    assert desk.open_findings(claim_id) == set()
    assert any("“自杀”" in text for text in asked(desk, claim_id))


def test_the_same_words_months_apart_are_asked_about_before_they_are_paid_twice(
    desk: Desk,
) -> None:
    desk.clock.pass_(days=60)
    person, how = desk.member(), "在单位三号车间搬运铁板时被砸伤右小腿"
    bone = certificate("右胫腓骨骨折")

    def once(day: str, **stay: str) -> int:
        more = (statement(how, day), bone, GRADED)
        claim_id = desk.claim(person, TICKED, more=more, **stay)
        desk.work()
        return claim_id

    once("2026年3月1日", admitted="2026-03-01", discharged="2026-03-05")
    second = once("2026年5月1日", admitted="2026-05-01", discharged="2026-05-05")
    assert desk.state_of(second) == ClaimState.REFERRED
    assert {each.code for each in desk.decision(second).reasons} == {Code.ACCIDENT_NEAR}


def test_the_form_of_the_accident_shows_the_place_the_statement_names(desk: Desk) -> None:
    claim_id = hurt(desk, "在单位三号车间搬运铁板时被砸伤")
    [part] = desk.decision(claim_id).parts
    event: Any = facts(desk, part)["event"]
    assert event["place"] == "单位三号车间"
    assert event["description"] == "在单位三号车间搬运铁板时被砸伤"


def test_a_stay_that_an_accident_did_not_cause_is_offered_beside_it(
    desk: Desk, clerk: User
) -> None:
    papers = (statement("在楼梯上摔倒"), certificate("右胫腓骨骨折"), GRADED)
    claim_id = handed_in(desk, *papers, change=TICKED)
    assert desk.open_findings(claim_id) == {("MAY_ALSO_CLAIM", "hospital_stay")}
    with desk.at(claim_id) as (session, claim):
        told_events.ask_for(session, desk.office, clerk, claim, "hospital_stay")
    desk.work()
    assert parts(desk, claim_id) == [("pay", 12_000), ("pay", 600)]


@pytest.mark.parametrize("sheets", [(a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单", HOSPITAL),)])
def test_a_stay_that_only_the_settlement_sheet_shows_is_offered_beside_an_illness(
    desk: Desk, clerk: User, sheets: tuple[PageReading, ...]
) -> None:
    change = ticking("□住院津贴 √重大疾病 □意外伤害")
    papers = (CERTIFICATE, ECG, TROPONIN, *sheets)
    claim_id = handed_in(desk, *papers, change=change, without=(Kind.DISCHARGE_RECORD,))
    wanted = {("MAY_ALSO_CLAIM", "hospital_stay"), ("MISSING_PAPER", "discharge_record")}
    assert desk.open_findings(claim_id) == wanted
    with desk.at(claim_id) as (session, claim):
        told_events.ask_for(session, desk.office, clerk, claim, "hospital_stay")
    desk.work()
    assert ("MISSING_PAPER", "discharge_record") in desk.open_findings(claim_id)


ILLNESS, ACCIDENT = "critical_illness", "accident"


def test_what_may_be_owed_is_offered_by_the_words_doctors_use(desk: Desk) -> None:
    offers = {
        "主动脉夹层 I71.0": ILLNESS,
        "慢性肾脏病5期 N18.5;维持性血液透析": ILLNESS,
        "冠状动脉搭桥术后": ILLNESS,
        "急性心梗": ILLNESS,
        "胃Ca": ILLNESS,
        "舌癌": ILLNESS,
        "触电伤": ACCIDENT,
        "溺水": ACCIDENT,
        "一氧化碳中毒 T58": ACCIDENT,
        "颅脑损伤": ACCIDENT,
        "车祸伤": ACCIDENT,
        "踝关节扭伤": ACCIDENT,
    }
    claims = {each: desk.claim(desk.member(), diagnosis=each) for each in offers}
    desk.work()
    found = {each: desk.open_findings(claim_id) for each, claim_id in claims.items()}
    assert found == {each: {("MAY_ALSO_CLAIM", kind)} for each, kind in offers.items()}


def test_an_everyday_stay_goes_through_without_an_offer(desk: Desk) -> None:
    everyday = [
        "肺炎", "冠心病 I25.1", "急性肾损伤", "药物性肝损伤", "慢性肾脏病3期 N18.3", "癌胚抗原升高",
        "腔隙性脑梗死", "陈旧性心肌梗死", "右胫骨骨折术后", "骨质疏松伴病理性骨折", "中毒性心肌炎",
        "腹主动脉瘤 I71.4", "二尖瓣关闭不全 I34.0", "脑膜瘤", "低Ca血症", "过敏性休克 T78.2",
    ]  # fmt: skip
    claims = {each: desk.claim(desk.member(), diagnosis=each) for each in everyday}
    desk.work()
    offered = {each: desk.open_findings(claim_id) for each, claim_id in claims.items()}
    assert offered == {each: set() for each in everyday}


def test_an_answer_stays_with_its_event_when_an_earlier_event_is_dropped(
    desk: Desk, clerk: User
) -> None:
    change, papers = ticking("√住院津贴 √重大疾病"), (CERTIFICATE, ECG, TROPONIN)
    claim_id = handed_in(desk, *papers, change=change, diagnosis="急性前壁心肌梗死 I21.0")
    with desk.at(claim_id) as (session, claim):
        answers.answer_question(
            session, desk.office, clerk, claim, 1, Code.ILLNESS_TO_NAME, "none", "心电图未见梗死"
        )
    desk.work()
    with desk.at(claim_id) as (session, claim):
        told_events.drop_event(session, desk.office, clerk, claim, 0, "津贴另案申请")
    desk.work()
    assert parts(desk, claim_id) == [("deny", 0)]


def test_a_class_of_hospital_other_than_the_registers_is_a_finding(desk: Desk, clerk: User) -> None:
    printed = a_page(Kind.SETTLEMENT_SHEET, "住院费用结算单", "医院等级:一级")
    claim_id = handed_in(desk, printed, change=STAY_ONLY)
    assert desk.open_findings(claim_id) == {("DISAGREEMENT", "hospital_level")}
    desk.correct(clerk, claim_id, hospital_level="三级")
    assert parts(desk, claim_id) == [("pay", 600)]
