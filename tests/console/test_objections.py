"""The screens of objections, revisions and recoveries, used as people use them."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from documents.kinds import Kind
from models import Claim, LateReturn, Objection, RecoveryInstalment, RecoveryReceipt
from models.people import Role
from tests.desk import promises_hold
from tests.heirs import pages
from tests.workflows.claims.acts.test_relief import applied, granted
from tests.workflows.claims.judging.test_revisions import bank_says
from tests.workflows.claims.objecting.test_objections import (
    answered,
    corrected_stay,
    decided,
    paid,
    recoveries,
    reopened,
)
from workflows.claims.acts import correction
from workflows.proof import check

At = Callable[..., Any]

SAID = {"made_on": "2026-06-15", "made_by": "member", "name": "张三", "words": "住院天数算少了"}


def path_of(desk: Any, claim_id: int) -> str:
    with desk.office.sessions.read_only() as session:
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


def test_a_revision_buried_in_missing_papers_is_ended_by_a_supervisor(
    desk: Any, at_desk: At
) -> None:
    person = desk.member()
    claim_id = paid(desk, desk.user(Role.SUPERVISOR), person, discharged="2026-03-22")
    path = path_of(desk, claim_id)
    number = path.rsplit("/", 1)[1]
    clerk, supervisor = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    clerk.post(f"{path}/reopen", {"cause": "mistake", "reason": "出院日期录入有误"})
    desk.work()
    # The clerk calls the back of the ID card another paper: what is to be asked back waits.
    [page] = pages(desk, claim_id, Kind.ID_CARD_BACK)
    with desk.at(claim_id) as (session, claim):
        by = desk.user(Role.CLERK)
        correction.name_kind(session, desk.office, by, claim, page, Kind.OTHER)
    corrected_stay(desk, desk.user(Role.CLERK), claim_id, "2026-03-14")
    assert desk.state_of(claim_id) == "incomplete"
    other = desk.claim(person, admitted="2026-05-02", discharged="2026-05-12")
    desk.work()
    assert "正在重新办理" in desk.approve_all().dropped[0].reason
    for visitor in (clerk, supervisor):
        assert re.search(r"<b>1</b>\s*<span>重新办理未了结", visitor.get("/").text)
        assert number in visitor.get("/claims?revised=1").text
    assert "重新办理须在 2026-09-13 前办完" in clerk.get(path).text
    assert "按现有材料了结" not in supervisor.get(path).text
    early = supervisor.post(f"{path}/end-revision", {"reason": "再等无益"})
    assert (early.status_code, "不是逾期" in early.text) == (409, True)
    desk.clock.pass_(days=91)
    assert 'class="trouble"' in supervisor.get("/").text
    assert "按现有材料了结" in supervisor.get(path).text
    assert clerk.post(f"{path}/end-revision", {"reason": "再等无益"}).status_code == 403
    ended = supervisor.post(f"{path}/end-revision", {"reason": "身份证已核过原件"})
    assert "案件重新审核" in ended.text
    desk.work()
    assert desk.state_of(claim_id) == "proposed"
    assert "身份证已核过原件" in at_desk(Role.SUPERVISOR).get("/approvals").text
    desk.approve_one(claim_id)
    [(_, state, amount, _)] = recoveries(desk, claim_id)
    assert (state, amount) == ("open", 40_000)
    desk.approve_one(other)
    assert desk.state_of(other) == "payable"
    assert "重新办理未了结" not in supervisor.get("/").text
    promises_hold(desk)


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
    invented = receipt | {"amount": "400", "reference": "20260615002"}
    assert "待审批人员" in cashier.post(f"{recovery}/receipts", invented).text
    # One cashier's word ends no recovery: a supervisor compares it with the bank's statement.
    assert [row[1:] for row in recoveries(desk, claim_id)] == [("open", 40_000, 0)]
    assert "退款待确认" in one.get("/").text
    assert "退款待确认" in one.get("/recoveries").text
    assert "/receipts/1/confirm" not in cashier.get(recovery).text
    assert cashier.post(f"{recovery}/receipts/1/confirm").status_code == 403
    waits = one.post(f"{recovery}/write-off", {"reason": "会员失联"})
    assert "有 400.00 元退款待确认" in waits.text
    blank = one.post(f"{recovery}/receipts/1/refuse", {"reason": " "})
    assert "请写明退款没有到账的依据" in blank.text
    refused = one.post(f"{recovery}/receipts/1/refuse", {"reason": "流水无此笔"})
    assert "登记已撤销，继续追回" in refused.text
    assert "没有待确认的登记" in one.post(f"{recovery}/receipts/1/confirm").text
    assert "待审批人员" in cashier.post(f"{recovery}/receipts", receipt | {"amount": "150"}).text
    assert "已确认入账" in one.post(f"{recovery}/receipts/2/confirm").text
    assert "已提议核销" in one.post(f"{recovery}/write-off", {"reason": "会员失联"}).text
    assert "须由另一人确认" in one.get(recovery).text
    [mark, _same] = re.findall(r'name="shown" value="(\w+)"', other.get(recovery).text)
    for act in ("confirm", "refuse"):
        stale = other.post(f"{recovery}/write-off/{act}", {"shown": "x"})
        assert "在显示之后已有变动" in stale.text
    assert "已核销" in other.post(f"{recovery}/write-off/confirm", {"shown": mark}).text
    html = cashier.get(recovery).text
    assert "20260615001" in html
    assert "会员失联" in html
    assert [row[1:] for row in recoveries(desk, claim_id)] == [("written_off", 40_000, 15_000)]
    with desk.office.sessions.read_only() as session:
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


def count_of(desk: Any, table: type) -> int:
    with desk.office.sessions.read_only() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def asked_back(desk: Any, claim_id: int, discharged: str = "2026-03-14") -> str:
    """The claim is revised to a shorter stay; the path of what is asked back."""
    clerk = desk.user(Role.CLERK)
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, discharged)
    desk.approve_all(desk.user(Role.SUPERVISOR))
    return f"/recoveries/ZH2026{recoveries(desk, claim_id)[-1][0]:06d}"


def test_the_form_of_an_objection_keeps_nothing_of_what_comes_on_the_61st_day(
    desk: Any, at_desk: At
) -> None:
    path = path_of(desk, paid(desk, desk.user(Role.SUPERVISOR)))
    clerk, supervisor = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    desk.clock.pass_(days=61)
    late = SAID | {"made_on": "2026-08-15"}
    why = {"late_reason": "住院期间未收到通知"}
    for person, form in ((clerk, late), (clerk, late | why), (supervisor, late)):
        refused = person.post(f"{path}/objections", form)
        assert refused.status_code == 409
        assert "异议于 2026-08-15 提出，已过期限 2026-08-14" in refused.text
        assert "须由审批人员写明受理原因" in refused.text
    assert count_of(desk, Objection) == 0
    assert "已登记异议" in supervisor.post(f"{path}/objections", late | why).text


def test_an_objection_is_not_withdrawn_without_a_reason_and_a_supervisor(
    desk: Any, at_desk: At
) -> None:
    path = path_of(desk, paid(desk, desk.user(Role.SUPERVISOR)))
    clerk = at_desk(Role.CLERK)
    clerk.post(f"{path}/objections", SAID)
    [objection] = re.findall(r"/objections/YY\d+/withdraw", clerk.get(path).text)[:1]
    written = {"written_on": "2026-06-15"}
    blank = clerk.post(objection, written | {"reason": " "}, headers={"HX-Request": "true"})
    assert "请写明撤回异议的原因" in blank.text
    assert blank.headers["HX-Retarget"] == "#said"
    assert clerk.post(objection, {"reason": "本人核对后无异议"}).status_code == 422, "of which day?"
    asked = clerk.post(objection, written | {"reason": "本人核对后无异议"})
    assert "已登记撤回，由审批人员确认" in asked.text
    assert "异议人 2026-06-15 书面撤回，待审批人员确认：本人核对后无异议" in clerk.get(path).text
    assert clerk.post(f"{objection}/confirm").status_code == 403
    supervisor = at_desk(Role.SUPERVISOR)
    assert "未同意撤回，异议仍待听取" in supervisor.post(f"{objection}/refuse").text
    assert "书面撤回" not in clerk.get(path).text
    clerk.post(objection, written | {"reason": "本人核对后无异议"})
    assert "异议已撤回" in supervisor.post(f"{objection}/confirm").text
    assert "已撤回：本人核对后无异议" in clerk.get(path).text


def test_a_receipt_is_within_what_is_open_and_not_before_the_decision(
    desk: Any, at_desk: At
) -> None:
    claim_id = paid(desk, desk.user(Role.SUPERVISOR), discharged="2026-03-22")
    desk.clock.pass_(days=3)
    recovery = asked_back(desk, claim_id)
    cashier = at_desk(Role.CASHIER)
    receipt = {"received_on": "2026-06-18", "amount": "400", "reference": "2026061800001"}
    for wrong, sentence in (
        ({"amount": "1000.01"}, "收到 1000.01 元，待收回 400.00 元；入账金额须大于零且不超过"),
        ({"amount": "四百"}, "退款金额“四百”不是金额"),
        ({"received_on": "2026-06-17"}, "到账日期 2026-06-17 早于作出追回决定的日期 2026-06-18"),
        ({"received_on": "2026-06-19"}, "到账日期 2026-06-19 晚于今天 2026-06-18"),
        ({"reference": " "}, "请填写银行流水号"),
    ):
        assert sentence in cashier.post(f"{recovery}/receipts", receipt | wrong).text
    assert count_of(desk, RecoveryReceipt) == 0
    assert "已登记" in cashier.post(f"{recovery}/receipts", receipt).text


def test_a_late_return_of_what_was_recovered_is_shown_until_a_person_has_dealt_with_it(
    desk: Any, at_desk: At
) -> None:
    person = desk.member()
    claim_id = decided(desk, desk.user(Role.SUPERVISOR), person)
    batch_id = desk.released()
    bank_says(desk, batch_id, {})
    recovery = asked_back(desk, claim_id, "2026-03-03")
    cashier, auditor = at_desk(Role.CASHIER), at_desk(Role.AUDITOR)
    supervisor = at_desk(Role.SUPERVISOR)
    receipt = {"received_on": "2026-06-15", "amount": "600", "reference": "1"}
    assert "已登记" in cashier.post(f"{recovery}/receipts", receipt).text
    assert "迟到退票" not in cashier.get("/").text
    for _ in range(2):
        bank_says(desk, batch_id, {person.card: "3056"})
        desk.clock.pass_(days=30)
    assert count_of(desk, LateReturn) == 1
    assert "迟到退票" in cashier.get("/").text
    assert "迟到退票" in supervisor.get("/").text
    assert "待向银行核实" in auditor.get("/reply-cases").text
    assert "/reply-cases/late-returns/" not in cashier.get("/reply-cases").text
    html = supervisor.get("/reply-cases").text
    # Both words of the bank stand side by side.
    assert re.search(r"先称到账：.*0000.*后称退票：.*3056", html, re.DOTALL)
    # So do its line, and the payee as he is masked everywhere.
    assert "第 2 行" in html
    assert f"{person.name[0]}*" in html
    assert f"{person.card[:4]}****{person.card[-4:]}" in html
    [confirm] = re.findall(r'formaction="(/reply-cases/late-returns/\d+/confirm)"', html)
    [path] = re.findall(r'formaction="(/reply-cases/late-returns/\d+/deny)"', html)
    assert cashier.post(path, {"outcome": "款项未退回"}).status_code == 403
    nothing = supervisor.post(path, {"outcome": " "})
    assert "请写明向银行核实的结果和处理办法" in nothing.text
    given_back = supervisor.post(confirm, {"outcome": "银行称已退回"})
    assert "已由会员退回或已核销" in given_back.text
    assert "已登记核实结果" in supervisor.post(path, {"outcome": "银行更正：款项未退回"}).text
    assert "迟到退票" not in supervisor.get("/reply-cases").text
    assert "已经处理" in supervisor.post(path, {"outcome": "再来一次"}).text
    with desk.office.sessions.read_only() as session:
        assert [each for each in check(session, desk.office) if each.violations] == []


def test_relief_in_doubt_is_kept_or_decided_again_from_its_screens(desk: Any, at_desk: At) -> None:
    after = paid(desk, desk.user(Role.SUPERVISOR), discharged="2026-03-22")
    recorder = desk.user(Role.SUPERVISOR)
    claim_id = granted(desk, recorder, applied(desk, after, desk.user(Role.CLERK)))
    desk.approve_all()
    answered(desk)
    reopened(desk, desk.user(Role.CLERK), after)
    corrected_stay(desk, desk.user(Role.CLERK), after, "2026-03-14")
    desk.approve_all()
    clerk, committee = at_desk(Role.CLERK), at_desk(Role.SUPERVISOR)
    assert "待复看的救助" in committee.get("/").text
    page = "/boards/relief/JZ2026000001"
    assert "待复看" in committee.get("/boards/relief").text
    assert "救助决定待复看" in committee.get(page).text
    assert clerk.post(f"{page}/keep", {"reason": "仍属困难"}).status_code == 403
    assert "请写明维持救助决定的原因" in committee.post(f"{page}/keep", {"reason": " "}).text
    assert "已登记：维持救助决定" in committee.post(f"{page}/keep", {"reason": "仍属困难"}).text
    assert "待复看" not in committee.get(page).text
    path = path_of(desk, claim_id)
    assert "由评审会重新决定，再由他人审批" in clerk.get(path).text
    clerk.post(f"{path}/reopen", {"cause": "mistake", "reason": "收入核算有误"})
    assert "评审决定被退回，须重新评审" in committee.get(page).text
    assert "记录给付决定" in committee.get(page).text


def test_agreed_instalments_are_filled_oldest_first_and_overdue_ones_shown_with_their_age(
    desk: Any, at_desk: At
) -> None:
    """R36: 400 yuan in three parts; the first comes in late, with a part of the second."""
    recovery = asked_back(desk, paid(desk, desk.user(Role.SUPERVISOR), discharged="2026-03-22"))
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    plan = "2026-07-01 100\n2026-08-01 200\n2026-09-01 {}"
    assert cashier.post(f"{recovery}/instalments", {"plan": plan.format(100)}).status_code == 403
    for wrong, sentence in (
        (plan.format(99), "各期合计 399.00 元，须等于待收回的 400.00 元"),
        ("2026-06-14 400", "分期日期须从今天起依次往后：2026-06-14 不晚于 2026-06-15"),
        ("2026-08-01 200\n2026-07-01 200", "2026-07-01 不晚于 2026-08-01"),
        ("2026-07-01 200\n2026-07-01 200", "2026-07-01 不晚于 2026-07-01"),
        ("2026-07-01 0\n2026-08-01 400", "2026-07-01 的分期金额 0.00 元须大于零"),
        ("七月 400", "分期日期应写成 2026-07-01 的样子，不是“七月”"),
        ("2026-07-01 四百", "分期金额“四百”不是金额"),
        ("", "各期合计 0.00 元"),
    ):
        assert sentence in supervisor.post(f"{recovery}/instalments", {"plan": wrong}).text
    assert count_of(desk, RecoveryInstalment) == 0
    agreed = supervisor.post(f"{recovery}/instalments", {"plan": plan.format(100)})
    assert "分期已登记" in agreed.text
    assert "逾期" not in cashier.get("/recoveries").text
    desk.clock.pass_(days=50)  # the fourth of August
    assert "逾期 34 天，¥300.00" in cashier.get("/recoveries").text
    receipt = {"received_on": "2026-08-04", "amount": "150", "reference": "20260804001"}
    cashier.post(f"{recovery}/receipts", receipt)
    waiting = supervisor.post(f"{recovery}/instalments", {"plan": "2026-10-01 250"})
    assert "有 150.00 元退款待确认，确认之后才能约定分期" in waiting.text
    supervisor.post(f"{recovery}/receipts/1/confirm")
    html = cashier.get(recovery).text
    assert "2026-07-01 · ¥100.00 · 已收齐" in html
    assert "2026-08-01 · ¥200.00 · 还差 ¥150.00" in html
    assert "逾期 3 天，¥150.00" in cashier.get("/recoveries").text
    supervisor.post(f"{recovery}/instalments", {"plan": "2026-10-01 250"})
    assert "逾期" not in cashier.get("/recoveries").text
    assert "2026-08-01" not in cashier.get(recovery).text
    desk.clock.pass_(days=60)
    rest = receipt | {"received_on": "2026-10-03", "amount": "250", "reference": "20261003001"}
    cashier.post(f"{recovery}/receipts", rest)
    supervisor.post(f"{recovery}/receipts/2/confirm")
    assert "已收回" in cashier.get(recovery).text
    assert "逾期" not in cashier.get("/recoveries").text
    promises_hold(desk)
