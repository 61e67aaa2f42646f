"""Topics and turns of a conversation club in real browsers: the host's panel, and what everyone sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Locator, expect

from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room
from tests.fakes.server_process import ServerProcess

PHONE = {"width": 360, "height": 740}


def _bar(person: RoomPage) -> Locator:
    return person.page.get_by_role("region", name="Topic and turns")


async def test_a_host_shows_topics_and_lets_people_speak_in_turn(
    browsers: BrowserPool, parlor: ServerProcess, tone: Callable[[int], Path]
) -> None:
    ann = RoomPage(await browsers.page(None), parlor.url, "Ann")
    await ann.sign_in()
    room_id = await ann.open_room("Club")
    ben = await join_room(browsers, parlor.url, room_id, "Ben", tone(700), viewport=PHONE)
    await ben.unmute()

    # With the keyboard alone.
    await ann.page.get_by_role("button", name="Room options").press("Enter")
    await ann.page.get_by_role("menuitem", name="Run the room").press("Enter")
    panel = ann.page.get_by_role("dialog", name="Run the room")
    await panel.get_by_label("One topic on each line").fill("Food\nTravel alone\n")
    assert await violations(ann.page) == []
    await panel.get_by_role("button", name="Save the list").press("Enter")
    await panel.get_by_role("button", name="1. Food").press("Enter")
    await expect(_bar(ben)).to_contain_text("Food")
    await expect(_bar(ben).get_by_role("status").first).to_have_text("Topic: Food")
    await panel.get_by_role("button", name="Next topic").press("Enter")
    await expect(_bar(ben)).to_contain_text("Travel alone")
    assert await violations(ben.page) == []

    # Turns in a round: a turn's end is shown, and nobody is muted.
    await panel.get_by_label("Minutes a turn").fill("0.5")
    await panel.get_by_role("button", name="Start").press("Enter")
    await ann.page.keyboard.press("Escape")
    await expect(_bar(ben)).to_contain_text("Ann’s turn")
    await expect(_bar(ben).get_by_role("timer")).to_contain_text("left")
    await expect(_bar(ben).get_by_role("button")).to_have_count(0)
    await _bar(ann).get_by_role("button", name="Next turn").click()
    await expect(_bar(ben).get_by_text("Your turn", exact=True).first).to_be_visible()
    assert await violations(ben.page) == []
    await expect(ben.mute_button).to_be_visible()

    # People who come later, or reload, see it too; the speaker ends the turn.
    await ben.page.reload()
    await ben.rejoin()
    await expect(_bar(ben)).to_contain_text("Travel alone")
    await _bar(ben).get_by_role("button", name="I’m done").click()
    await expect(_bar(ben)).to_contain_text("Ann’s turn")

    await ann.page.get_by_role("button", name="Room options").click()
    await ann.page.get_by_role("menuitem", name="Run the room").click()
    await panel.get_by_role("button", name="End the turns").click()
    await expect(_bar(ben).get_by_role("timer")).to_have_count(0)
    await panel.get_by_role("switch", name="Ben").click(force=True)
    await expect(ben.page.get_by_role("button", name="Room options")).to_be_visible()
    await panel.get_by_role("button", name="Show none").click()
    await expect(_bar(ben)).to_have_count(0)
