"""A clerk, a supervisor and two cashiers at work in a real browser."""

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from models import AuditEvent, Claim, User
from models.people import Role
from workflows.engine.row_stamps import execute_stamped

pytestmark = pytest.mark.browser

At = Callable[..., Page]
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "console.png"


def state_of(desk: Any, number: str) -> str:
    with desk.office.sessions.read_only() as session:
        found: str = session.scalars(select(Claim.state).filter_by(number=number)).one()
        return found


def test_a_clerk_checks_a_claim_with_the_scan_beside_the_fields(
    desk: Any, at: At, scanned: str
) -> None:
    page = at(Role.CLERK)
    page.click("text=待核对")
    page.wait_for_url("**/claims?state=in_question")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(scanned)

    # The first field in doubt is marked on its page, and in sight.
    expect(page.locator("li.lit .label")).to_have_text("银行卡号")
    expect(page.locator("rect.lit:visible")).to_be_in_viewport()
    picture = page.locator(".sheet:not([hidden]) img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 400

    # A wrong digit is refused in words, and nothing else on the page is lost.
    card = page.locator("#field-bank_card_number input[name=value]:not([type=hidden])")
    card.fill("6228487815377017111")
    card.press("Enter")
    fault = page.locator("#field-bank_card_number .fault")
    expect(fault).to_contain_text("银行卡号应为 16 至 19 位")
    expect(card).to_have_value("6228487815377017111")

    # Shown in full for a purpose, then confirmed.
    page.click("#field-bank_card_number >> text=显示")
    page.click("#reveal-bank_card_number button.main")
    expect(page.locator("#value-bank_card_number b")).to_have_text("6228487815377017110")
    page.click("#value-bank_card_number >> text=确认无误")
    expect(page.locator("#field-bank_card_number .hand")).to_have_text("人工")
    expect(page.locator("#value-bank_card_number")).to_have_text("6228****7110")

    # Another field: moving there shows its page.
    page.click("#field-hospital_name .label")
    expect(page.locator("[role=tab][aria-selected=true]")).to_contain_text("出院记录")
    page.keyboard.press("e")
    page.locator("#field-hospital_name input[name=value]:not([type=hidden])").fill(
        "吉林大学第一医院"
    )
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("已记下")
    expect(page.locator(".findings")).to_have_count(0)

    page.click("text=完成核对")
    expect(page.locator("text=正在办理")).to_be_visible()
    desk.work()
    # The page finds out by itself.
    expect(page.locator(".claimhead .pill")).to_have_text("待审批")
    assert state_of(desk, scanned) == "proposed"
    with desk.office.sessions.read_only() as session:
        verbs = set(session.scalars(select(AuditEvent.verb).filter_by(subject="claim")))
    assert {"reveal", "correct", "recheck"} <= verbs


def test_the_picture_for_the_readme(desk: Any, at: At, scanned: str, tmp_path: Path) -> None:
    page = at(Role.CLERK)
    with desk.office.sessions.unit_of_work() as session:
        execute_stamped(session, update(User).values(name="王静"))
    page.goto(f"/claims/{scanned}?field=hospital_name")
    page.wait_for_load_state("networkidle")
    expect(page.locator("rect.lit:visible")).to_be_in_viewport()
    # 256 colours are enough for a page of text, and a third of the bytes.
    picture = tmp_path / PICTURE.name
    words = PngInfo()
    words.add_itxt("words", words_of(page))
    shot = Image.open(io.BytesIO(page.screenshot())).quantize(256)
    shot.save(picture, optimize=True, pnginfo=words)
    assert picture.stat().st_size < 300_000
    if not PICTURE.exists():  # `make picture` deletes it first
        shutil.copyfile(picture, PICTURE)
    kept = Image.open(PICTURE).info.get("words")
    assert kept == words_of(page), "the page has changed since: make picture"


def words_of(page: Page) -> str:
    """What stands on the page, but for numbers and days."""
    return re.sub(r"[\d\s]+", " ", page.inner_text("body"))


def test_from_approval_to_release_by_four_people(desk: Any, at: At) -> None:
    claims = [desk.claim(desk.member(name=name)) for name in ("张三", "李四", "王五")]
    desk.work()
    page = at(Role.SUPERVISOR)
    page.goto("/approvals")
    expect(page.locator("[data-count]")).to_have_text("0")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-sum]")).to_have_text("600.00")
    page.click("[data-tick=clean]")
    expect(page.locator("[data-sum]")).to_have_text("1,800.00")
    page.click("text=批准所选")
    expect(page.locator("#ask")).to_contain_text("批准所选的 3 件，合计 ¥1,800.00。")
    page.click("text=再看看")
    expect(page.locator("[data-count]")).to_have_text("3")
    page.goto("/batches")
    page.go_back()
    expect(page.locator("[data-sum]")).to_have_text("1,800.00")
    page.click("text=批准所选")
    page.click("#ask .main")
    expect(page.locator("#said")).to_contain_text("已审批 3 件，合计 1,800.00 元")
    desk.work()

    first = at(Role.CASHIER)
    first.goto("/batches")
    first.click("text=组成批次")
    first.click("#ask .main")
    expect(first.locator("h1")).to_contain_text("B20260615-01")
    with first.expect_download() as download:
        first.click("form[action$=draft] button")
    assert download.value.suggested_filename.startswith("样稿_B20260615-01_3笔_1800.00元")

    second = at(Role.CASHIER)
    second.goto("/batches/B20260615-01")
    second.click("form[action$=release] button")
    expect(second.locator("#ask")).to_contain_text("3 笔共 ¥1,800.00 将付出")
    second.click("#ask .main")
    expect(second.locator(".bar .pill")).to_have_text("已放行")
    assert [desk.state_of(each) for each in claims] == ["sent"] * 3


def test_the_sum_of_what_is_ticked_counts_the_exceptions_too(desk: Any, at: At) -> None:
    desk.claim(desk.member())
    desk.claim(desk.member(), admitted="2026-03-02", discharged="2026-03-03")
    desk.work()
    page = at(Role.SUPERVISOR)
    page.goto("/approvals")
    page.locator("[name=named]").check()
    expect(page.locator("[data-count]")).to_have_text("1")
    page.click("[data-tick=clean]")
    expect(page.locator("[data-count]")).to_have_text("2")
    expect(page.locator("[data-sum]")).to_have_text("600.00")
    page.click("[data-tick=none]")
    expect(page.locator("[data-count]")).to_have_text("0")
    expect(page.locator("[name=named]")).not_to_be_checked()


def test_the_queue_is_shown_anew_where_somebody_was_first_and_ticks_stay_with_their_claims(
    desk: Any, at: At
) -> None:
    kept = desk.claim(desk.member())
    back = desk.claim(desk.member(), admitted="2026-03-02", discharged="2026-03-03")
    desk.work()
    page = at(Role.SUPERVISOR)
    page.goto("/approvals")
    page.click("[data-tick=clean]")
    page.click(f"[popovertarget=back-{back}]")
    page.fill(f"#back-{back} textarea", "出院日期待核实")
    page.click(f"#back-{back} button")
    expect(page.locator("#approve tbody tr")).to_have_count(1)
    expect(page.locator("[name=item]")).to_be_checked()
    expect(page.locator("[data-sum]")).to_have_text("600.00")

    # Another supervisor was first: the row is gone, and the sentence stays.
    page.click(f"[popovertarget=back-{kept}]")
    page.fill(f"#back-{kept} textarea", "金额待核实")
    desk.approve_one(kept)
    desk.released()
    page.click(f"#back-{kept} button")
    expect(page.locator("main")).to_contain_text("没有等待审批的案件")
    expect(page.locator("#said")).to_contain_text("不能")


def test_the_whole_desk_works_without_scripts(desk: Any, at: At, scanned: str) -> None:
    page = at(Role.CLERK, scripts=False)
    page.goto(f"/claims/{scanned}")
    expect(page.locator("li.lit .label")).to_have_text("银行卡号")
    page.locator("#field-hospital_name >> text=无误").click()
    expect(page.locator("#said")).to_contain_text("已确认：医院名称")
    page.click("[role=tab] >> nth=0")
    expect(page.locator("#sheet-1")).to_be_visible()
    page.click("text=完成核对")
    expect(page.locator("#said")).to_contain_text("核对完成")
    assert state_of(desk, scanned) == "read"


def test_the_language_is_switched_and_stays(desk: Any, at: At) -> None:
    page = at(Role.CLERK)
    page.click("text=English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/claims")
    expect(page.locator("nav [aria-current=page]")).to_have_text("Claims")
    page.click("text=中文")
    expect(page.locator("nav [aria-current=page]")).to_have_text("案件")
