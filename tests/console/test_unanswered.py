"""Odd lines and payments without an answer, through the screens of cashier and supervisor."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from models import Payment
from models.people import Role
from rules.money import yuan
from tests.desk import handed_in

At = Callable[..., Any]
PAPER = ("answer.pdf", b"%PDF-1.4 answer", "application/pdf")


def released(desk: Any) -> tuple[Payment, str]:
    """A payment that left for the bank, and the number of its batch."""
    handed_in(desk, desk.member("张三"))
    desk.approve_all()
    desk.released()
    with desk.office.sessions.read_only() as session:
        payment = session.scalars(select(Payment)).one()
        assert payment.batch
        session.expunge_all()
    return payment, payment.batch.number


def shown(html: str) -> str:
    mark: str
    [mark] = set(re.findall(r'name="shown" value="(\w+)"', html))
    return mark


def test_an_odd_line_is_matched_by_a_cashier_and_agreed_to_by_a_supervisor(
    desk: Any, at_desk: At
) -> None:
    payment, batch = released(desk)
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    line = f"3031,6217000000000000,章三,{yuan(payment.amount)},{payment.reference}"
    reply = ("reply.csv", f"处理结果,账号,户名,金额,备注\n{line}\n".encode(), "text/csv")
    url = f"/batches/{batch}/replies"
    answer = cashier.post(url, files={"reply": reply})
    assert "到账 0 笔，退票 0 笔，未明 1 笔；1 行对不上" in answer.text
    assert "回盘差异" in cashier.get("/").text
    html = cashier.get("/reply-cases").text
    assert "6217****0000" in html
    assert payment.reference in html
    [match] = re.findall(r'formaction="(/reply-cases/\d+/match)"', html)
    assert "/match" not in supervisor.get("/reply-cases").text
    told = {"reference": payment.reference, "reason": "异体字"}
    assert "已提请匹配" in cashier.post(match, told).text
    html = supervisor.get("/unanswered").text
    assert "回盘中的行" in html
    assert "6217****0000 · " in html
    assert "章*" in html
    agree = f"/unanswered/{payment.reference}/words/agree"
    assert cashier.post(agree, {"shown": shown(html)}).status_code == 403
    assert "已按银行答复办理" in supervisor.post(agree, {"shown": shown(html)}).text
    assert desk.payments(payment.claim_id) == ["returned"]
    assert "最近办理的差异" in cashier.get("/reply-cases").text


def test_a_line_that_names_a_payment_is_set_aside_by_a_cashier_and_a_supervisor(
    desk: Any, at_desk: At
) -> None:
    payment, batch = released(desk)
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    line = f"3031,6217000000000000,章三,{yuan(payment.amount)},{payment.reference}"
    reply = ("reply.csv", f"处理结果,账号,户名,金额,备注\n{line}\n".encode(), "text/csv")
    cashier.post(f"/batches/{batch}/replies", files={"reply": reply})
    [leave] = re.findall(r'formaction="(/reply-cases/\d+/leave)"', cashier.get("/reply-cases").text)
    assert "等审批人员同意" in cashier.post(leave, {"reason": "银行称有误"}).text
    assert "回盘差异待同意" in supervisor.get("/").text
    for end, sentence in (("refuse", "差异继续待办"), ("agree", "差异已办理")):
        html = supervisor.get("/reply-cases").text
        assert "银行称有误" in html
        told = {"shown": shown(html)}
        assert sentence in supervisor.post(leave.replace("leave", end), told).text
        cashier.post(leave, {"reason": "银行称有误"})
    assert desk.payments(payment.claim_id) == ["sent"]
    assert "保留" in cashier.get("/reply-cases").text


def test_a_payment_without_an_answer_is_asked_about_and_settled_by_the_banks_paper(
    desk: Any, at_desk: At
) -> None:
    payment, _batch = released(desk)
    desk.clock.pass_(days=12)
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    url = f"/unanswered/{payment.reference}"
    assert "12 天" in cashier.get("/unanswered").text
    assert "查询已登记" in cashier.post(f"{url}/ask", {"reason": "电话询问营业部"}).text
    assert "电话询问营业部" in supervisor.get("/unanswered").text
    word = {"outcome": "credited", "way": "counter", "reason": "柜台回单：已入账"}
    answer = cashier.post(f"{url}/words", word, files={"paper": PAPER})
    assert "等审批人员确认" in answer.text
    assert "银行答复待确认" in supervisor.get("/").text
    html = supervisor.get("/unanswered").text
    assert "柜台办理" in html
    [link] = re.findall(r'href="(/batches/[^"]+/kept/\w+)"', html)
    assert link.endswith(hashlib.sha256(PAPER[1]).hexdigest())
    paper = supervisor.get(link)
    assert paper.content == PAPER[1]
    assert paper.headers["content-type"] == "application/pdf"
    assert "已按银行答复办理" in supervisor.post(f"{url}/words/agree", {"shown": shown(html)}).text
    assert desk.payments(payment.claim_id) == ["credited"]
    assert "没有等待银行答复的付款" in cashier.get("/unanswered").text
