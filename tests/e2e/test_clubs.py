"""A conversation club in real browsers: chat, reactions, a co-host, an edited room, the order of hands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Locator, expect

from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room
from tests.fakes.server_process import ServerProcess


def _chat(person: RoomPage) -> Locator:
    return person.page.get_by_role("list", name="Messages")


async def _write(person: RoomPage, text: str) -> None:
    await person.page.get_by_role("textbox", name="Write to everyone").fill(text)
    await person.page.keyboard.press("Enter")


async def test_a_host_and_a_co_host_run_a_club(
    browsers: BrowserPool, parlor: ServerProcess, tone: Callable[[int], Path]
) -> None:
    ann = RoomPage(await browsers.page(None), parlor.url, "Ann")
    await ann.sign_in()
    room_id = await ann.open_room("Open corner")
    ben = await join_room(
        browsers, parlor.url, room_id, "Ben", tone(700), viewport={"width": 360, "height": 740}
    )

    # On a phone the chat is a drawer; unread lines are counted, and late people read what was written.
    await ben.page.get_by_role("button", name="Chat", exact=True).click()
    await _write(ben, "How do you spell it? https://example.org/word")
    await expect(_chat(ben)).to_contain_text("How do you spell it?")
    assert await violations(ben.page) == []
    unread = ann.page.get_by_role("button", name="Chat, 1 new message")
    await expect(unread).to_be_visible()
    await expect(ann.announcements).to_contain_text("Ben wrote: How do you spell it?")
    await unread.click()
    await expect(_chat(ann)).to_contain_text("How do you spell it?")
    await expect(_chat(ann).get_by_role("link")).to_have_count(0)
    assert await violations(ann.page) == []
    cem = await join_room(browsers, parlor.url, room_id, "Cem", None)
    await cem.page.get_by_role("button", name="Chat", exact=True).click()
    await expect(_chat(cem)).to_contain_text("How do you spell it?")
    await expect(cem.page.get_by_role("button", name="Delete the message")).to_have_count(0)

    # A reload finds it again.
    await cem.page.reload()
    await cem.rejoin()
    await cem.page.get_by_role("button", name="Chat", exact=True).click()
    await expect(_chat(cem)).to_contain_text("How do you spell it?")

    await ann.host_action("Cem", "Make co-host")
    await expect(cem.page.get_by_text("You are a co-host now")).to_be_visible()
    await expect(ben.page.locator("[data-participant]").get_by_role("img", name="Co-host")).to_have_count(1)
    await cem.page.get_by_role("button", name="Room options").click()
    await cem.page.get_by_role("menuitem", name="Edit the room").click()
    await expect(cem.page.get_by_role("menuitem", name="Close the room for everyone")).to_have_count(0)
    await cem.page.get_by_label("Room name").fill("Spelling club")
    await cem.page.get_by_role("switch", name="Links in the chat can be opened").check(force=True)
    await cem.page.get_by_role("button", name="Save").click()
    await expect(ann.page.get_by_role("heading", name="Spelling club")).to_be_visible()
    await expect(_chat(ann).get_by_role("link")).to_have_text("https://example.org/word")
    await cem.page.get_by_role("button", name="Delete the message of Ben").click()
    await expect(ann.page.get_by_text("How do you spell it?").last).not_to_be_attached()

    await ben.page.keyboard.press("Escape")
    await ben.page.get_by_role("button", name="React", exact=True).click()
    await ben.page.get_by_role("button", name="Bravo").click()
    await expect(ann.tile("Ben").locator("[data-reaction=bravo]")).to_be_visible()
    await ben.page.get_by_role("button", name="Raise hand").click()
    await ann.page.get_by_role("button", name="1 raised hand").click()
    await ann.page.get_by_role("button", name="Invite to speak: Ben").click()
    await expect(ben.page.get_by_text("It is your turn to speak")).to_be_visible()
    await expect(ben.unmute_button).to_be_visible()
