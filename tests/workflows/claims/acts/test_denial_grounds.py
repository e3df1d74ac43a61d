"""What the letters say where a claim or a part of it is denied: the clause, and no doubt."""

from datetime import date
from typing import Any

import pytest

from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from rules.verdict import Code
from tests.desk import Desk, handed_in
from tests.heirs import a_death
from tests.opened import sentence
from tests.workflows.claims.acts.test_answers import EXCLUSION, agree, answer
from tests.workflows.claims.judging.test_adjudication import a_stay_and_an_illness
from tests.workflows.claims.letter_words import letter_words
from tests.workflows.claims.test_every_question import an_accident, out_tomorrow
from workflows.claims.acts import told_events
from workflows.sealed_values.decisions import events_told


def test_a_part_denied_while_a_question_is_open_tells_the_member_the_denial_alone(
    desk: Desk,
) -> None:
    claim_id = a_stay_and_an_illness(desk, desk.member(), "2026-01-20", "malignant_tumour")
    with desk.at(claim_id) as (session, claim):
        told = events_told(claim)[1] | {"exclusion": "mental_illness"}
        told_events.establish(
            session, desk.office, desk.user(Role.CLERK), claim, told, 1, reason="已核对材料"
        )
    desk.work()
    desk.approve_all()
    words = letter_words(desk, claim_id, "payment_notice")
    assert "观察期" in words
    assert "疑属" not in words


def test_a_denial_of_a_day_too_many_keeps_the_suspicion_to_itself(desk: Desk) -> None:
    """One day in hospital for childbirth: too short by itself."""
    stay: dict[str, Any] = {
        "admitted": "2026-03-02",
        "discharged": "2026-03-03",
        "diagnosis": "足月妊娠剖宫产",
    }
    claim_id = desk.claim(desk.member(), **stay)
    desk.work()
    desk.approve_all()
    words = letter_words(desk, claim_id, "denial_notice")
    assert "未超过 1 天" in words
    assert "疑属" not in words
    assert "请人工核定" not in words


def test_a_denied_part_of_a_paid_claim_quotes_its_clause_and_says_how_to_object(desk: Desk) -> None:
    """The stay is paid; a tumour of day 20 is not."""
    claim_id = a_stay_and_an_illness(desk, desk.member(), "2026-01-20", "malignant_tumour")
    desk.approve_all()
    words = letter_words(desk, claim_id, "payment_notice")
    for told in (
        "三、不予给付的部分",
        "吉直工发〔2020〕1号 四（一）2：“重大疾病保障待遇，会员首次确诊患有15类重大疾病",
        "第 2 项：确诊在生效第 20 日，观察期为 30 日",
        "四、款项划付",
        "2026年8月14日前（含当日）",
        "写明案件编号和异议理由",
        "未参与本次核定的人员复核",
    ):
        assert told in words
    assert "说明：" not in words


def assert_no_doubt(words: str) -> None:
    """What the office has a plan from, and practice it could not confirm, are not the member's."""
    assert not [doubt for doubt in ("宣传材料", "做法）", "未见", "5 月 21 日") if doubt in words]


def test_no_letter_tells_where_the_office_has_an_edition_or_an_optional_plan_from(
    desk: Desk,
) -> None:
    person = desk.member(plan="main-2025")
    for plan in ("illness-2020", "women-changchun", "accident-2022"):
        desk.member(on_roster=person, plan=plan)
    claim_id = a_stay_and_an_illness(desk, person, "2026-05-20", "malignant_tumour")
    accident = an_accident(desk, person, "2026-03-02")
    desk.approve_all()
    for each in (claim_id, accident):
        words = letter_words(desk, each, "payment_notice")
        assert_no_doubt(words)
        assert "在职职工住院津贴综合互助保障计划（吉直工发〔2020〕1号）" in words
    assert "意外伤害" in words


def said(desk: Desk, claim_id: int, code: Code, answered: str, reason: str) -> str:
    """The denial letter after a person answered the question so."""
    answer(desk, desk.user(Role.CLERK), claim_id, code, answered, reason)
    desk.approve_all()
    return letter_words(desk, claim_id, "denial_notice")


def a_birth(desk: Desk, plan: str = "main-2020") -> int:
    return handed_in(desk, desk.member(plan=plan), diagnosis="足月妊娠剖宫产")


def test_a_denied_exclusion_is_named_with_its_clause_its_reason_and_whose_rule_it_is(
    desk: Desk,
) -> None:
    words = said(desk, a_birth(desk), EXCLUSION, "excluded", "病历记载为剖宫产分娩")
    assert "属于除外情形：生育。核定理由：病历记载为剖宫产分娩" in words
    assert "通知没有逐项列明除外情形" in words
    assert "四（一）1" in words


def test_an_optional_plan_is_not_denied_by_a_clause_of_the_main_plan(desk: Desk) -> None:
    words = said(desk, a_birth(desk, plan="medical-2022"), EXCLUSION, "excluded", "剖宫产")
    assert_no_doubt(words)
    assert "四（二）" in words
    assert "四（一）" not in words
    again = an_accident(desk, person := desk.member(plan="accident-2022"), "2026-03-02")
    assert desk.state_of(again) == ClaimState.PROPOSED
    again = an_accident(desk, person, "2026-03-02", grades=[3])
    words = said(desk, again, Code.DUPLICATE_EVENT, "same", "同一起事故的第二份材料")
    assert "与已经申请的事件是同一事件，不重复给付。核定理由：同一起事故的第二份材料" in words
    assert "四（二）" in words
    assert "四（一）" not in words


def test_one_clerks_word_against_a_first_diagnosis_denies_nothing_until_another_agrees(
    desk: Desk,
) -> None:
    claim_id = a_stay_and_an_illness(desk, desk.member(), "2026-04-20", "malignant_tumour")
    clerk = desk.user(Role.CLERK)

    def tell(is_first: bool, reason: str) -> None:
        with desk.at(claim_id) as (session, claim):
            told = {**events_told(claim)[1], "first_diagnosis": is_first}
            told_events.establish(session, desk.office, clerk, claim, told, 1, reason=reason)
        desk.work()

    tell(False, "2019 年病理已确诊")
    [found] = desk.decision(claim_id).reasons
    assert sentence(desk, found) == "经办认为不是首次确诊。核定理由：2019 年病理已确诊"
    tell(True, "病理号属于另一人")
    assert desk.decision(claim_id).outcome == "pay"
    tell(False, "2019 年已在外院确诊")
    reason = "2019 年已在外院确诊"
    answer(desk, clerk, claim_id, Code.FIRST_DIAGNOSIS, "not_first", reason, event=1)
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    with pytest.raises(Refused, match="另一人"):
        agree(desk, clerk, claim_id)
    agree(desk, desk.user(Role.CLERK), claim_id)
    desk.approve_all()
    words = letter_words(desk, claim_id, "payment_notice")
    assert "不是首次确诊。核定理由：2019 年已在外院确诊" in words


def test_a_stay_that_is_not_over_is_not_told_of_accidents(desk: Desk) -> None:
    words = said(desk, out_tomorrow(desk), Code.EVENT_IN_FUTURE, "not_yet", "尚未出院")
    assert "四（一）1" in words
    assert "四（一）3" not in words
    assert "尚未出院" in words
    assert "可以再次申请" in words


def test_heirs_who_cannot_prove_it_and_who_come_too_late_are_told_the_sentence_and_the_rule(
    desk: Desk,
) -> None:
    claim_id = a_death(desk, desk.member())
    reason = "没有亲属关系证明"
    answer(desk, desk.user(Role.CLERK), claim_id, Code.PAYEE_NOT_MEMBER, "not_proved", reason)
    desk.approve_all()
    words = letter_words(desk, claim_id, "denial_notice")
    for told in ("六（3）", "互助金将直接发放到会员提供的银行卡中", reason, "通知没有写明"):
        assert told in words, told
    person = desk.member(covered=(date(2024, 1, 1), date(2024, 12, 31)))
    late = handed_in(desk, person, admitted="2024-03-02", discharged="2024-03-14")
    desk.approve_all()
    words = letter_words(desk, late, "denial_notice")
    assert "统一将申请材料报送给" in words
    assert "通知没有写明申请期限" in words
