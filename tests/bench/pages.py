"""Measures what the pages cost on a first visit over a slow network: `python -m tests.bench pages`."""

from __future__ import annotations

from playwright.async_api import async_playwright

from tests.bench.figures import Row, parlor
from tests.e2e.browsers import BrowserPool
from tests.e2e.page_load import LoadMeter, PageLoad, signed_in
from tests.e2e.room_page import make_room

LANDING_KB, ROOM_KB, FCP_MS = 250, 350, 2_000
_PHONE = {"width": 360, "height": 740}


async def page_loads() -> list[Row]:
    """The landing page, the list, and a room up to its call; 1.6 Mbit/s, 150 ms, CPU divided by 4."""
    async with parlor() as server, async_playwright() as playwright:
        browsers = BrowserPool(playwright)
        try:
            storage = await signed_in(browsers, server.url, "Ann")
            landing = await LoadMeter.attach(await browsers.page(None, viewport=_PHONE), slow=True)
            rows = _rows("landing", await landing.visit(server.url, "input"), LANDING_KB, FCP_MS)
            page = await browsers.page(None, storage_state=storage, viewport=_PHONE)
            rooms = await LoadMeter.attach(page, slow=True)
            rows += _rows("list", await rooms.visit(f"{server.url}/rooms", "input"), None, FCP_MS)
            room_id = await make_room(server.url)
            page = await browsers.page(None, storage_state=storage, viewport=_PHONE)
            room = await LoadMeter.attach(page, slow=True)
            join = "button:has-text('Join the room')"
            rows += _rows("room", await room.visit(f"{server.url}/rooms/{room_id}", join), ROOM_KB, FCP_MS)
            await page.locator(join).click()
            await page.get_by_role("button", name="Leave", exact=True).wait_for(timeout=60_000)
            await page.wait_for_load_state("networkidle")
            return [*rows, Row("room: transferred, in the call", room.kilobytes, "kB", ROOM_KB)]
        finally:
            await browsers.aclose()


def _rows(name: str, load: PageLoad, max_kb: float | None, max_fcp_ms: float) -> list[Row]:
    return [
        Row(f"{name}: first contentful paint", load.fcp_ms, "ms", max_fcp_ms),
        Row(f"{name}: largest contentful paint", load.lcp_ms, "ms"),
        Row(f"{name}: can be used", load.ready_ms, "ms"),
        Row(f"{name}: layout shift", load.layout_shift * 1000, "/1000", 100),
        Row(f"{name}: transferred", load.kilobytes, "kB", max_kb),
        *(Row(f"{name}: transferred, {kind}", size, "kB") for kind, size in load.by_kind.items()),
    ]
