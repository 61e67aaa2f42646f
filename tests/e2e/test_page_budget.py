"""How much the server sends for the first visit of a page. `tests/bench/pages.py` has the times."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.page_load import LoadMeter, signed_in
from tests.e2e.room_page import make_room
from tests.fakes.server_process import ServerProcess

LANDING_KB = 250
ROOM_KB = 350


@pytest.mark.parametrize("locale", ["en-GB", "vi-VN"])
async def test_the_landing_page_fits_its_budget(
    browsers: BrowserPool, parlor: ServerProcess, locale: str
) -> None:
    page = await browsers.page(None, locale=locale)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    load = await (await LoadMeter.attach(page)).visit(parlor.url, "input")
    assert load.kilobytes <= LANDING_KB, load.by_kind
    assert load.layout_shift < 0.1, "the first picture and the page differ"
    assert said == [], "for example a violation of the content security policy"


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_words_of_the_first_picture_stay_where_they_are(
    browsers: BrowserPool, parlor: ServerProcess, width: int
) -> None:
    page = await browsers.page(None, viewport={"width": width, "height": 800}, service_workers="block")
    seen = asyncio.Event()

    async def hold(route: Route) -> None:
        await seen.wait()
        await route.continue_()

    await page.route("**/assets/base-*.js", hold)
    await page.goto(parlor.url, wait_until="commit")
    words = page.get_by_role("heading", level=1).or_(page.get_by_text("Parlor is a house"))
    await expect(words).to_have_count(2)
    await page.evaluate("() => document.fonts.ready")
    first = [await line.bounding_box() for line in await words.all()]
    seen.set()
    await expect(page.get_by_label("Your name")).to_be_visible()
    assert [await line.bounding_box() for line in await words.all()] == first


async def test_a_room_fits_its_budget(browsers: BrowserPool, parlor: ServerProcess) -> None:
    room_id = await make_room(parlor.url)
    page = await browsers.page(None, storage_state=await signed_in(browsers, parlor.url, "Ann"))
    meter = await LoadMeter.attach(page)
    join = "button:has-text('Join the room')"
    await meter.visit(f"{parlor.url}/rooms/{room_id}", join)
    await page.locator(join).click()
    await expect(page.get_by_role("button", name="Leave", exact=True)).to_be_visible()
    await page.wait_for_load_state("networkidle")
    assert meter.kilobytes <= ROOM_KB, meter.by_kind
