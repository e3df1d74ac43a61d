"""The page of the accounts that pay: proposed by a cashier, confirmed by a supervisor."""

import re
from collections.abc import Callable
from typing import Any

from models import AuditEvent, Batch
from models.people import Role
from tests.console.test_money import proposed

At = Callable[..., Any]
PROPOSED = {
    "family": "",
    "name": "互助保障专户",
    "account": "2200 1450 1000 5000 0099",
    "bank": "中国农业银行长春分行",
    "cnaps": "",
    "first_on": "2026-06-16",
}


def seen_of(html: str) -> str:
    """What the forms of the one account that waits send back."""
    [seen] = set(re.findall(r'name="seen" value="([\d-]+)"', html))
    return str(seen)


def test_an_account_is_proposed_and_confirmed_on_the_page_and_then_pays(
    desk: Any, at_desk: At
) -> None:
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    assert "系统设置" in cashier.get("/paying-accounts").text
    assert "已提出" in cashier.post("/paying-accounts", PROPOSED).text
    assert "付款账户待确认" in supervisor.get("/").text
    html = supervisor.get("/paying-accounts").text
    [path] = re.findall(r'action="(/paying-accounts/\d+/confirm)"', html)
    assert cashier.post(path, {"seen": "1"}).status_code == 403
    assert "显示之后已有变动" in supervisor.post(path, {"seen": "0"}).text
    assert "付款账户已确认" in supervisor.post(path, {"seen": seen_of(html)}).text
    with desk.office.sessions.read_only() as session:
        events = session.query(AuditEvent).filter_by(subject="paying_account", verb="confirm")
        told = events.one().detail
    assert (told["name"], told["cnaps"]) == ("互助保障专户", "")
    assert "付款账户待确认" not in supervisor.get("/").text
    desk.clock.pass_(days=1)
    proposed(desk)
    desk.approve_all()
    batch = cashier.post("/batches").url.path
    with desk.office.sessions.read_only() as session:
        [found] = session.query(Batch).all()
    assert (f"/batches/{found.number}", found.payer_account) == (batch, "22001450100050000099")


def test_a_number_that_is_none_is_refused_at_its_field(at_desk: At) -> None:
    answer = at_desk(Role.CASHIER).post("/paying-accounts", {**PROPOSED, "account": "22-1"})
    assert answer.status_code == 409
    assert "账号应为 8 至 32 位数字" in answer.text


def test_the_account_of_some_plans_is_ended_by_two(desk: Any, at_desk: At) -> None:
    cashier, supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
    cashier.post("/paying-accounts", {**PROPOSED, "family": "illness"})
    html = supervisor.get("/paying-accounts").text
    [path] = re.findall(r'action="(/paying-accounts/\d+/confirm)"', html)
    supervisor.post(path, {"seen": seen_of(html)})
    desk.clock.pass_(days=1)
    own = path.removesuffix("/confirm")
    ended = {"last_on": "2026-07-31"}
    assert "已提请停用" in cashier.post(f"{own}/end", ended).text
    early = supervisor.post(f"{own}/end/refuse", {"seen": "2026-06-30"})
    assert "提请停用的日期在显示之后已有变动" in early.text
    assert "照旧使用" in supervisor.post(f"{own}/end/refuse", {"seen": "2026-07-31"}).text
    assert "已提请停用" in cashier.post(f"{own}/end", ended).text
    seen = seen_of(supervisor.get("/paying-accounts").text)
    stale = supervisor.post(f"{own}/end/agree", {"seen": "2026-06-30"})
    assert "提请停用的日期在显示之后已有变动" in stale.text
    assert "到期停用" in supervisor.post(f"{own}/end/agree", {"seen": seen}).text
    assert "2026-07-31" in cashier.get("/paying-accounts").text
