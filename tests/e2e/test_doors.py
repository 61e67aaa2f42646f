"""The way into a room and out of it: what the page asks, and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import make_room
from tests.fakes.server_process import ServerProcess


async def test_rooms_are_shown_before_a_name_is_asked_and_joining_asks_it(
    browsers: BrowserPool, parlor: ServerProcess, tone: Callable[[int], Path]
) -> None:
    page = await browsers.page(tone(800))
    await page.goto(f"{parlor.url}/rooms")
    await expect(page.get_by_role("heading", name="Find your room")).to_be_visible()
    name = "Rooms for everyone"
    room_id = await make_room(parlor.url, name=name, level="B2")
    # A new room appears without a reload.
    await page.get_by_role("link", name=f"Join {name}").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    await page.get_by_role("button", name="Join the room").click()
    await expect(page.get_by_label("Your name")).to_be_focused()
    await page.keyboard.type("Ann")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Leave", exact=True)).to_be_visible()
    assert room_id in page.url

    stranger = await browsers.page(None)
    for dead in (f"{parlor.url}/rooms/no-such-room?invite=gone", f"{parlor.url}/rooms/no-such-room"):
        await stranger.goto(dead)
        await expect(stranger.get_by_role("heading", name="This room does not exist")).to_be_visible()
        await expect(stranger.get_by_label("Your name")).to_have_count(0)
