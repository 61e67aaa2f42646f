"""The page behind a proxy that blocks WebSockets, without https, and in an old browser."""

from __future__ import annotations

import time
from typing import get_args

import pytest
from playwright.async_api import expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, make_room
from tests.fakes.server_process import ServerProcess
from tests.fakes.upgrade_swallower import Swallows, UpgradeSwallower

_WITHIN_S = 5.0


@pytest.mark.parametrize("swallows", get_args(Swallows))
async def test_a_proxy_that_swallows_web_sockets_costs_seconds_and_once(
    browsers: BrowserPool, parlor: ServerProcess, swallows: Swallows
) -> None:
    room_id = await make_room(parlor.url)
    async with UpgradeSwallower(parlor.url, swallows) as proxy:
        person = RoomPage(await browsers.page(None), proxy.url, "Ann")
        await person.sign_in()
        # The landing page may have found out already.
        await person.page.evaluate("sessionStorage.clear()")
        before = time.monotonic()
        await person.press_join(room_id, listen_only=True)
        await expect(person.leave_button).to_be_visible()
        assert time.monotonic() - before < _WITHIN_S
        await person.expect_participants("Ann")
        # Events arrive: another one comes in.
        other = RoomPage(await browsers.page(None), parlor.url, "Ben")
        await other.sign_in()
        await other.join(room_id, listen_only=True)
        await person.expect_participants("Ann", "Ben")
        swallowed = proxy.swallowed
        # The client remembers what worked: a reload does not wait again.
        await person.page.reload()
        await expect(person.leave_button).to_be_visible(timeout=2_500)
        assert proxy.swallowed == swallowed


async def test_without_https_the_door_says_so_and_the_link_can_be_copied(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    room_id = await make_room(parlor.url)
    url = f"http://parlor-test:{parlor.url.rsplit(':', 1)[1]}"
    page = await browsers.page(None, flags=("--host-resolver-rules=MAP parlor-test 127.0.0.1",))
    person = RoomPage(page, url, "Ann")
    await person.sign_in()
    await page.goto(f"{url}/rooms/{room_id}")
    await expect(page.get_by_text("The microphone needs https")).to_be_visible()
    await page.get_by_role("button", name="Join as a listener").click()
    await page.get_by_role("button", name="Invite").click()
    await page.get_by_role("button", name="Copy link").click()
    await expect(page.get_by_text("Copied")).to_be_visible()
    await page.goto(f"{url}/profile")
    await page.get_by_label("Your name", exact=True).fill("")
    await page.keyboard.press("Control+V")
    await expect(page.get_by_label("Your name", exact=True)).to_have_value(f"{url}/rooms/{room_id}"[:40])


async def test_a_browser_that_is_too_old_is_told_so(browsers: BrowserPool, parlor: ServerProcess) -> None:
    page = await browsers.page(None, locale="vi-VN")
    await page.add_init_script("delete Array.prototype.findLast")
    await page.goto(parlor.url)
    await expect(page.get_by_role("alert")).to_contain_text("Trình duyệt này quá cũ")
    await expect(page.get_by_role("textbox")).to_have_count(0)
