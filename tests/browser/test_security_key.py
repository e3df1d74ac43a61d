"""Both second factors in a real browser, which has a security key of its own making."""

from dataclasses import replace

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from models.people import Role
from servers.port import free_port
from tests.browser.conftest import PATIENCE, console_at
from tests.desk import PASSWORD, Desk

pytestmark = pytest.mark.browser

A_KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": False,
    "automaticPresenceSimulation": True,
}


def gives_password(page: Page, login: str) -> None:
    page.goto("/login?back=/me")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("button.main")


def test_a_supervisor_sets_up_telephone_and_key_and_comes_in_by_the_key(
    desk: Desk, chromium: Browser
) -> None:
    port, login = free_port("127.0.0.1"), desk.user(Role.SUPERVISOR).login
    origin = f"http://localhost:{port}"
    settings = desk.office.settings.model_copy(update={"origin": origin})
    with (
        console_at(replace(desk.office, settings=settings), port),
        chromium.new_context(base_url=origin) as context,
    ):
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        key = context.new_cdp_session(page)
        key.send("WebAuthn.enable")
        key.send("WebAuthn.addVirtualAuthenticator", {"options": A_KEY})

        gives_password(page, login)
        expect(page.locator("svg")).to_be_visible()
        maker = pyotp.TOTP(page.locator("code").inner_text())
        page.fill("[name=code]", maker.at(desk.clock()))
        page.click("text=完成设置")
        page.click("text=已保管好，继续")

        desk.clock.pass_(seconds=30)
        page.fill("[action='/me/keys/new'] [name=code]", maker.at(desk.clock()))
        page.click("text=添加安全密钥")
        page.fill("[name=name]", "办公室的密钥")
        page.click("button.main")
        expect(page.locator("[action$='/remove']")).to_contain_text("办公室的密钥")

        page.click("text=退出")
        gives_password(page, login)
        page.click("text=用安全密钥登录")
        expect(page.locator("h1")).to_have_text("我的账号")
