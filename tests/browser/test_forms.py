"""Nothing that was typed is lost: not when another form is saved, not when one is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from models import Claim
from models.people import Role
from tests.console.test_heirs import numbered
from tests.heirs import a_death, an_heir

pytestmark = pytest.mark.browser

At = Callable[..., Page]


def test_what_was_typed_stays_while_other_forms_are_saved_and_refused(
    desk: Any, at: At, scanned: str
) -> None:
    page = at(Role.CLERK)
    page.goto(f"/claims/{scanned}")
    card = page.locator("#field-bank_card_number input[name=value]:not([type=hidden])")
    card.fill("6228487815377017111")

    # Another row is saved: what stands here unsaved stays.
    page.click("#field-hospital_name >> text=改")
    hospital = page.locator("#field-hospital_name input[name=value]:not([type=hidden])")
    hospital.fill("吉林大学第二医院")
    page.click("#field-discharged_on >> text=改")
    discharged = page.locator("#field-discharged_on input[name=value]:not([type=hidden])")
    discharged.fill("２０２６年３月１１日")
    discharged.press("Enter")
    expect(page.locator("#value-discharged_on")).to_have_text("2026-03-11")
    expect(card).to_have_value("6228487815377017111")
    expect(hospital).to_be_visible()
    expect(hospital).to_have_value("吉林大学第二医院")

    # A refused one says so at its field, and touches nothing.
    card.press("Enter")
    expect(page.locator("#field-bank_card_number .fault")).to_contain_text("16 至 19 位")
    expect(card).to_be_focused()
    expect(card).to_have_value("6228487815377017111")
    expect(hospital).to_have_value("吉林大学第二医院")

    # The sentence stays too while another row is saved, and until its own form is sent again.
    page.click("#field-discharged_on >> text=改")
    discharged.fill("2026.3.12")
    discharged.press("Enter")
    expect(page.locator("#value-discharged_on")).to_have_text("2026-03-12")
    expect(page.locator("#field-bank_card_number .fault")).to_contain_text("16 至 19 位")
    expect(card).to_have_value("6228487815377017111")

    # Forms that stand over the page too.
    page.click("button[popovertarget=hold]")
    page.fill("#hold [name=reason]", "   ")
    page.fill("#hold [name=until]", "2026-06-20")
    page.click("#hold button")
    expect(page.locator("#hold .fault")).to_have_text("请写明原因")
    expect(page.locator("#hold [name=until]")).to_have_value("2026-06-20")
    expect(page).to_have_url(f"{page.url}")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    # The claim goes its way and comes back: the forms that were gone for a while are as they were.
    event = page.locator("details.block", has_text="事件：").first
    event.locator("summary").click()
    event.locator("[name=city]").fill("长春市")
    event.locator("form").first.locator("[name=reason]").fill("卫生部门名录")
    event.locator("button", has_text="保存并重新审核").click()
    expect(page.locator("text=正在办理")).to_be_visible()
    expect(card).to_have_count(0)
    desk.work()
    expect(card).to_have_value("6228487815377017111")
    expect(hospital).to_have_value("吉林大学第二医院")
    expect(event.locator("[name=city]")).to_have_value("长春市")


def test_the_fault_of_an_heir_stands_at_his_row(desk: Any, at: At) -> None:
    one, other = an_heir("李一"), an_heir("李二")
    claim_id = a_death(desk, desk.member(), one, other)
    page = at(Role.CLERK)
    page.goto(numbered(desk, claim_id))
    rows = page.locator("#heirs fieldset")
    for at_row, heir, share in ((0, one, "1/2"), (1, other, "１／２")):
        row = rows.nth(at_row)
        row.locator("[name=name]").fill(heir.name)
        row.locator("[name=relation]").select_option("child")
        row.locator("[name=id_number]").fill(heir.id_number)
        row.locator("[name=account]").fill(heir.card if at_row == 0 else "6217000000000000001")
        row.locator("[name=bank_name]").fill("中国建设银行")
        row.locator("[name=share]").fill(share)
        row.locator("[name=proof_page]").select_option(index=at_row + 1)
    page.click("text=保存继承人")
    expect(page.locator("#heirs .fault")).to_have_count(1)
    expect(rows.nth(1).locator(".fault")).to_contain_text("第 2 位继承人“李二”")
    expect(rows.nth(1).locator("[name=account]")).to_have_attribute("aria-invalid", "true")
    rows.nth(1).locator("[name=account]").fill(other.card)
    page.click("text=保存继承人")
    expect(page.locator("#heirs")).to_contain_text("须由另一人对照材料确认")
    with desk.office.sessions.read_only() as session:
        assert len(session.get_one(Claim, claim_id).heirs) == 2


def test_what_was_typed_outlives_the_session_and_the_server(desk: Any, at: At) -> None:
    claim_id = desk.claim(desk.member(), hospital="某某无名医院")
    desk.work()
    page = at(Role.CLERK)
    page.goto(numbered(desk, claim_id))
    opener = page.locator("button[popovertarget=hold]")
    opener.click()
    reason = page.locator("#hold [name=reason]")
    expect(reason).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    opener.click()
    expect(reason).to_be_focused()
    page.keyboard.type("等单位补交出院小结")
    page.fill("#hold [name=until]", "2026-06-20")

    # The line is down: a sentence, and nothing is lost.
    page.route("**/hold", lambda route: route.abort())
    page.click("#hold button")
    expect(page.locator("#hold .fault")).to_contain_text("连不上服务器")
    expect(reason).to_have_value("等单位补交出院小结")
    page.unroute("**/hold")

    # The session ends: after the log-in he is where he was, with what he wrote.
    page.on("dialog", lambda dialog: dialog.accept())
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.click("#hold button")
    page.wait_for_url("**/login?back=/claims/*")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(numbered(desk, claim_id))
    expect(reason).to_be_visible()
    expect(reason).to_have_value("等单位补交出院小结")
    page.fill("#hold [name=until]", "2026-06-20")
    page.click("#hold button")
    expect(page.locator(".claimhead .pill")).to_have_text("搁置")
    assert page.evaluate("sessionStorage.length") == 0
    page.click("button[popovertarget=withdraw]")
    expect(page.locator("#withdraw [name=reason]")).to_be_focused()
    page.keyboard.type("又一稿")
    assert page.evaluate("sessionStorage.length") == 1
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.click("form.me button")
    page.wait_for_url("**/login")
    assert page.evaluate("sessionStorage.length") == 0
