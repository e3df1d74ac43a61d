"""The page of the books: opened by two, months with their vouchers, and the fund in sight."""

import re
from collections.abc import Callable
from io import BytesIO

from python_calamine import CalamineWorkbook

from models.people import Role
from tests.console.conftest import Visitor
from tests.desk import Desk, handed_in
from tests.workflows.test_proof import answered


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
    [mark, *_more] = re.findall(r'name="shown" value="(\w+)"', supervisor.get("/books").text)
    assert "账簿已启用" in supervisor.post("/books/open", {"shown": mark}).text
    assert "¥1,000.00" in supervisor.get("/approvals").text
    month = supervisor.get("/books/2026-06").text
    for word in ("批准互助金", "放行付款", "付款到账", "期初余额", "银行存款日记账"):
        assert word in month
    sheet = CalamineWorkbook.from_object(BytesIO(supervisor.get("/books/2026-06.xlsx").content))
    assert sheet.sheet_names == ["记账凭证清单", "银行存款日记账", "收入支出表"]
    rows = sheet.get_sheet_by_name("记账凭证清单").to_python()
    assert [row[2] for row in rows[-4:]] == ["批准互助金", "放行付款", "付款到账", "期初余额"]
    assert supervisor.get("/books/1999").status_code == 404
