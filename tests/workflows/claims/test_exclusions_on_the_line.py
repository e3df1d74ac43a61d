"""Everyday words of each exclusion (R33), from the papers to the question of a person."""

from itertools import cycle

import pytest

from documents.kinds import Kind
from documents.reading.page import PageReading
from models.people import Role
from models.states import ClaimState
from rules import plans
from rules.verdict import Code
from tests.desk import Desk, a_page, promises_hold
from tests.opened import sentence
from tests.workflows.claims.acts.test_answers import answer
from tests.workflows.claims.acts.test_relief import answered
from tests.workflows.claims.test_accident import TICKED, appraisal, certificate, statement
from workflows.claims.acts import answers

# What people write in a diagnosis of a stay.
DIAGNOSES = {
    "childbirth": ["宫内孕40周 无痛分娩", "剖腹产", "宫内孕39周 单活胎", "先兆流产", "胎膜早破"],
    "mental_illness": ["精神病", "重度抑郁发作", "焦虑症"],
    "cosmetic_surgery": ["面部整容术后", "重睑成形术", "隆胸术后"],
    "convalescence": ["腰椎间盘突出症康复治疗", "术后休养", "疗养"],
    "check_up": ["健康查体", "入职体检", "肺部结节筛查"],
}
# What a unit or the police write of an accident.
STORIES = {
    "self_harm": ["无明显诱因自缢", "因家庭矛盾割腕", "从宿舍跳楼", "在家中服毒"],
    "crime": ["入室盗窃时坠落受伤", "吸毒后驾车相撞", "与他人打架受伤"],
    "drunk_driving": [
        "无证、醉酒驾驶小型轿车与护栏相撞",
        "无证酒后驾驶摩托车摔倒",
        "无牌醉酒驾驶摩托车摔倒",
        "没有驾驶证酒后驾车相撞",
        "饮酒后骑摩托车摔倒",
    ],
    "unlicensed_driving": [
        "无证、醉酒驾驶小型轿车与护栏相撞",
        "未取得有效驾驶证驾驶货车相撞",
        "无驾驶资格驾驶轿车相撞",
    ],
    "war": ["在武装冲突中受伤", "在战乱中受伤", "因暴乱受伤"],
    "natural_catastrophe": ["地震时被砸伤", "遇山洪被冲走摔伤", "遇泥石流受伤"],
}
_given = cycle("一丁万丈上下丙东丰丹久义乐乔乙九书云五亚仁今介仕仙代令任伊伍伟伦伯")


def asked_about(desk: Desk, claim_id: int) -> set[str]:
    """The exclusions a person is asked about, and no part pays before the answer."""
    if desk.state_of(claim_id) != ClaimState.REFERRED:
        return set()
    names = {each.name: each.code for each in plans.load("main-2020").exclusions}
    reasons = desk.decision(claim_id).reasons
    told = [sentence(desk, each) for each in reasons if each.code == Code.EXCLUSION_SUSPECTED]
    return {code for name, code in names.items() for text in told if name in text}


def a_stay(desk: Desk, diagnosis: str) -> int:
    return desk.claim(desk.member(f"张{next(_given)}", "19850317"), diagnosis=diagnosis)


def an_accident(desk: Desk, how: str) -> int:
    finding: list[PageReading] = []
    if "车" in how:
        told = f"交通事故时间:2026年4月20日21时30分,张三{how}。"
        finding = [a_page(Kind.POLICE_FINDING, "道路交通事故认定书", told)]
    more = (statement(how), *finding, certificate("右胫腓骨骨折"), appraisal("评定为五级伤残"))
    days = {"admitted": "2026-04-20", "discharged": "2026-05-02"}
    return desk.claim(desk.member(f"张{next(_given)}"), TICKED, more=more, **days)


def test_the_everyday_words_of_each_exclusion_are_asked_about(desk: Desk) -> None:
    claims = [
        (code, words, bring(desk, words))
        for bring, walk in ((a_stay, DIAGNOSES), (an_accident, STORIES))
        for code, said in walk.items()
        for words in said
    ]
    desk.work()
    unasked = [(code, words) for code, words, at in claims if code not in asked_about(desk, at)]
    assert unasked == []
    assert {*DIAGNOSES, *STORIES} == {each.code for each in plans.load("main-2020").exclusions}


@pytest.mark.parametrize("how", ["本人否认饮酒,骑车摔倒", "无饮酒史,下楼时不慎摔倒"])
def test_what_a_statement_denies_is_not_asked_about(desk: Desk, how: str) -> None:
    claim_id = desk.claim(
        desk.member(), TICKED, admitted="2026-04-20", discharged="2026-05-02",
        more=(statement(how), certificate("右胫腓骨骨折"), appraisal("评定为五级伤残")),
    )  # fmt: skip
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    assert desk.decision(claim_id).amount == 1_200_000


def test_where_one_of_two_plans_has_the_exclusion_its_part_alone_is_asked_and_denied(
    desk: Desk,
) -> None:
    """Accident plans do not exclude pregnancy: what the main plan asks leaves their part alone."""
    person = desk.member()
    desk.member(on_roster=person, plan="accident-2022")
    told = (statement("在单位食堂门前不慎滑倒"), appraisal("评定为五级伤残"))
    hurt = "孕20周 右胫腓骨骨折"
    days = {"admitted": "2026-04-20", "discharged": "2026-05-02"}
    claim_id = desk.claim(person, TICKED, more=(*told, certificate(hurt)), diagnosis=hurt, **days)
    desk.work()
    with desk.at(claim_id) as (_session, claim):
        [asked] = answers.open_questions(claim)
    assert asked.code is Code.EXCLUSION_SUSPECTED
    [sentence] = asked.sentences
    assert "在职职工住院津贴综合互助保障计划（四（一）1）的除外情形：生育" in sentence
    outcomes = {part.plan: part.outcome for part in desk.decision(claim_id).parts}
    assert outcomes == {"main-2020": "refer", "accident-2022": "pay"}
    answer(desk, desk.user(Role.CLERK), claim_id, Code.EXCLUSION_SUSPECTED, "excluded")
    parts = {part.plan: (part.outcome, part.amount) for part in desk.decision(claim_id).parts}
    assert parts == {"main-2020": ("deny", 0), "accident-2022": ("pay", 18_000_00)}
    desk.approve_all()
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    promises_hold(desk)
