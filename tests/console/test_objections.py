"""The screens of objections, revisions and recoveries, used as people use them."""

from collections.abc import Callable
from typing import Any

from models import Claim
from models.people import Role
from tests.workflows.claims.test_objections import corrected_stay, paid, recoveries
from workflows.proof import check

At = Callable[..., Any]

SAID = {"made_on": "2026-06-15", "made_by": "member", "name": "张三", "words": "住院天数算少了"}


def path_of(desk: Any, claim_id: int) -> str:
    with desk.office.sessions.look() as session:
        return f"/claims/{session.get_one(Claim, claim_id).number}"


def test_an_objection_goes_from_the_claim_s_screen_to_the_hearing_and_to_money_asked_back(
    desk: Any, at_desk: At
) -> None:
    claim_id = paid(desk, desk.user(Role.SUPERVISOR), discharged="2026-03-22")
    path = path_of(desk, claim_id)
    clerk, hearer = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    html = clerk.get(path).text
    assert "异议期限 2026-08-14" in html
    wrong = clerk.post(f"{path}/objections", SAID | {"made_on": "昨天"})
    assert wrong.status_code == 422
    assert "异议日期应写成 2026-07-01 的样子，不是“昨天”" in wrong.text
    assert "已登记异议 YY2026" in clerk.post(f"{path}/objections", SAID).text
    assert "住院天数算少了" in hearer.get("/objections").text
    assert "待听取的异议" in hearer.get("/").text
    number = clerk.get("/objections").text.split("<td>YY")[1][:10]
    upheld = hearer.post(f"/objections/YY{number}/uphold", {"reason": "以病案首页为准"})
    assert "异议成立，案件重新办理" in upheld.text
    desk.work()
    corrected_stay(desk, desk.user(Role.CLERK), claim_id, "2026-03-14")
    queue = hearer.get("/approvals").text
    assert "此前已付 1000.00 元，现核定 600.00 元" in queue
    desk.approve_all(desk.user(Role.SUPERVISOR))
    [(_, state, amount, _)] = recoveries(desk, claim_id)
    assert (state, amount) == ("open", 40_000)
    assert "异议答复" in clerk.get(path).text
    assert "追回通知" in clerk.get(path).text


def test_a_cashier_books_what_comes_back_and_two_supervisors_write_off_the_rest(
    desk: Any, at_desk: At
) -> None:
    claim_id = paid(desk, desk.user(Role.SUPERVISOR), discharged="2026-03-22")
    path = path_of(desk, claim_id)
    clerk, cashier = at_desk(Role.CLERK), at_desk(Role.CASHIER)
    one, other = at_desk(Role.SUPERVISOR), at_desk(Role.SUPERVISOR)
    nothing = clerk.post(f"{path}/reopen", {"cause": "mistake", "reason": " "})
    assert "请写明重新办理的原因" in nothing.text
    reopened = clerk.post(f"{path}/reopen", {"cause": "mistake", "reason": "出院日期录入有误"})
    assert "案件重新办理" in reopened.text
    desk.work()
    corrected_stay(desk, desk.user(Role.CLERK), claim_id, "2026-03-14")
    desk.approve_all(desk.user(Role.SUPERVISOR))
    listed = cashier.get("/recoveries").text
    assert "400.00" in listed
    recovery = "/recoveries/ZH" + listed.split("/recoveries/ZH")[1][:10]
    receipt = {"received_on": "2026-06-15", "amount": "500", "reference": "20260615001"}
    too_much = cashier.post(f"{recovery}/receipts", receipt)
    assert "收到 500.00 元，待收回 400.00 元" in too_much.text
    assert "已入账" in cashier.post(f"{recovery}/receipts", receipt | {"amount": "150"}).text
    assert "已提议核销" in one.post(f"{recovery}/write-off", {"reason": "会员失联"}).text
    assert "须由另一人确认" in one.get(recovery).text
    assert "已核销" in other.post(f"{recovery}/write-off/confirm").text
    html = cashier.get(recovery).text
    assert "20260615001" in html
    assert "会员失联" in html
    assert [row[1:] for row in recoveries(desk, claim_id)] == [("written_off", 40_000, 15_000)]
    with desk.office.sessions.look() as session:
        assert [each for each in check(session, desk.office) if each.violations] == []


def test_who_approved_the_first_decision_is_not_offered_to_hear(
    desk: Any, at_desk: At, visitor: At
) -> None:
    first = desk.user(Role.SUPERVISOR)
    path = path_of(desk, paid(desk, first))
    at_desk(Role.CLERK).post(f"{path}/objections", SAID)
    same = visitor()
    same.log_in(first)
    html = same.get(path).text
    assert "异议须由他人听取" in html
    assert "/uphold" not in html
