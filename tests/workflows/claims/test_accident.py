"""An accident from its papers to money or a question: burns, grades, signs of an exclusion."""

from typing import Any

import pytest

from documents.kinds import Kind
from documents.reading.page import PageReading
from models import User
from models.people import Role
from models.states import ClaimState
from rules.verdict import Code
from tests.desk import HOSPITAL, UNIT, Desk, a_page
from tests.opened import sentence
from tests.workflows.claims.test_illness import ticking
from workflows.claims.acts import answers, told_events

TICKED = ticking("□住院津贴 □重大疾病 √意外伤害")


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def statement(how: str, day: str = "2026年4月20日") -> PageReading:
    told = f"我单位职工张三于{day}8时许,{how}。以上情况属实,特此说明。"
    return a_page(Kind.ACCIDENT_STATEMENT, "意外事故情况说明", told, UNIT)


def certificate(diagnosis: str) -> PageReading:
    return a_page(Kind.DIAGNOSIS_CERTIFICATE, HOSPITAL, "诊断证明书", f"诊断:{diagnosis}")


def appraisal(opinion: str) -> PageReading:
    return a_page(Kind.DISABILITY_APPRAISAL, "伤残鉴定书", f"鉴定意见:{opinion}")


def handed_in(desk: Desk, *more: PageReading, change: Any = TICKED, **stay: Any) -> int:
    """A claim of these papers; a clerk has looked at what only one of them says."""
    claim_id = desk.claim(desk.member(), change, more=more, **stay)
    desk.work()
    desk.bear_out(claim_id)
    return claim_id


def parts(desk: Desk, claim_id: int) -> list[tuple[str, int]]:
    return [(part.outcome, part.amount // 100) for part in desk.decision(claim_id).parts]


@pytest.mark.parametrize(
    ("diagnosis", "yuan"),
    [
        ("双手Ⅲ度烧伤3%", 10_000),
        ("头颈部Ⅲ度烫伤5%", 15_000),
        ("躯干Ⅲ度烧伤20%", 20_000),
        ("躯干烧伤,总面积30%,其中Ⅲ度10%", 10_000),
        # R19: trunk and limbs are one row of the table. R16: of two rows the worst decides.
        ("躯干Ⅲ度烧伤10%,左上肢Ⅲ度烧伤5%", 15_000),
        ("躯干Ⅲ度烧伤10%,双手Ⅲ度烧伤8%", 20_000),
        ("躯干Ⅲ度烧伤9%,双手Ⅲ度烧伤2%,面部Ⅱ度烧伤6%", 10_000),
    ],
)
def test_a_burn_is_paid_by_its_place_and_share_of_the_surface(
    desk: Desk, diagnosis: str, yuan: int
) -> None:
    told = statement("操作锅炉时不慎被蒸汽烫伤")
    claim_id = handed_in(
        desk, told, certificate(diagnosis), diagnosis=diagnosis, admitted="2026-04-20",
        discharged="2026-05-02",
    )  # fmt: skip
    assert desk.open_findings(claim_id) == set()
    assert parts(desk, claim_id) == [("pay", yuan)]


def test_a_burn_whose_share_the_papers_do_not_say_waits_for_a_person(
    desk: Desk, clerk: User
) -> None:
    told = statement("操作锅炉时不慎被蒸汽烫伤")
    claim_id = handed_in(desk, told, certificate("双手烫伤"), diagnosis="双手烫伤")
    assert desk.open_findings(claim_id) == {("EVENT_WANTED", "event")}
    whole: dict[str, object] = {
        "kind": "accident",
        "happened_on": "2026-04-20",
        "outcome": "burn",
        "area": "head",
        "percent": 5,
    }
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, whole, reason="已核对材料")
    desk.work()
    assert parts(desk, claim_id) == [("pay", 15_000)]


def test_a_burn_without_the_units_statement_asks_for_it(desk: Desk) -> None:
    claim_id = handed_in(desk, diagnosis="双手Ⅲ度烧伤3%")
    assert ("MISSING_PAPER", "accident_statement") in desk.open_findings(claim_id)
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE


def test_a_disability_is_paid_by_the_grade_of_its_appraisal(desk: Desk) -> None:
    told = statement("在单位食堂门前不慎滑倒,造成右胫腓骨骨折")
    graded = appraisal("被鉴定人张三之损伤评定为五级伤残。")
    claim_id = handed_in(desk, told, certificate("右胫腓骨骨折"), graded, admitted="2026-04-20",
                         discharged="2026-05-02")  # fmt: skip
    assert parts(desk, claim_id) == [("pay", 12_000)]


def test_a_disability_from_an_accident_while_in_hospital_for_illness_is_paid_double(
    desk: Desk,
) -> None:
    told = statement("在病房卫生间不慎滑倒,造成右髋骨骨折", day="2026年3月5日")
    graded = appraisal("评定为五级伤残")
    claim_id = handed_in(desk, told, certificate("右髋骨骨折"), graded)
    assert parts(desk, claim_id) == [("pay", 600), ("pay", 24_000)]


def test_several_grades_are_looked_at_by_a_person_before_they_count(
    desk: Desk, clerk: User
) -> None:
    told = statement("在单位食堂门前不慎滑倒")
    graded = appraisal("左手评定为五级伤残,右手评定为五级伤残")
    claim_id = handed_in(desk, told, certificate("双手骨折"), graded, admitted="2026-04-20",
                         discharged="2026-05-02")  # fmt: skip
    assert desk.open_findings(claim_id) == {("FIELD_UNSURE", "disability_grades")}
    desk.correct(clerk, claim_id, disability_grades="5、5")
    assert parts(desk, claim_id) == [("pay", 14_000)]


def drunk(desk: Desk) -> int:
    finding = a_page(
        Kind.POLICE_FINDING,
        "道路交通事故认定书",
        "交通事故时间:2026年4月20日21时30分",
        "张三酒后驾驶小型轿车与护栏相撞,负全部责任。",
    )
    told = statement("驾驶小型轿车与护栏相撞")
    graded = appraisal("评定为五级伤残")
    return handed_in(desk, told, finding, certificate("右胫腓骨骨折"), graded,
                     admitted="2026-04-20", discharged="2026-05-02")  # fmt: skip


def test_drink_in_the_police_finding_is_asked_about_in_its_words_and_by_page(
    desk: Desk, clerk: User
) -> None:
    claim_id = drunk(desk)
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    [reason] = [r for r in desk.decision(claim_id).reasons if r.code == Code.EXCLUSION_SUSPECTED]
    assert "“酒后”" in sentence(desk, reason)
    assert "第 7 页" in sentence(desk, reason)
    with desk.at(claim_id) as (session, claim):
        asked = Code.EXCLUSION_SUSPECTED
        answers.answer_question(
            session, desk.office, clerk, claim, 0, asked, "excluded", "认定书写明酒后驾驶"
        )
    desk.work()
    assert parts(desk, claim_id) == [("deny", 0)]


def test_an_injury_of_a_stay_is_offered_as_an_accident(desk: Desk) -> None:
    stay = ticking("√住院津贴 □重大疾病 □意外伤害")
    claim_id = handed_in(desk, change=stay, diagnosis="右胫腓骨骨折 S82.201")
    assert desk.open_findings(claim_id) == {("MAY_ALSO_CLAIM", "accident")}


def test_an_accident_on_the_road_asks_for_the_finding_of_the_police(desk: Desk) -> None:
    told = statement("骑车上班途中被轿车撞伤")
    graded = appraisal("评定为五级伤残")
    claim_id = handed_in(desk, told, certificate("右胫腓骨骨折"), graded, admitted="2026-04-20",
                         discharged="2026-05-02")  # fmt: skip
    assert desk.open_findings(claim_id) == {("MISSING_PAPER", "police_finding")}


def test_what_a_person_filled_in_keeps_the_sign_the_papers_show(desk: Desk, clerk: User) -> None:
    claim_id = drunk(desk)
    whole: dict[str, object] = {
        "kind": "accident",
        "happened_on": "2026-04-20",
        "outcome": "disability",
        "grades": [4],
    }
    with desk.at(claim_id) as (session, claim):
        told_events.establish(session, desk.office, clerk, claim, whole, reason="已核对材料")
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.REFERRED


def test_twice_the_sum_for_an_accident_in_hospital_is_not_paid_without_the_hospitals_record(
    desk: Desk,
) -> None:
    told = statement("在病房卫生间不慎滑倒,造成右髋骨骨折", day="2026年3月5日")
    graded = appraisal("评定为一级伤残")
    without = (Kind.DISCHARGE_RECORD,)
    claim_id = handed_in(desk, told, certificate("右髋骨骨折"), graded, without=without)
    assert desk.open_findings(claim_id) == {("MISSING_PAPER", "discharge_record")}
    assert desk.state_of(claim_id) == ClaimState.INCOMPLETE
