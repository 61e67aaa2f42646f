"""People and each other, in real browsers: a block while both are in one room; friends and invitations."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import expect

from tests.e2e.audio_probe import expect_tones
from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room, make_room
from tests.fakes.server_process import ServerProcess

TONES = {"Ann": 500, "Bob": 800, "Cem": 1300}
ALL = set(TONES.values())


async def _hear(person: RoomPage, *names: str) -> None:
    await expect_tones(person.page, {TONES[name] for name in names}, among=ALL)


async def test_a_block_in_a_room_parts_two_people_until_it_ends(
    browsers: BrowserPool, parlor: ServerProcess, tone: Callable[[int], Path]
) -> None:
    room_id = await make_room(parlor.url)
    ann, bob, cem = [
        await join_room(browsers, parlor.url, room_id, name, tone(TONES[name])) for name in TONES
    ]
    for person in (ann, bob, cem):
        await person.unmute()
    await _hear(ann, "Bob", "Cem")
    await _hear(bob, "Ann", "Cem")

    await ann.page.get_by_role("button", name="Options for Bob").click()
    await ann.page.get_by_role("button", name="Block", exact=True).click()
    confirm = ann.page.get_by_role("dialog", name="Block Bob?").get_by_role(
        "button", name="Block", exact=True
    )
    await confirm.press("Enter")
    await ann.expect_participants("Ann", "Blocked person", "Cem")
    await _hear(ann, "Cem")
    await _hear(bob, "Cem")
    await _hear(cem, "Ann", "Bob")
    await expect(bob.tile("Ann")).to_have_attribute("data-muted", "true")
    await expect(cem.tile("Bob")).to_have_attribute("data-muted", "false")

    await bob.page.reload()
    await bob.rejoin()
    await bob.unmute()
    await _hear(bob, "Cem")
    await _hear(ann, "Cem")

    await ann.page.get_by_role("button", name="Options for Blocked person").click()
    await ann.page.get_by_role("button", name="Unblock").click()
    await ann.expect_participants("Ann", "Bob", "Cem")
    await _hear(ann, "Bob", "Cem")
    await _hear(bob, "Ann", "Cem")


async def test_two_people_become_friends_and_one_invites_the_other_back(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    """By keyboard where the journey's own steps are."""
    ann = RoomPage(await browsers.page(None), parlor.url, "Ann")
    await ann.sign_in()
    await ann.page.goto(f"{parlor.url}/rooms/new")
    await ann.page.get_by_label("Room name").fill("Film club")
    await ann.page.get_by_role("radio", name=re.compile("B1")).check(force=True)
    await ann.page.get_by_role("button", name="Open the room").click()
    await ann.page.get_by_role("button", name="Join as a listener").click()
    await expect(ann.leave_button).to_be_visible()
    room_id = ann.page.url.partition("?")[0].rsplit("/", 1)[1]
    ben = RoomPage(await browsers.page(None), parlor.url, "Ben")
    await ben.sign_in()
    await ben.join(room_id, listen_only=True)

    await _open_card(ann, "Ben")
    card = ann.page.get_by_role("dialog", name="Profile of Ben")
    await card.get_by_role("button", name="Follow Ben").press("Enter")
    await expect(card.get_by_role("button", name="Unfollow Ben")).to_be_visible()
    await card.get_by_label("Your note").fill("Knows every film by Ozu.")
    await card.get_by_role("button", name="Save the note").press("Enter")
    await expect(ben.page.get_by_role("link", name="Ann follows you")).to_be_visible()
    await _open_card(ben, "Ann")
    await ben.page.get_by_role("button", name="Follow back Ann").press("Enter")
    await expect(ben.page.get_by_role("dialog", name="Profile of Ann").get_by_text("Friend")).to_be_visible()
    await ben.page.keyboard.press("Escape")
    await ann.page.keyboard.press("Escape")

    await ben.leave()
    await ben.page.goto(f"{parlor.url}/people")
    await expect(ben.page.get_by_role("list", name="Friends").get_by_text("Ann")).to_be_visible()
    await ben.select_option("Your friends see", "That you are online")
    await expect(ben.page.get_by_text("Saved.")).to_be_visible()
    # The code that shows notices is there.
    await expect(ben.page.get_by_role("link", name="Notices, 1 unread")).to_be_visible()

    phone = await ann.page.context.new_page()
    await phone.set_viewport_size({"width": 360, "height": 740})
    await phone.goto(f"{parlor.url}/rooms")
    friends = phone.get_by_role("region", name="Friends online")
    await expect(friends.get_by_role("button", name="Ben")).to_be_visible()
    assert await violations(phone) == []
    await phone.close()

    await ann.page.get_by_role("button", name="Invite", exact=True).click()
    online = ann.page.get_by_role("list", name="Online now").get_by_role("listitem").filter(has_text="Ben")
    await online.get_by_role("button", name="Invite Ben").press("Enter")
    await expect(online.get_by_role("button", name="Invited")).to_be_visible()
    await ben.page.get_by_role("link", name="Ann invites you into “Film club”").press("Enter")
    await ben.page.get_by_role("button", name="Join as a listener").click()
    await ann.page.keyboard.press("Escape")
    await ann.expect_participants("Ann", "Ben")


async def _open_card(person: RoomPage, name: str) -> None:
    await person.page.get_by_role("button", name=f"Options for {name}").press("Enter")
    await person.page.get_by_role("button", name="Profile", exact=True).press("Enter")
