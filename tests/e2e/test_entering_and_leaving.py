"""The way into a room and out of it: what the page asks, and when."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import expect

from tests.e2e import axe
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room, make_room
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


async def test_back_asks_before_it_leaves_a_call_and_who_left_a_locked_room_comes_back(
    browsers: BrowserPool, parlor: ServerProcess, tone: Callable[[int], Path]
) -> None:
    page = await browsers.page(tone(800))
    ann = RoomPage(page, parlor.url, "Ann")
    await ann.sign_in()
    await page.get_by_role("link", name="Create a room", exact=True).click()
    await page.get_by_label("Room name").fill("Behind a lock")
    await page.get_by_role("radio", name=re.compile("B1")).check(force=True)
    await page.get_by_role("button", name="Open the room").click()
    await page.get_by_role("button", name="Join the room").click()
    await expect(ann.leave_button).to_be_visible()
    bob = await join_room(browsers, parlor.url, page.url.rpartition("/")[2], "Bob", None)
    await ann.expect_participants("Ann", "Bob")
    question = page.get_by_role("dialog", name="Leave the room?")

    await page.go_back()
    await expect(question).to_be_visible()
    assert await axe.violations(page) == []
    await question.get_by_role("button", name="Stay").click()
    await expect(question).to_be_hidden()
    await ann.expect_participants("Ann", "Bob")
    await page.get_by_role("button", name="Room options").click()
    await page.get_by_role("menuitem", name="Lock the room").click()
    await page.go_back()
    await question.get_by_role("button", name="Leave").click()
    await expect(page.get_by_role("heading", name="Find your room")).to_be_visible()
    await bob.expect_participants("Bob")
    await page.go_forward()
    await page.get_by_role("button", name="Join the room").click()
    await ann.expect_participants("Ann", "Bob")

    # Bob came by the address, so that Back would leave the page.
    await bob.page.go_back()
    await bob.page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    await expect(bob.page.get_by_role("heading", name="You left the room")).to_be_visible()
    await ann.expect_participants("Ann")
    await bob.page.get_by_role("button", name="Join again").click()
    await ann.expect_participants("Ann", "Bob")
