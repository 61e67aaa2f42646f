"""Checks that axe cannot do: a whole call by keyboard, and announcements for screen readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.audio_probe import expect_tones
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room, make_room
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.server_process import ServerProcess

_MOST_STOPS = 60


async def _tab_to(page: Page, role: str, name: str) -> None:
    """Presses Tab until the element with this role and name has the focus."""
    target = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    await expect(target).to_be_visible()
    for _ in range(_MOST_STOPS):
        if await target.evaluate("(element) => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"no way to {role} {name!r} by Tab")


async def test_a_whole_call_works_by_keyboard(
    browsers: BrowserPool, parlor: ServerProcess, tone: Callable[[int], Path]
) -> None:
    name = "Keyboard corner"
    room_id = await make_room(parlor.url, name=name)
    listener = await join_room(browsers, parlor.url, room_id, "Bob", None)
    page = await browsers.page(tone(800), probe={})
    await page.goto(parlor.url)
    await expect(page.get_by_label("Your name")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()

    await _tab_to(page, "textbox", "Your name")
    await page.keyboard.type("Ann")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Your name")).to_be_hidden()
    await _tab_to(page, "link", "Rooms")
    await page.keyboard.press("Enter")
    await _tab_to(page, "link", f"Join {name}")
    await page.keyboard.press("Enter")
    await _tab_to(page, "button", "Join the room")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name=name)).to_be_focused()
    await _tab_to(page, "button", "Unmute")
    await page.keyboard.press("Enter")
    await expect_tones(listener.page, {800}, among={800, 500})
    await page.keyboard.press("m")
    await expect_tones(listener.page, set(), among={800, 500})
    await _tab_to(page, "button", "Leave")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="You left the room")).to_be_focused()


async def test_every_tab_from_a_list_leads_to_the_next_field(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    page = await browsers.page(None)
    person = RoomPage(page, parlor.url, "Ann")
    await person.sign_in()
    await page.goto(f"{parlor.url}/rooms/new")
    await page.get_by_role("combobox", name="Spoken language").focus()
    await expect(page.get_by_role("listbox")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("combobox", name="Tags")).to_be_focused()


async def test_space_opens_the_microphone_only_while_it_is_held(
    browsers: BrowserPool, parlor: ServerProcess, tone: Callable[[int], Path]
) -> None:
    room_id = await make_room(parlor.url)
    listener = await join_room(browsers, parlor.url, room_id, "Bob", None)
    ann = await join_room(browsers, parlor.url, room_id, "Ann", tone(800))
    await ann.page.keyboard.down("Space")
    await expect_tones(listener.page, {800}, among={800, 500})
    await ann.page.keyboard.up("Space")
    await expect_tones(listener.page, set(), among={800, 500})
    await expect(ann.unmute_button).to_be_visible()


async def test_space_talks_after_a_click_on_any_button(
    browsers: BrowserPool, parlor: ServerProcess, tone: Callable[[int], Path]
) -> None:
    room_id = await make_room(parlor.url)
    listener = await join_room(browsers, parlor.url, room_id, "Bob", None, probe={})
    ann = await join_room(browsers, parlor.url, room_id, "Ann", tone(800))
    await ann.unmute()
    await ann.mute()
    await ann.page.keyboard.down("Space")
    await expect_tones(listener.page, {800}, among={800, 500})
    await ann.page.keyboard.up("Space")
    await expect_tones(listener.page, set(), among={800, 500})
    await expect(ann.unmute_button).to_be_visible()

    await ann.page.get_by_role("button", name="Raise hand").click()
    lower = ann.page.get_by_role("button", name="Lower hand")
    await expect(lower).to_be_visible()
    # Any key makes the focus visible in Chromium; it is still the click's focus.
    await ann.page.keyboard.press("Shift")
    await ann.page.keyboard.down("Space")
    await expect(ann.mute_button).to_be_visible()
    await ann.page.keyboard.up("Space")
    await expect(ann.unmute_button).to_be_visible()
    await expect(lower).to_be_visible()

    await _tab_to(ann.page, "button", "React")
    await ann.page.keyboard.press("Shift+Tab")
    await expect(lower).to_be_focused()
    await ann.page.keyboard.press("Space")
    await expect(ann.page.get_by_role("button", name="Raise hand")).to_be_visible()


async def test_joining_muting_and_leaving_are_announced_politely(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    room_id = await make_room(parlor.url)
    ann = await join_room(browsers, parlor.url, room_id, "Ann", None)
    await expect(ann.announcements).to_have_attribute("aria-live", "polite")
    async with RestClient(parlor.url) as rest, RtcClient(parlor.url, await rest.guest("Bob")) as bob:
        await bob.join(room_id)
        await expect(ann.announcements).to_contain_text("Bob joined.")
        await bob.set_muted(False)
        await expect(ann.announcements).to_contain_text("Bob unmuted.")
        await bob.set_muted(True)
        await expect(ann.announcements).to_contain_text("Bob muted.")
        await bob.leave()
        await expect(ann.announcements).to_contain_text("Bob left.")
