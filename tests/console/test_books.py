"""The page of the books: opened by two, months with their vouchers, and the fund in sight."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models import Books, LateReturn
from models.people import Role
from tests.console.conftest import Visitor
from tests.desk import Desk, handed_in, promises_hold
from tests.workflows.books.test_booking import balances
from tests.workflows.books.test_months_and_funds import free, opened
from tests.workflows.claims.paying.test_bank_reply import bank_says, load, sent
from tests.workflows.test_proof import answered
from workflows.claims.paying import late_returns
from workflows.day_proof.day_proof import prove_day


def test_a_cashier_states_the_balance_a_supervisor_opens_the_books_and_both_see_the_fund(
    desk: Desk, at_desk: Callable[..., Visitor]
) -> None:
    handed_in(desk)
    desk.approve_all()
    answered(desk, desk.released(), {})
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    assert "已从零开始记账" in cashier.get("/books").text
    told = cashier.post("/books/balances", {"bank:main:1": "1000"})
    assert "已填报银行余额" in told.text
    assert "账簿已启用" in supervisor.post("/books/open", {"shown": shown_mark(supervisor)}).text
    assert "¥1,000.00" in supervisor.get("/approvals").text
    month = supervisor.get("/books/2026-06").text
    for word in ("批准互助金", "放行付款", "付款到账", "期初余额", "银行存款日记账"):
        assert word in month
    sheet = CalamineWorkbook.from_object(BytesIO(supervisor.get("/books/2026-06.xlsx").content))
    assert sheet.sheet_names == [
        *("记账凭证清单", "银行存款日记账", "资金变动表"),
        *("收入支出表", "赔付率表", "往来明细表", "余额调节表"),
    ]
    funds = sheet.get_sheet_by_name("资金变动表").to_python()
    assert [0.0, 1600.0, 600.0, 1000.0] in [row[2:] for row in funds]
    [ratio] = sheet.get_sheet_by_name("赔付率表").to_python()[2:]
    assert ratio[3:] == [0.0, 0.0, 600.0, 0.0, ""]
    rows = sheet.get_sheet_by_name("记账凭证清单").to_python()
    assert [row[2] for row in rows[-4:]] == ["批准互助金", "放行付款", "付款到账", "期初余额"]
    assert supervisor.get("/books/1999").status_code == 404


def shown_mark(screen: Visitor) -> str:
    """The mark of the proposal on the page of the books."""
    [mark, *_more] = re.findall(r'name="shown" value="(\w+)"', screen.get("/books").text)
    return str(mark)


def test_books_of_an_older_database_are_opened_on_the_page_and_then_limit_a_batch(
    desk: Desk, at_desk: Callable[..., Visitor]
) -> None:
    with desk.office.sessions.unit_of_work() as session:
        session.add(Books(id=1))
    handed_in(desk)
    desk.approve_all()
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    assert "账簿待启用" in cashier.get("/books").text
    cashier.post("/books/balances", {"bank:main:1": "599.99"})
    assert "账簿已启用" in supervisor.post("/books/open", {"shown": shown_mark(supervisor)}).text
    answer = cashier.post("/batches", {"format": "abc_text"})
    assert "资金可用 599.99 元，不够组批 600.00 元" in answer.text
    form = {"cause": "funds_moved", "place": "bank:main:1", "day": "2026-06-15"}
    cashier.post("/books/vouchers", form | {"amount": "0.01", "reason": "调拨单1号"})
    assert "凭证已入账" in supervisor.post("/books/vouchers/1/book").text
    assert "资金可用" not in cashier.post("/batches", {"format": "abc_text"}).text
    promises_hold(desk)


def test_the_banks_fee_is_booked_by_two_and_taken_back_by_another_voucher(
    desk: Desk, at_desk: Callable[..., Visitor]
) -> None:
    handed_in(desk)
    desk.approve_all()
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    form = {"cause": "bank_fee", "place": "bank:main:1", "day": "2026-06-15", "reason": "回单8"}
    assert "金额不能为零" in cashier.post("/books/vouchers", form | {"amount": "0"}).text
    wrong = form | {"cause": "granted", "amount": "5"}
    assert "请选择事由和银行账户" in cashier.post("/books/vouchers", wrong).text
    old = form | {"day": "1999-01-01", "amount": "5"}
    assert "早于账簿的起始日" in cashier.post("/books/vouchers", old).text
    for number, amount in enumerate(("12.50", "-12.50"), 1):
        assert "等另一人复核" in cashier.post("/books/vouchers", form | {"amount": amount}).text
        assert cashier.post(f"/books/vouchers/{number}/book").status_code == 403
        assert "手工凭证待复核" in supervisor.get("/").text
        supervisor.post(f"/books/vouchers/{number}/book")
        assert balances(desk).get("bank_fees", 0) == (1250 if number == 1 else 0)
    again = supervisor.post("/books/vouchers/2/book")
    assert "这张凭证已经处理" in again.text
    export = supervisor.get("/books/2026-06/plain").content.decode("utf-8-sig").splitlines()
    assert export[0].startswith("日期,凭证字,凭证号")
    assert "2026-06-15,记,2,1,银行手续费,504,手续费,main,,12.50,0.00," in export[3]
    assert supervisor.get("/books/2026-06/nothing").status_code == 404
    promises_hold(desk)


def test_the_reconciliation_names_each_payment_between_bank_and_books(
    desk: Desk, at_desk: Callable[..., Visitor]
) -> None:
    batch_id, _claims = sent(desk, desk.member("张三"))
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    told = {"account": "1", "balance": "-600.00"}
    assert "已填报对账单余额" in cashier.post("/books/2026-05/statement", told).text
    desk.clock.pass_(days=20)
    cashier.post("/books/2026-06/statement", told)
    assert reconciled(cashier)[-3:] == [
        ("当时未答复，现为已报盘", "张*", -600.0),
        ("出纳填报的余额（未复核）", "", -600.0),
        ("未解释的差额", "", -600.0),
    ]
    assert station_differences(desk, date(2026, 6, 30)) == []
    [one, total] = open_items(cashier)
    assert re.fullmatch(r"HZ2026\d{6}", one[1])
    assert (one[0], *one[2:]) == ("在途付款", "张*", 600.0)
    assert total == ("在途付款", "合计", "", 600.0)
    assert "没有经复核的月末对账单余额" in supervisor.get("/books").text
    assert "仍要结账须写明原因" in supervisor.post("/books/2026-06/close").text
    agree = "/books/2026-06/statement/agree"
    assert "对账单余额待复核" in supervisor.get("/").text
    [mark] = re.findall(r'name="shown" value="(\w+)"', supervisor.get("/books/2026-06").text)
    said = {"account": "1", "day": "2026-06-30", "shown": mark}
    assert cashier.post(agree, said).status_code == 403
    cashier.post("/books/2026-06/statement", told | {"balance": "-599.00"})
    assert "已有变动，请重新核对" in supervisor.post(agree, said).text
    cashier.post("/books/2026-06/statement", told)
    assert "已复核对账单余额" in supervisor.post(agree, said).text
    assert "没有待复核的余额" in supervisor.post(agree, said).text
    assert station_differences(desk, date(2026, 6, 30)) == ["statement"]
    assert "与账面有未解释的差额 -600.00 元" in supervisor.get("/books").text
    answered(desk, batch_id, {})
    assert reconciled(cashier)[1:] == [
        ("账面余额", "", 0.0),
        ("当时未答复，现为已到账", "张*", -600.0),
        ("银行对账单余额", "", -600.0),
        ("未解释的差额", "", 0.0),
    ]
    assert "仍要结账的原因" not in supervisor.get("/books").text
    assert "2026-06 已结账" in supervisor.post("/books/2026-06/close").text
    word = Document(BytesIO(cashier.get("/books/2026-06.docx").content))
    assert "2026-06 余额调节表" in [each.text for each in word.paragraphs]
    assert word.tables[-1].rows[-1].cells[-1].text == "0.00"


def open_items(screen: Visitor) -> list[tuple[Any, ...]]:
    """What is open at the end of June: the account, whose it is, his name, and the sum."""
    sheet = CalamineWorkbook.from_object(BytesIO(screen.get("/books/2026-06.xlsx").content))
    rows = sheet.get_sheet_by_name("往来明细表").to_python()
    return [(row[0], *row[2:5]) for row in rows[2:]]


def station_differences(desk: Desk, day: date) -> list[str]:
    """The stations that another one does not agree with on this day."""
    with desk.office.sessions.read_only() as session:
        return [each.station for each in prove_day(session, desk.office, day).differences]


def reconciled(screen: Visitor) -> list[tuple[Any, ...]]:
    """What the reconciliation of June says, its member and its sum."""
    sheet = CalamineWorkbook.from_object(BytesIO(screen.get("/books/2026-06.xlsx").content))
    rows = sheet.get_sheet_by_name("余额调节表").to_python()
    return [(row[1], row[3], row[5]) for row in rows[2:]]


def test_what_did_arrive_is_booked_also_where_the_fund_is_in_another_batch_and_a_page_warns(
    desk: Desk, at_desk: Callable[..., Visitor]
) -> None:
    zhang = desk.member("张三")
    claim_id = handed_in(desk, zhang)
    desk.approve_all()
    opened(desk, 100_000)
    batch_id = desk.released()
    answered(desk, batch_id, {zhang.card: "3031"})
    handed_in(desk, desk.member("李四"))
    desk.approve_all()
    desk.released()
    supervisor = at_desk(Role.SUPERVISOR)
    assert "资金不足" not in supervisor.get("/approvals").text
    desk.clock.pass_(days=1)
    load(desk, desk.user(Role.CASHIER), batch_id, bank_says(desk, batch_id))
    with desk.office.sessions.unit_of_work() as session:
        late = session.scalars(select(LateReturn)).one()
        late_returns.deny_return(session, desk.office, desk.user(Role.SUPERVISOR), late, "已到账")
    assert desk.payments(claim_id) == ["credited"]
    assert free(desk) == -20_000
    for page in ("/approvals", "/books"):
        assert "资金不足" in supervisor.get(page).text
    promises_hold(desk)
