"""The questions of a referred claim on its screen: one person answers, another one agrees."""

import re
from collections.abc import Callable
from typing import Any

from models import Claim
from models.people import Role
from workflows.claims import correction

At = Callable[..., Any]


def suspected(desk: Any) -> tuple[int, str]:
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.at(claim_id) as (session, claim):
        clerk = desk.user(Role.CLERK)
        correction.establish(session, desk.office, clerk, claim, {"exclusion": "childbirth"})
    desk.work()
    with desk.office.sessions.look() as session:
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
    assert 'value="not_excluded"' in supervisor.get(path).text

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
    with desk.office.sessions.look() as session:
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
        correction.establish(session, desk.office, clerk, claim, known)
    desk.work()
    html = at_desk(Role.SUPERVISOR).get("/approvals").text
    assert "填写或更正事件" in html
    assert "转人工 → 给付 ¥600.00" in html
    assert "data-clean" not in html
