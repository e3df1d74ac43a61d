"""A clerk checks claims by the keyboard alone, typing as people type."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import AuditEvent, Claim, Field, Finding
from models.people import Role
from tests.browser.test_desk import state_of

pytestmark = pytest.mark.browser

At = Callable[..., Page]
VALUE = "li.now form.key [name=value]"


def another_in_question(desk: Any) -> str:
    """A second claim of which only the hospital is doubted; it came later."""
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        claim: Claim = session.get_one(Claim, claim_id)
        claim.state, claim.due_at = "in_question", None
        doubt = Finding(claim_id=claim.id, code="FIELD_UNSURE", subject="hospital_name", detail={})
        session.add(doubt)
        return claim.number


def test_a_card_that_was_read_rightly_takes_two_keys_and_the_end_opens_the_next(
    desk: Any, at: At, scanned: str
) -> None:
    second = another_in_question(desk)
    page = at(Role.CLERK)
    page.keyboard.press("c")
    page.wait_for_url(f"**/claims/{scanned}/check")

    # The scan is turned to the box, which is lit and in sight; the value has the focus.
    expect(page.locator("li.now h2")).to_contain_text("银行卡号")
    expect(page.locator(VALUE)).to_be_focused()
    expect(page.locator("rect.lit:visible")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator(VALUE)).to_have_value("6228 4878 1537 7017 110")
    expect(page.locator(VALUE)).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("li.now h2")).to_contain_text("医院名称")
    expect(page.locator(VALUE)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".finish button")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/claims/{second}/check")
    assert state_of(desk, scanned) == "read"

    # Skipped, it does not come again in this round.
    page.keyboard.press("s")
    page.wait_for_url("**/")
    expect(page.locator("#said")).to_contain_text("这一轮核对完了")
    with desk.office.sessions.read_only() as session:
        told = session.scalars(select(AuditEvent.verb).filter_by(subject="claim")).all()
        card = select(Field).join(Claim, Claim.id == Field.claim_id).filter_by(number=scanned)
        field = session.scalars(card.where(Field.name == "bank_card_number")).one()
        assert field.corrected_by is not None
    assert {"reveal", "correct", "recheck"} <= set(told)


def test_a_number_keyed_otherwise_than_it_was_read_is_checked_and_keyed_once_more(
    desk: Any, at: At, scanned: str
) -> None:
    page = at(Role.CLERK)
    page.goto(f"/claims/{scanned}/check")
    expect(page.locator(VALUE)).to_be_focused()
    page.keyboard.press("e")
    page.keyboard.type("6222024200011111118")
    expect(page.locator(VALUE)).to_have_value("6222 0242 0001 1111 118")
    expect(page.locator("li.now .check")).to_have_text("校验位不对，请核对")
    page.keyboard.press("Backspace")
    expect(page.locator("li.now .check")).to_have_text("校验位不对，请核对")
    page.keyboard.type("9")
    expect(page.locator(VALUE)).to_have_value("6222 0242 0001 1111 119")

    # No letter of a field is a key of an act, and Escape gives the value back.
    page.keyboard.press("s")
    expect(page).to_have_url(f"{page.url}")
    page.keyboard.press("Escape")
    expect(page.locator(VALUE)).to_have_attribute("readonly", "")
    page.keyboard.press("e")
    page.keyboard.type("6217001234567890122")
    expect(page.locator("li.now .check")).to_have_text("校验位相符")
    page.keyboard.press("Enter")
    again = page.locator("li.now [name=again]")
    expect(again).to_be_focused()
    expect(page.locator("li.now .fault")).to_have_text("与机读的不同，请对照图像再录一次")
    page.keyboard.type("6217001234567890130")
    page.keyboard.press("Enter")
    expect(page.locator("li.now .fault")).to_have_text("两次录入的不一致，请对照图像再录一次")
    expect(again).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("6217001234567890122")
    page.keyboard.press("Enter")
    expect(page.locator("li.now h2")).to_contain_text("医院名称")
    with desk.office.sessions.read_only() as session:
        field = session.scalars(select(Field).filter_by(name="bank_card_number")).one()
        assert field.corrected_by is not None


def test_while_an_input_method_composes_no_key_is_an_act(desk: Any, at: At, scanned: str) -> None:
    page = at(Role.CLERK)
    page.goto(f"/claims/{scanned}/check")
    expect(page.locator("li.now h2")).to_contain_text("银行卡号")
    page.keyboard.press("j")
    expect(page.locator("li.now h2")).to_contain_text("医院名称")
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    keys = page.context.new_cdp_session(page)
    keys.send(
        "Input.imeSetComposition", {"text": "jidayiyuan", "selectionStart": 10, "selectionEnd": 10}
    )
    # What an input method does with Enter and letters comes to the page as key 229.
    for name in ("Enter", "s", "c"):
        keys.send(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "key": name, "windowsVirtualKeyCode": 229},
        )
    expect(page.locator("li.now h2")).to_contain_text("医院名称")
    keys.send("Input.insertText", {"text": "吉林大学第一医院"})
    expect(page.locator(VALUE)).to_have_value("吉林大学第一医院")
    page.keyboard.press("Enter")
    expect(page.locator("#step-hospital_name")).to_have_count(0)


def test_of_two_browsers_on_one_claim_the_second_is_told_who_has_it_and_both_values(
    desk: Any, at: At, scanned: str
) -> None:
    later = another_in_question(desk)
    one, other = at(Role.CLERK), at(Role.CLERK)
    other.goto(f"/claims/{scanned}/check")
    other.keyboard.press("j")
    other.keyboard.press("e")
    one.goto("/")
    one.keyboard.press("c")
    one.wait_for_url(f"**/claims/{scanned}/check")
    one.keyboard.press("j")
    one.keyboard.press("e")
    one.keyboard.press("Control+a")
    one.keyboard.type("吉林省人民医院")
    one.keyboard.press("Enter")
    expect(one.locator("#step-hospital_name")).to_have_count(0)

    other.keyboard.press("Control+a")
    other.keyboard.type("吉林市人民医院")
    other.keyboard.press("Enter")
    fault = other.locator("#step-hospital_name .fault, #said.bad").first
    expect(fault).to_contain_text("吉林省人民医院")
    expect(fault).to_contain_text("吉林市人民医院")
    other.reload()
    expect(other.locator("#holder")).to_contain_text("正在办理")

    # Who starts gets the next one, until the first was idle for ten minutes.
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto("/")
    other.keyboard.press("c")
    other.wait_for_url(f"**/claims/{later}/check")
    desk.clock.pass_(minutes=11)
    other.goto("/")
    other.keyboard.press("c")
    other.wait_for_url(f"**/claims/{scanned}/check")
