"""The questions of a referred claim on its screen: one person answers, another one agrees."""

import re
from collections.abc import Callable
from typing import Any

from models import Claim
from models.people import Role
from tests.console.test_heirs import numbered
from tests.desk import a_card_number
from tests.workflows.claims.test_every_question import an_accident
from tests.workflows.test_proof import answered
from workflows.claims.acts import correction, told_events

At = Callable[..., Any]


def suspected(desk: Any) -> tuple[int, str]:
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.at(claim_id) as (session, claim):
        clerk = desk.user(Role.CLERK)
        told_events.establish(
            session, desk.office, clerk, claim, {"exclusion": "childbirth"}, reason="已核对材料"
        )
    desk.work()
    with desk.office.sessions.read_only() as session:
        return claim_id, session.get_one(Claim, claim_id).number


def test_each_person_sees_the_answers_he_may_give_and_a_second_one_confirms(
    desk: Any, at_desk: At
) -> None:
    claim_id, number = suspected(desk)
    path = f"/claims/{number}"
    clerk, supervisor = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    html = clerk.get(path).text
    assert "属于除外情形吗？" in html
    assert 'value="excluded"' in html
    assert 'value="not_excluded"' not in html
    assert "“不属于除外情形”由主管答复" in html
    assert 'value="not_excluded"' in supervisor.get(path).text
    assert "由主管答复" not in supervisor.get(path).text
    home = supervisor.get("/").text
    assert 'href="/claims?state=referred"' in home
    assert "最早的 2026-06-15 收件；有的问题由您答复" in home

    question = f"{path}/questions/0/EXCLUSION_SUSPECTED"
    assert supervisor.post(question, {"answer": "not_excluded"}).status_code == 409
    said = supervisor.post(question, {"answer": "not_excluded", "reason": "已查阅病历"})
    assert "已记下答复" in said.text
    assert "确认此答复" not in said.text

    html = clerk.get(path).text
    assert "已查阅病历" in html
    confirm = re.search(r'action="(/claims/\w+/answers/\d+/confirm)"', html)
    assert confirm is not None
    assert supervisor.post(confirm[1]).status_code == 409
    assert "已确认答复" in clerk.post(confirm[1]).text
    desk.work()
    assert desk.state_of(claim_id) == "proposed"
    assert "不属于除外情形" in supervisor.get(path).text


def test_where_facts_are_wanted_the_screen_says_where_to_fill_them_in(
    desk: Any, at_desk: At
) -> None:
    claim_id = desk.claim(desk.member(), hospital="某某无名医院")
    desk.work()
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    html = at_desk(Role.CLERK).get(f"/claims/{number}").text
    assert "或在下方“事件”中填写：已向卫生部门名录核实" in html
    assert 'value="known"' not in html
    auditor = at_desk(Role.AUDITOR).get(f"/claims/{number}").text
    assert "医院的等级、所在市和隶属是什么？" not in auditor


def test_the_queue_shows_what_was_answered_and_what_it_made_of_the_sum(
    desk: Any, at_desk: At
) -> None:
    claim_id = desk.claim(desk.member(), hospital="某某无名医院")
    desk.work()
    with desk.at(claim_id) as (session, claim):
        clerk, known = desk.user(Role.CLERK), {"hospital": {"level": 2, "city": "长春市"}}
        told_events.establish(session, desk.office, clerk, claim, known, reason="已核对材料")
    desk.work()
    html = at_desk(Role.SUPERVISOR).get("/approvals").text
    assert "填写或更正事件" in html
    assert "转人工 → 给付 ¥600.00" in html
    assert "data-clean" not in html


def test_the_supervisor_agrees_to_a_join_from_his_queue_and_a_third_person_parts_it(
    desk: Any, at_desk: At
) -> None:
    person = desk.member()
    for _each in range(2):
        claim_id = desk.claim(person)
        desk.work()
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    path = f"/claims/{number}"
    clerk, other = at_desk(Role.CLERK), at_desk(Role.CLERK)
    supervisor = at_desk(Role.SUPERVISOR)
    said = {"answer": "join", "reason": "同一份材料"}
    clerk.post(f"{path}/questions/0/DUPLICATE_EVENT", said)
    assert "须由审批人确认" in other.get(path).text
    queue = supervisor.get("/approvals").text
    waiting = queue[queue.index('id="waiting-answers"') :]
    assert number in waiting
    assert "并入已有案件" in waiting
    assert "同一份材料" in waiting
    confirm = re.search(r'action="(/claims/\w+/answers/\d+/confirm)"', supervisor.get(path).text)
    assert confirm is not None
    supervisor.post(confirm[1])
    assert "waiting-answers" not in supervisor.get("/approvals").text
    assert f"{path}/leave" not in clerk.get(path).text
    assert f"{path}/leave" in other.get(path).text
    assert "已撤销并入" in other.post(f"{path}/leave", {"reason": "另一次住院"}).text
    desk.work()
    assert desk.state_of(claim_id) == "referred"


def test_a_supervisor_is_not_told_of_forms_that_only_clerks_have(desk: Any, at_desk: At) -> None:
    claim_id = desk.claim(desk.member(), hospital="某某无名医院")
    desk.work()
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    html = at_desk(Role.SUPERVISOR).get(f"/claims/{number}").text
    assert "医院的等级、所在市和隶属是什么？" in html
    assert "在下方“事件”中填写" not in html
    assert "由经办答复" in html


def test_the_queue_shows_what_was_keyed_before_and_after_masked(desk: Any, at_desk: At) -> None:
    member = desk.member()
    claim_id = desk.claim(member)
    desk.work()
    clerk = desk.user(Role.CLERK)
    card = a_card_number()
    desk.correct(clerk, claim_id, discharged_on="2026-03-30", bank_card_number=card)
    desk.correct(clerk, claim_id, member_name="张三丰")
    with desk.at(claim_id) as (session, claim):
        for finding in [each for each in claim.findings if each.closed_at is None]:
            correction.answer(session, desk.office, clerk, claim, finding.id, "会员换卡")
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()
    desk.confirm_payee(claim_id)
    html = at_desk(Role.SUPERVISOR).get("/approvals").text
    assert f"改录出院日期 {clerk.name}" in html
    assert "<small>2026-03-14 → 2026-03-30</small>" in html
    assert f"<small>****{member.card[-4:]} → ****{card[-4:]}</small>" in html
    assert "<small>张* → 张**</small>" in html
    assert "付给 张三丰" in html, "who is paid is shown as the file will carry him"
    assert "<td>张*</td>" in html
    for secret in (card, member.card, member.card[:6]):
        assert secret not in html


def test_of_several_questions_the_page_and_the_queue_say_which_is_left(
    desk: Any, at_desk: At
) -> None:
    claim_id = desk.claim(desk.member(), diagnosis="足月妊娠剖宫产", hospital="某某无名医院")
    desk.work()
    desk.clock.pass_(minutes=1)
    with desk.office.sessions.read_only() as session:
        path = f"/claims/{session.get_one(Claim, claim_id).number}"
    clerk, one, other = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR), at_desk(Role.SUPERVISOR)
    exclusion, hospital = "属于除外情形吗？", "医院的等级、所在市和隶属是什么？"
    said = {"answer": "not_excluded", "reason": "并发肺炎住院"}
    told = one.post(f"{path}/questions/0/EXCLUSION_SUSPECTED", said).text
    assert "已记下答复；尚余：" in told
    assert f"{exclusion}（待另一人确认）" in told
    assert f"{hospital}（待答复）" in told
    queue = other.get("/approvals").text
    assert f"尚余：{hospital}（待答复）" in queue
    told = clerk.post(
        f"{path}/questions/0/HOSPITAL_UNKNOWN", {"answer": "below", "reason": "名录"}
    ).text
    assert f"已记下答复；尚余：{exclusion}（待另一人确认）" in told
    assert "已答复，待其余答复确认后一并核定" in told
    assert "尚余" not in other.get("/approvals").text
    confirm = re.search(r'action="(/claims/\w+/answers/\d+/confirm)"', other.get(path).text)
    assert confirm is not None
    assert "尚余" not in other.post(confirm[1]).text
    desk.work()
    assert desk.decision(claim_id).outcome == "deny"


def test_an_answer_that_is_judged_with_leaves_the_other_question_open(
    desk: Any, at_desk: At
) -> None:
    claim_id = desk.claim(desk.member(), diagnosis="足月妊娠剖宫产", hospital="某某无名医院")
    desk.work()
    with desk.office.sessions.read_only() as session:
        path = f"/claims/{session.get_one(Claim, claim_id).number}"
    clerk, one = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    said = {"answer": "not_excluded", "reason": "并发肺炎住院"}
    one.post(f"{path}/questions/0/EXCLUSION_SUSPECTED", said)
    confirm = re.search(r'action="(/claims/\w+/answers/\d+/confirm)"', clerk.get(path).text)
    assert confirm is not None
    told = clerk.post(confirm[1]).text
    assert "已确认答复；尚余：医院的等级、所在市和隶属是什么？（待答复）" in told
    desk.work()
    assert [reason.code for reason in desk.decision(claim_id).reasons][:1] == ["HOSPITAL_UNKNOWN"]
    html = clerk.get(path).text
    assert "医院的等级、所在市和隶属是什么？" in html


def test_what_is_offered_is_asked_for_by_a_button_and_dropped_by_another(
    desk: Any, at_desk: At
) -> None:
    """可能还可享受: the illness behind a stay, from its button to money, and back to the stay."""
    claim_id = desk.claim(desk.member(), diagnosis="急性前壁心肌梗死 I21.0")
    desk.work()
    with desk.office.sessions.read_only() as session:
        path = f"/claims/{session.get_one(Claim, claim_id).number}"
    clerk = at_desk(Role.CLERK)
    html = clerk.get(path).text
    assert "可能还可享受" in html
    [kind] = re.findall(r'action="[^"]+/event/add".*?name="kind" value="(\w+)"', html, re.DOTALL)
    assert "已增加申请" in clerk.post(f"{path}/event/add", {"kind": kind}).text
    desk.work()
    html = clerk.get(path).text
    assert f"{path}/event/drop" in html
    assert "已去掉这个事件" in clerk.post(f"{path}/event/drop", {"event": "1"}).text
    desk.work()
    assert (desk.state_of(claim_id), desk.decision(claim_id).amount) == ("proposed", 600_00)
    assert "/event/add" not in clerk.get(path).text


def test_a_city_that_the_register_does_not_know_is_typed_twice(desk: Any, at_desk: At) -> None:
    claim_id = desk.claim(desk.member(), hospital="某某无名医院")
    desk.work()
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    clerk, path = at_desk(Role.CLERK), f"/claims/{number}/event"
    told = {"kind": "hospital_stay", "event": "0", "level": "2", "reason": "已核实"}
    answer = clerk.post(path, told | {"city": "长青市"})
    assert answer.status_code == 422
    assert "名录里没有“长青市”" in answer.text
    assert desk.state_of(claim_id) == "referred"
    wrong = told | {"city": "长青市", "city_again": "长春市"}
    assert clerk.post(path, wrong).status_code == 422
    assert clerk.post(path, told | {"city": "榆树市"}).status_code == 200
    desk.work()
    away = told | {"city": "北京市", "city_again": "北京市"}
    assert clerk.post(path, away).status_code == 200


def test_a_question_of_two_claims_names_the_other_one_and_where_it_stands(
    desk: Any, at_desk: At
) -> None:
    member = desk.member()
    first = desk.claim(member)
    desk.work()
    later = desk.claim(member, admitted="2026-03-10", discharged="2026-03-20")
    desk.work()
    path, supervisor = numbered(desk, later), at_desk(Role.SUPERVISOR)
    number = numbered(desk, first).removeprefix("/claims/")

    def said() -> str:
        html: str = supervisor.get(path).text
        asked = html[html.index("是同一事件吗？") :]
        asked = asked[: asked.index("<form")]
        assert "已核定给付的住院（2026-03-02 入院）" in asked
        assert f'<a href="/claims/{number}">{number}</a>：' in asked
        return asked

    assert "已提议给付 600.00 元，尚未批准（待审批）" in said()
    desk.approve_one(first)
    assert "已批准给付 600.00 元，尚未到账（待拨付）" in said()
    answered(desk, desk.released(), {})
    assert "已给付 600.00 元（已到账）" in said()


def test_a_question_of_two_accidents_names_the_claim_that_was_granted_the_other(
    desk: Any, at_desk: At
) -> None:
    member = desk.member()
    first = an_accident(desk, member, "2026-03-02")
    later = an_accident(desk, member, "2026-03-20")
    number = numbered(desk, first).removeprefix("/claims/")
    html = at_desk(Role.CLERK).get(numbered(desk, later)).text
    assert f'<a href="/claims/{number}">{number}</a>：已提议给付' in html
