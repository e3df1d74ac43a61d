"""A unit's clerk, a cashier and a pair of administrators at work in a real browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from documents.kinds import Kind
from documents.packets.cover_sheet import CoverSheet
from documents.packets.file_limits import Limits
from documents.packets.opening import PacketFile
from documents.packets.pages import page_count
from documents.packets.surveyed import survey
from models.people import Role
from tests.desk import Desk, a_page
from tests.workflows.enrolment.rosters import OWN, Hall, Worker, sheet, workers

pytestmark = pytest.mark.browser

At = Callable[..., Page]


def test_a_units_clerk_hands_in_a_roster_and_sees_it_become_cover(
    desk: Desk, at: At, tmp_path: Path
) -> None:
    hall = Hall.of(desk, headcount=3)
    page = at(Role.UNIT_CLERK, unit_id=hall.unit_id)
    expect(page.locator(".panel.quiet")).to_have_text("没有等待您办理的事项。")
    page.click("text=报送名册")
    roster = tmp_path / "名册.xlsx"
    roster.write_bytes(sheet([*workers(3), Worker("坏号", id_number="220104198503170011")]))
    page.set_input_files("[name=file]", roster)
    picker = page.locator(".picker", has=page.locator("[name=file]"))
    expect(picker.locator("span")).to_have_text("名册.xlsx")
    page.fill("[name=start]", "2026-07-01")
    page.fill("[name=member_part]", "30")
    page.fill("[name=consented_on]", "2026-06-01")
    page.fill("[name=consent_text]", "2026-1")
    page.click("text=上传并核对")

    # Everything that is wrong, at once; the good rows may go on.
    expect(page.locator(".faults tbody tr")).to_have_count(1)
    expect(page.locator(".faults tbody")).to_contain_text("证件号码")
    with page.expect_download() as download:
        page.click("text=下载需改正的行")
    assert download.value.suggested_filename.endswith("需改正的行.xlsx")
    page.click("text=确认名册：3 人")
    expect(page.locator("progress")).to_be_visible()
    desk.work()
    # The page finds out by itself.
    expect(page.locator(".claimhead .pill")).to_have_text("待缴费")
    expect(page.locator(".fees")).to_contain_text("欠 240.00")
    number = page.locator("h1").inner_text()

    cashier = at(Role.CASHIER)
    cashier.click("text=名册待缴费")
    cashier.click(f"text={number}")
    cashier.fill("[name=receipt]", "S-20260615")
    cashier.click("text=登记 >> nth=-1")
    expect(cashier.locator("#said")).to_contain_text("已登记收据")
    desk.work()

    page.click("text=本单位")
    expect(page.locator("tr", has_text=number)).to_contain_text("已参保")
    page.click("text=参保名册")
    assert hall.state(number) == "covered"
    assert hall.find(number).fee_due == 3 * OWN


def test_a_missing_paper_goes_from_the_list_to_its_claim(
    desk: Desk, at: At, tmp_path: Path
) -> None:
    person = desk.member()
    claim_id = desk.claim(person, without=(Kind.BANK_CARD,))
    desk.work()
    page = at(Role.UNIT_CLERK, unit_id=desk.unit())
    expect(page.locator(".missing")).to_contain_text("银行卡")
    photo = tmp_path / "IMG_2041.jpg"
    photo.write_bytes(desk.scan(a_page(Kind.BANK_CARD, "中国建设银行", person.card)))
    page.set_input_files("[name=files]", photo)
    page.click("text=上传补件")
    expect(page.locator("#said")).to_contain_text("补件已上传")
    desk.work()
    page.reload()
    expect(page.locator(".wanted li")).to_have_count(0)
    assert desk.state_of(claim_id) == "proposed"


def test_a_printed_cover_sheet_is_one_page_and_its_code_is_read_back(desk: Desk, at: At) -> None:
    desk.claim(desk.member(), without=(Kind.BANK_CARD,))
    desk.work()
    page = at(Role.UNIT_CLERK, unit_id=desk.unit())
    with page.expect_popup() as popup:
        page.click("text=打印封面")
    number = popup.value.locator(".big").inner_text()
    paper = popup.value.pdf(prefer_css_page_size=True)
    file = PacketFile("a.pdf", "application/pdf", paper, "0" * 64, 1)
    [seen] = survey([file], Limits(), lambda: None)
    assert seen.sheet == CoverSheet(number)
    assert page_count(paper, "application/pdf", Limits()).pages == 1


def test_an_account_is_opened_confirmed_and_made_ones_own(
    desk: Desk, at: At, chromium: Any, address: str
) -> None:
    system = at(Role.SYSTEM_ADMIN)
    system.click("nav >> text=账户")
    system.click("summary")
    system.fill("[name=login]", "lina")
    system.fill("[name=name]", "李娜")
    system.fill("[name=staff_number]", "0012")
    system.check("[value=clerk]")
    system.click("form.newaccount button")
    first = system.locator(".handover code").inner_text()
    security = at(Role.SECURITY_ADMIN)
    security.click("nav >> text=账户")
    security.locator("tr", has_text="lina").get_by_text("启用", exact=True).click()
    expect(security.locator("#said")).to_contain_text("已启用")

    context = chromium.new_context(base_url=address)
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=login]", "lina")
    page.fill("[name=password]", first)
    page.click("button.main")
    page.fill("[name=old]", first)
    page.fill("[name=new]", "a password of my own")
    page.fill("[name=again]", "a password of my own")
    page.click("button.main")
    expect(page.locator("#said")).to_contain_text("密码已修改")
    expect(page.locator("h1")).to_contain_text("待办")
    context.close()
