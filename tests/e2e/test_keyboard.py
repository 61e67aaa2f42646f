"""What axe cannot judge: a whole evening without a mouse, and what a screen reader is told of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.browsers import Chromiums
from tests.e2e.hearing import hears
from tests.e2e.room_page import RoomPage, make_room, sit_down
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.server_process import ServerProcess

_MOST_STOPS = 60


async def _tab_to(page: Page, role: str, name: str) -> None:
    """Tab until something of that role and name has the focus."""
    target = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    await expect(target).to_be_visible()
    for _ in range(_MOST_STOPS):
        if await target.evaluate("(element) => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"no way to {role} {name!r} by Tab")


async def test_an_evening_without_a_mouse(
    people: Chromiums, parlor: ServerProcess, tone: Callable[[int], Path]
) -> None:
    name = "Keyboard corner"
    room_id = await make_room(parlor.url, name=name)
    listener = await sit_down(people, parlor.url, room_id, "Bob", None)
    page = await people.page(tone(800), probe={})
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
    await hears(listener.page, {800}, among={800, 500})
    await page.keyboard.press("m")
    await hears(listener.page, set(), among={800, 500})
    await _tab_to(page, "button", "Leave")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="You left the room")).to_be_focused()


async def test_every_tab_from_a_list_leads_to_the_next_field(
    people: Chromiums, parlor: ServerProcess
) -> None:
    page = await people.page(None)
    person = RoomPage(page, parlor.url, "Ann")
    await person.sign_in()
    await page.goto(f"{parlor.url}/rooms/new")
    await page.get_by_role("combobox", name="Spoken language").focus()
    await expect(page.get_by_role("listbox")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("combobox", name="Tags")).to_be_focused()


async def test_space_opens_the_microphone_only_while_it_is_held(
    people: Chromiums, parlor: ServerProcess, tone: Callable[[int], Path]
) -> None:
    room_id = await make_room(parlor.url)
    listener = await sit_down(people, parlor.url, room_id, "Bob", None)
    ann = await sit_down(people, parlor.url, room_id, "Ann", tone(800))
    await ann.page.keyboard.down("Space")
    await hears(listener.page, {800}, among={800, 500})
    await ann.page.keyboard.up("Space")
    await hears(listener.page, set(), among={800, 500})
    await expect(ann.unmute_button).to_be_visible()


async def test_who_comes_speaks_and_goes_is_announced_politely(
    people: Chromiums, parlor: ServerProcess
) -> None:
    room_id = await make_room(parlor.url)
    ann = await sit_down(people, parlor.url, room_id, "Ann", None)
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
