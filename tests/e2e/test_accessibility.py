"""Automatic WCAG 2.1 AA checks of every page in its states."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e import axe
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, make_room
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.server_process import ServerProcess

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {
        "color_scheme": "light",
        "viewport": {"width": 360, "height": 740},
        "has_touch": True,
        "is_mobile": True,
    },
}
States = AsyncIterator[str]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("journey", ["outside", "forms", "door", "call", "ends"])
async def test_axe_finds_nothing(
    browsers: BrowserPool, parlor: ServerProcess, look: str, journey: str
) -> None:
    page = await browsers.page(None, **LOOKS[look])
    found: dict[str, list[str]] = {}
    async for state in _JOURNEYS[journey](RoomPage(page, parlor.url, "Ann")):
        wrong = [*await axe.violations(page), *await _sideways(page)]
        if wrong:
            found[state] = wrong
    assert found == {}


async def _sideways(page: Page) -> list[str]:
    """A page that scrolls horizontally fails WCAG 1.4.10, which axe does not check."""
    over = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"scrolls sideways by {over} px"] if over > 0 else []


async def _outside(person: RoomPage) -> States:
    page = person.page
    await page.goto(person.url)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    yield "landing"
    await page.get_by_role("button", name="Come in").click()
    yield "landing, name missing"
    await page.get_by_role("button", name="Add your languages").click()
    yield "landing, more fields"
    await person.sign_in()
    yield "landing, signed in"
    await make_room(person.url, name="Coffee and small talk", topic="Our favourite places", tags=["food"])
    await make_room(person.url, name="Grammar clinic", level="C2", maxParticipants=2)
    await page.goto(f"{person.url}/rooms")
    await expect(page.get_by_text("Coffee and small talk").first).to_be_visible()
    yield "rooms"
    await page.get_by_role("searchbox", name="Search rooms").fill("no such room at all")
    await expect(page.get_by_text("No room matches your search")).to_be_visible()
    yield "rooms, nothing found"
    await page.goto(f"{person.url}/practice")
    await expect(page.get_by_role("button", name="Start talking")).to_be_visible()
    yield "practice"
    await page.goto(f"{person.url}/practice/history")
    await expect(page.get_by_text("No conversations yet")).to_be_visible()
    yield "history, empty"
    await page.goto(f"{person.url}/practice/words")
    await expect(page.get_by_text("No words yet")).to_be_visible()
    yield "words, empty"
    await page.goto(f"{person.url}/practice/memory")
    await expect(page.get_by_role("switch", name="Emma may remember")).to_be_checked()
    yield "memory"
    await page.goto(f"{person.url}/nowhere")
    await expect(page.get_by_role("heading", name="This page does not exist")).to_be_visible()
    yield "not found"


async def _forms(person: RoomPage) -> States:
    page = person.page
    await page.goto(f"{person.url}/rooms/new")
    await expect(page.get_by_text("Enter your name first")).to_be_visible()
    yield "create, signed out"
    await person.sign_in()
    await page.goto(f"{person.url}/rooms/new")
    await expect(page.get_by_role("heading", name="Open a room")).to_be_visible()
    yield "create"
    await page.get_by_role("button", name="Open the room").click()
    await expect(page.get_by_text("Enter a name for the room.")).to_be_visible()
    await expect(page.get_by_label("Room name")).to_be_focused()
    yield "create, errors"
    await page.goto(f"{person.url}/profile")
    await expect(page.get_by_role("heading", name="Your profile", exact=True)).to_be_visible()
    yield "profile"
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    yield "profile, signing out"


async def _door(person: RoomPage) -> States:
    page = person.page
    room_id = await make_room(person.url)
    await page.goto(f"{person.url}/rooms/{room_id}")
    await expect(page.get_by_label("Your name")).to_be_visible()
    yield "door, signed out"
    await person.sign_in()
    await page.goto(f"{person.url}/rooms/{room_id}")
    await expect(page.get_by_role("button", name="Join the room")).to_be_visible()
    yield "door"
    await page.get_by_role("button", name="Check my microphone").click()
    await expect(page.get_by_text("Say something: the meter should move.")).to_be_visible()
    yield "door, microphone ready"
    await page.goto(f"{person.url}/rooms/no-such-room")
    await expect(page.get_by_role("heading", name="This room does not exist")).to_be_visible()
    yield "door, no such room"


async def _call(person: RoomPage) -> States:
    page = person.page
    await person.sign_in()
    room_id = await person.open_room("Ann's room")
    yield "call, alone"
    async with (
        RestClient(person.url) as rest,
        RtcClient(person.url, await rest.guest("Bob", country="VN", learningLevel="A2")) as bob,
    ):
        await bob.join(room_id)
        await bob.call("set_hand", {"raised": True})
        await person.expect_participants("Ann", "Bob")
        yield "call"
        await person.unmute()
        yield "call, talking"
        await page.get_by_role("button", name="Options for Bob").click()
        await expect(page.get_by_role("button", name="Mute for everyone")).to_be_visible()
        yield "call, a person's menu"
        await page.get_by_role("button", name="Remove from the room").click()
        await expect(page.get_by_role("dialog").get_by_text("Remove Bob?")).to_be_visible()
        yield "call, asking before removal"
        await page.get_by_role("button", name="Cancel").click()
        await page.get_by_role("button", name="Settings", exact=True).click()
        await expect(page.get_by_role("dialog").get_by_text("Noise suppression").first).to_be_visible()
        yield "call, settings"
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Invite").click()
        await expect(page.get_by_role("dialog").get_by_text("Copy link")).to_be_visible()
        yield "call, invite"
        await page.keyboard.press("Escape")
        await page.context.set_offline(True)
        await expect(page.get_by_text("This device is offline")).to_be_visible()
        await expect(person.leave_button).to_be_in_viewport(ratio=1)
        yield "call, offline"
        await page.context.set_offline(False)


async def _ends(person: RoomPage) -> States:
    page = person.page
    await person.sign_in()
    async with RestClient(person.url) as rest:
        host = await rest.guest("Bob")
        room_id = (await rest.create_room(host, maxParticipants=2))["id"]
        async with (
            RtcClient(person.url, host) as bob,
            RtcClient(person.url, await rest.guest("Cem")) as cem,
        ):
            await bob.join(room_id)
            await person.join(room_id)
            await person.leave()
            yield "left"
            await cem.join(room_id)
            await page.goto(f"{person.url}/rooms/{room_id}")
            await expect(page.get_by_role("heading", name="This room is full")).to_be_visible()
            yield "full"
            await cem.leave()
            await page.get_by_role("button", name="Join the room").click()
            await expect(person.leave_button).to_be_visible()
            await bob.call("remove_participant", {"participantId": await _id_of(bob, "Ann")})
            await expect(
                page.get_by_role("heading", name="The host removed you from this room")
            ).to_be_visible()
            yield "removed"


async def _id_of(client: RtcClient, name: str) -> str:
    room = (await client.call("sync"))["room"]
    return next(str(p["id"]) for p in room["participants"] if p["name"] == name)


_JOURNEYS: dict[str, Callable[[RoomPage], States]] = {
    "outside": _outside,
    "forms": _forms,
    "door": _door,
    "call": _call,
    "ends": _ends,
}
