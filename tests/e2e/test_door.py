"""The door of a room: knocks, and bans that a new name does not undo, in real browsers."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room
from tests.fakes.server_process import ServerProcess

_COUNT_SOUNDS = """
window.__taps = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...args) { window.__taps += 1; return start.apply(this, args); };
"""


async def _host(browsers: BrowserPool, url: str) -> tuple[RoomPage, str]:
    """Ann in her room to knock at, created on the page, on a phone."""
    page = await browsers.page(None, viewport={"width": 360, "height": 740})
    await page.add_init_script(_COUNT_SOUNDS)
    ann = RoomPage(page, url, "Ann")
    await ann.sign_in()
    await page.goto(f"{url}/rooms/new")
    await page.get_by_label("Room name").fill("Quiet corner")
    await page.get_by_role("radio", name=re.compile("B1")).check(force=True)
    await page.get_by_role("switch", name="Knock to enter").check(force=True)
    await page.get_by_role("button", name="Open the room").click()
    await page.get_by_role("button", name="Join the room").click()
    await expect(ann.leave_button).to_be_visible()
    return ann, page.url.rsplit("/", 1)[1]


async def _knock(browsers: BrowserPool, url: str, room_id: str, name: str) -> RoomPage:
    person = RoomPage(await browsers.page(None, viewport={"width": 360, "height": 740}), url, name)
    await person.sign_in()
    await person.page.goto(f"{url}/rooms/{room_id}")
    await expect(person.page.get_by_text("Knock to enter")).to_be_visible()
    await person.page.get_by_role("button", name="Ask to join", exact=True).click()
    await expect(person.page.get_by_role("heading", name="You are at the door")).to_be_focused()
    return person


async def test_the_host_admits_and_declines_by_keyboard(browsers: BrowserPool, parlor: ServerProcess) -> None:
    ann, room_id = await _host(browsers, parlor.url)
    ben = await _knock(browsers, parlor.url, room_id, "Ben")
    await expect(ben.page.get_by_text("The host sees your name")).to_be_visible()
    assert await violations(ben.page) == []

    await expect(ann.page.get_by_test_id("knock-news")).to_have_text("Ben knocks and would like to come in.")
    assert await ann.page.evaluate("window.__taps") == 2
    assert await violations(ann.page) == []
    admit = ann.page.get_by_role("button", name="Admit Ben")
    await admit.focus()
    await ann.page.keyboard.press("Enter")
    await expect(ben.leave_button).to_be_visible()
    await expect(ben.unmute_button).to_be_visible()
    await expect(admit).to_be_hidden()
    await expect(ann.page.get_by_role("main")).to_be_focused()

    cem = await _knock(browsers, parlor.url, room_id, "Cem")
    await ann.page.get_by_role("button", name="Decline Cem").click()
    await expect(
        cem.page.get_by_role("heading", name="The host did not let you in this time")
    ).to_be_focused()

    dan = await _knock(browsers, parlor.url, room_id, "Dan")
    await dan.page.get_by_role("button", name="Stop waiting").click()
    await expect(dan.page.get_by_role("button", name="Ask to join", exact=True)).to_be_visible()
    await expect(ann.page.get_by_role("heading", name="at the door")).to_be_hidden()

    gus = await _knock(browsers, parlor.url, room_id, "Gus")
    await expect(ann.page.get_by_role("button", name="Admit Gus")).to_be_visible()
    await gus.page.get_by_role("link", name="Rooms", exact=True).click()
    await expect(ann.page.get_by_role("heading", name="at the door")).to_be_hidden()

    # The heir sees who waits, and people at the door learn that somebody can answer.
    eve = await _knock(browsers, parlor.url, room_id, "Eve")
    await ann.leave()
    await ben.page.get_by_role("button", name="Admit Eve").click()
    await expect(eve.leave_button).to_be_visible()


async def test_a_removed_guest_stays_out_under_a_new_name(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    ann = RoomPage(await browsers.page(None), parlor.url, "Ann")
    await ann.sign_in()
    room_id = await ann.open_room("Open corner")
    ben = await join_room(browsers, parlor.url, room_id, "Ben", None)
    old_friend = RoomPage(await browsers.page(None), parlor.url, "Fay")
    await old_friend.sign_in()
    await ann.host_action("Ben", "Remove from the room")
    await expect(ben.page.get_by_role("heading", name="The host removed you from this room")).to_be_visible()

    await _forget_identity(ben.page)
    await ben.page.goto(f"{parlor.url}/rooms/{room_id}")
    await expect(ben.page.get_by_role("heading", name="You cannot come back to this room")).to_be_visible()
    await ben.sign_in()
    await ben.page.goto(f"{parlor.url}/rooms/{room_id}")
    await expect(ben.page.get_by_text("somebody else who used this browser")).to_be_visible()
    assert await violations(ben.page) == []

    # A private window is another browser, from the same address: it has to knock.
    again = RoomPage(await browsers.page(None), parlor.url, "Ben again")
    await again.sign_in()
    await again.press_join(room_id)
    await expect(again.page.get_by_role("heading", name="You are at the door")).to_be_visible()
    await old_friend.join(room_id)

    await ann.page.get_by_role("button", name="Room options").click()
    await ann.page.get_by_role("menuitem", name="Removed people").click()
    await ann.page.get_by_role("button", name="Let back in: Ben").click()
    await expect(ann.page.get_by_text("Ben can come back to this room.")).to_be_visible()
    assert await violations(ann.page) == []
    await ben.join(room_id)


async def _forget_identity(page: Page) -> None:
    """As by signing out for good: the browser keeps only its cookies."""
    await page.evaluate("localStorage.clear(); sessionStorage.clear();")
