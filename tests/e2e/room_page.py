"""A person at the page: what they click and what they see, by role and accessible name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.browsers import Chromiums
from tests.fakes.rtc import RestClient

_SOON_MS = 15_000


async def make_room(url: str, **options: Any) -> str:
    """A room whose host is somebody else, who never comes."""
    async with RestClient(url) as rest:
        room = await rest.create_room(await rest.guest("Owner"), **options)
        return str(room["id"])


async def sit_down(
    people: Chromiums,
    url: str,
    room_id: str,
    name: str,
    microphone: Path | None,
    *,
    probe: Mapping[str, Any] | None = None,
    **context: Any,
) -> RoomPage:
    """A new person with a browser of their own, in the room and muted."""
    page = await people.page(microphone, probe=probe or {}, **context)
    person = RoomPage(page, url, name)
    await person.sign_in()
    await person.join(room_id)
    return person


class RoomPage:
    def __init__(self, page: Page, url: str, name: str) -> None:
        self.page = page
        self.url = url
        self.name = name
        page.set_default_timeout(_SOON_MS)

    async def sign_in(self) -> None:
        await self.page.goto(self.url)
        await self.page.get_by_label("Your name").fill(self.name)
        await self.page.get_by_role("button", name="Come in").click()
        await expect(self.page.get_by_label("Your name")).to_be_hidden()

    async def join(self, room_id: str, *, query: str = "", listen_only: bool = False) -> None:
        """Through the door of a room, as far as its controls."""
        await self.knock(room_id, query=query, listen_only=listen_only)
        await expect(self.leave_button).to_be_visible(timeout=_SOON_MS)

    async def join_from_here(self) -> None:
        """Where the page asks at the door again, go in; where it goes back by itself, wait."""
        join = self.page.get_by_role("button", name="Join the room")
        await expect(join.or_(self.leave_button)).to_be_visible()
        if await join.is_visible():
            await join.click()
        await expect(self.leave_button).to_be_visible()

    async def chooses(self, label: str, option: str) -> None:
        """From a list."""
        await self.page.get_by_role("combobox", name=label).click()
        await self.page.get_by_role("option", name=option, exact=True).click()

    async def open_room(self, name: str, *, language: str | None = None) -> str:
        """Create a room on the page and go in; its id."""
        await self.page.goto(f"{self.url}/rooms/new")
        await self.page.get_by_label("Room name").fill(name)
        await self.page.get_by_role("radio", name=re.compile("B1")).check(force=True)
        if language is not None:
            await self.chooses("Spoken language", language)
        await self.page.get_by_role("button", name="Open the room").click()
        await self.page.get_by_role("button", name="Join the room").click()
        await expect(self.leave_button).to_be_visible()
        return self.page.url.partition("?")[0].rsplit("/", 1)[1]

    async def knock(self, room_id: str, *, query: str = "", listen_only: bool = False) -> None:
        await self.page.goto(f"{self.url}/rooms/{room_id}{query}")
        name = "Join as a listener" if listen_only else "Join the room"
        await self.page.get_by_role("button", name=name).click()

    async def unmute(self) -> None:
        await self.page.get_by_role("button", name="Unmute", exact=True).click()
        await expect(self.mute_button).to_be_visible()

    async def mute(self) -> None:
        await self.mute_button.click()
        await expect(self.unmute_button).to_be_visible()

    async def leave(self) -> None:
        await self.leave_button.click()
        await expect(self.page.get_by_role("heading", name="You left the room")).to_be_visible()

    @property
    def mute_button(self) -> Locator:
        return self.page.get_by_role("button", name="Mute", exact=True)

    @property
    def unmute_button(self) -> Locator:
        return self.page.get_by_role("button", name="Unmute", exact=True)

    @property
    def leave_button(self) -> Locator:
        return self.page.get_by_role("button", name="Leave", exact=True)

    @property
    def announcements(self) -> Locator:
        return self.page.get_by_role("log")

    def tile(self, name: str) -> Locator:
        """Somebody's place in the grid."""
        people = self.page.get_by_role("list", name="People in the room")
        return people.get_by_role("listitem").filter(has=self.page.get_by_text(name, exact=True))

    async def sees(self, *names: str) -> None:
        """Exactly these people, oneself among them."""
        people = self.page.get_by_role("list", name="People in the room")
        await expect(people.get_by_role("listitem")).to_have_count(len(names), timeout=_SOON_MS)
        for name in names:
            await expect(self.tile(name)).to_be_visible(timeout=_SOON_MS)

    async def as_host(self, name: str, action: str) -> None:
        """Open somebody's menu and choose; what asks again is confirmed."""
        await self.page.get_by_role("button", name=f"Options for {name}").click()
        await self.page.get_by_role("button", name=action).click()
        if action == "Remove from the room":
            await self.page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
