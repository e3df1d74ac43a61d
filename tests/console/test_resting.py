"""The buttons that bring a claim to rest: hold, resume, withdraw, propose a denial."""

import re
from collections.abc import Callable
from typing import Any

from models import Claim
from models.people import Role

At = Callable[..., Any]


def referred(desk: Any) -> tuple[int, str]:
    claim_id = desk.claim(desk.member(), hospital="某某无名医院")
    desk.work()
    with desk.office.sessions.read_only() as session:
        return claim_id, f"/claims/{session.get_one(Claim, claim_id).number}"


def test_a_claim_is_held_until_a_day_that_its_screen_and_history_show(
    desk: Any, at_desk: At
) -> None:
    claim_id, path = referred(desk)
    clerk = at_desk(Role.CLERK)
    wrong = clerk.post(f"{path}/hold", {"reason": "等待调查", "until": "明天"})
    assert wrong.status_code == 422
    assert "再看日期应写成 2026-07-01 的样子，不是“明天”" in wrong.text
    said = clerk.post(f"{path}/hold", {"reason": "等待调查", "until": "2026-06-20"})
    assert "已搁置" in said.text
    assert desk.state_of(claim_id) == "held"
    html = clerk.get(path).text
    assert "2026-06-20" in html
    assert "等待调查" in html
    assert re.search(r'id="rests">搁置：等待调查 · \w+ <time>', html)
    assert 'id="hold"' not in html
    assert "恢复办理" in clerk.post(f"{path}/resume").text
    desk.work()
    assert desk.state_of(claim_id) == "referred"


def test_a_unit_s_clerk_withdraws_from_the_claim_s_screen(desk: Any, visitor: At) -> None:
    claim_id, path = referred(desk)
    of_unit = visitor()
    of_unit.log_in(desk.user(Role.UNIT_CLERK, unit_id=desk.unit()))
    html = of_unit.get(path).text
    assert 'id="withdraw"' in html
    assert 'id="hold"' not in html
    assert "已撤回" in of_unit.post(f"{path}/withdraw", {"reason": "会员不再申请"}).text
    assert desk.state_of(claim_id) == "withdrawn"


def test_a_supervisor_chooses_a_clause_and_another_one_finds_it_in_the_queue(
    desk: Any, at_desk: At
) -> None:
    claim_id, path = referred(desk)
    supervisor, other = at_desk(Role.SUPERVISOR), at_desk(Role.SUPERVISOR)
    html = supervisor.get(path).text
    offered = re.findall(r'<option value="([\w-]+)">([^<]+)', html)
    assert ("check_up", "属于除外情形：体检") in offered
    assert ("CLAIM_TOO_LATE", "超过申请时限") in offered
    assert 'id="deny"' not in at_desk(Role.CLERK).get(path).text
    denied = supervisor.post(f"{path}/deny", {"clause": "check_up", "reason": "住院只为体检"})
    assert "另一名审批人" in denied.text
    assert desk.state_of(claim_id) == "proposed"
    assert "住院只为体检" in other.get("/approvals").text
