"""A claim that the bank sent back: why stands on its page, and the same card needs a reason."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from console.queries import undelivered
from models import Claim
from models.people import Role
from tests.console.test_heirs import numbered
from tests.console.test_refused_forms import at_the_field
from tests.desk import a_card_number, number_of
from tests.returned import returned
from tests.workflows.test_proof import answered

At = Callable[..., Any]


def test_the_bank_s_reason_stands_on_the_page_and_the_same_card_is_paid_with_a_reason_only(
    desk: Any, at_desk: At
) -> None:
    member = desk.member()
    claim_id = returned(desk, member)
    path, clerk = numbered(desk, claim_id), at_desk(Role.CLERK)
    html = clerk.get(path).text
    masked = f"{member.card[:4]}****{member.card[-4:]}"
    assert f"银行退回付给 {masked} 的款项：账号与户名不符" in html
    assert "3031" not in html
    assert member.card not in html
    refused = clerk.post(f"{path}/pay-again", {"reason": " ", "here": path})
    assert refused.status_code == 409
    assert at_the_field(refused.text, "reason") == (
        f"银行退回付给 {masked} 的款项：账号与户名不符；收款账户没有更改，请写明仍付原账户的原因"
    )
    assert desk.state_of(claim_id) == "returned"
    clerk.post(f"{path}/pay-again", {"reason": "银行已更正户名"})
    assert desk.state_of(claim_id) == "proposed"
    row = at_desk(Role.SUPERVISOR).get("/approvals").text
    assert "重新提请付款，收款账户未更改：银行已更正户名" in row


def test_another_card_is_paid_without_a_reason(desk: Any, at_desk: At) -> None:
    member = desk.member()
    claim_id = returned(desk, member)
    path, clerk = numbered(desk, claim_id), at_desk(Role.CLERK)
    card = a_card_number()
    clerk.post(f"{path}/fields/bank_card_number", {"value": card})
    assert "仍付原账户的原因" not in clerk.get(path).text
    assert "请先补交新卡的材料" in clerk.post(f"{path}/pay-again").text
    desk.add_card_paper(claim_id, card)
    assert "须先由没有经手过此案的人核对" in clerk.post(f"{path}/pay-again").text
    second, asked = at_desk(Role.CLERK), f'action="{path}/payee"'
    assert asked in second.get(path).text
    assert asked not in (own := clerk.get(path).text)
    assert "您经手过此案，须由他人核对" in own
    html = second.post(f"{path}/payee").text
    assert member.card in html
    assert card in html
    [shown] = re.findall(r'name="shown" value="(\w+)"', html)
    assert "经手过此案" in clerk.post(f"{path}/payee/confirm", {"shown": shown}).text
    assert "已核对收款账户" in second.post(f"{path}/payee/confirm", {"shown": shown}).text
    clerk.post(f"{path}/pay-again")
    assert desk.state_of(claim_id) == "proposed"


def test_of_more_than_the_page_shows_what_came_back_first_is_shown(
    desk: Any, at_desk: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim that was received first came back last: it is not the one that is due."""
    monkeypatch.setattr(undelivered, "ROWS", 1)
    members, numbers = [desk.member("张三"), desk.member("李四")], []
    for member in members:
        claim_id = desk.claim(member)
        desk.work()
        numbers.append(number_of(desk, claim_id))
        desk.clock.pass_(days=1)
    for number, member in zip(numbers[::-1], members[::-1], strict=True):
        with desk.office.sessions.read_only() as session:
            claim_id = session.scalars(select(Claim.id).filter_by(number=number)).one()
        desk.approve_one(claim_id)
        answered(desk, desk.released(), {member.card: "3031"})
        desk.clock.pass_(days=300)
    supervisor = at_desk(Role.SUPERVISOR)
    desk.clock.pass_(days=2 * 366 - 301)
    html = supervisor.get("/undelivered").text
    assert numbers[1] in html
    assert numbers[0] not in html
    assert "退票待转入基金" in supervisor.get("/").text


def test_what_nobody_claims_is_shown_with_its_age_written_to_the_fund_and_revived(
    desk: Any, at_desk: At
) -> None:
    member = desk.member()
    claim_id = returned(desk, member)
    path = numbered(desk, claim_id)
    one, other, clerk = at_desk(Role.SUPERVISOR), at_desk(Role.SUPERVISOR), at_desk(Role.CLERK)
    desk.clock.pass_(days=400)
    listed = at_desk(Role.CASHIER).get("/undelivered").text
    assert "600.00" in listed
    assert "2026-06-15" in listed
    assert "400" in listed
    assert "2028-06-16 起" in listed
    assert "退票待转入基金" not in one.get("/").text
    early = one.post(f"{path}/to-fund", {"reason": "会员失联"})
    assert "须满 2 年，2028-06-16 起才能转入基金" in early.text
    assert clerk.post(f"{path}/to-fund", {"reason": "会员失联"}).status_code == 403
    desk.clock.pass_(days=400)
    assert "退票待转入基金" in one.get("/").text
    assert "已提请转入基金" in one.post(f"{path}/to-fund", {"reason": "会员失联"}).text
    assert f"{path}/to-fund/agree" not in one.get(path).text
    assert "转入基金待同意" in other.get("/undelivered").text
    assert "会员失联" in other.get(path).text
    [seen, _same] = re.findall(r'name="seen" value="(\d+)"', other.get(path).text)
    for act in ("agree", "refuse"):
        stale = other.post(f"{path}/to-fund/{act}", {"seen": int(seen) - 1})
        assert "的提请在显示之后已有变动" in stale.text
    agreed = other.post(f"{path}/to-fund/agree", {"seen": seen})
    assert "已转入基金；会员前来领取时由经办恢复" in agreed.text
    assert desk.state_of(claim_id) == "written_to_fund"
    assert "没有退票待付的款项" in one.get("/undelivered").text
    shown = clerk.get(path).text
    assert "转入基金（首次退票 2026-06-15）" in shown
    assert "会员失联" in shown
    assert f"{path}/revive" in shown
    assert "请先补交" in clerk.post(f"{path}/revive", {"reason": "本人前来"}).text
    desk.add_card_paper(claim_id, a_card_number())
    revived = clerk.post(f"{path}/revive", {"reason": "本人前来"})
    assert "已恢复领取" in revived.text
    desk.work()
    assert desk.state_of(claim_id) == "returned"


def test_a_paper_that_shows_another_card_stands_before_each_person_who_acts(
    desk: Any, at_desk: At
) -> None:
    member = desk.member()
    claim_id = returned(desk, member)
    path, clerk = numbered(desk, claim_id), at_desk(Role.CLERK)
    keyed, on_paper = a_card_number(), a_card_number()
    desk.add_card_paper(claim_id, on_paper)
    clerk.post(f"{path}/fields/bank_card_number", {"value": keyed})
    told = f"其后的材料读作 {on_paper[:4]}****{on_paper[-4:]}，与所录卡号不一致"
    second = at_desk(Role.CLERK)
    html = second.post(f"{path}/payee").text
    assert told in html
    [shown] = re.findall(r'name="shown" value="(\w+)"', html)
    second.post(f"{path}/payee/confirm", {"shown": shown})
    assert "收款账户还有待核对的事项" in clerk.post(f"{path}/pay-again").text
    html = clerk.get(path).text
    assert "退票后的材料与所录卡号不一致" in html
    [answer] = set(re.findall(rf'"({path}/findings/\d+)"', html))
    clerk.post(answer, {"reason": "会员来电说明，材料是旧卡"})
    assert "已重新提交审批" in clerk.post(f"{path}/pay-again").text
    row = at_desk(Role.SUPERVISOR).get("/approvals").text
    assert told in row
    assert "会员来电说明，材料是旧卡" in row
