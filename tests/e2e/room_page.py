"""Page object of the web client: finds elements by role and accessible name, as people do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.browsers import BrowserPool
from tests.fakes.rtc import RestClient

_SOON_MS = 15_000


async def make_room(url: str, **options: Any) -> str:
    """A room whose host is another user, who never joins."""
    async with RestClient(url) as rest:
        room = await rest.create_room(await rest.guest("Owner"), **options)
        return str(room["id"])


async def join_room(
    browsers: BrowserPool,
    url: str,
    room_id: str,
    name: str,
    microphone: Path | None,
    *,
    probe: Mapping[str, Any] | None = None,
    **context: Any,
) -> RoomPage:
    """A new user in a separate browser context, joined and muted."""
    page = await browsers.page(microphone, probe=probe or {}, **context)
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
        """Joins the room and waits for the call controls."""
        await self.press_join(room_id, query=query, listen_only=listen_only)
        await expect(self.leave_button).to_be_visible(timeout=_SOON_MS)

    async def rejoin(self) -> None:
        """After a reload: joins if the page asks again, or waits until it has rejoined by itself."""
        join = self.page.get_by_role("button", name="Join the room")
        await expect(join.or_(self.leave_button)).to_be_visible()
        if await join.is_visible():
            await join.click()
        await expect(self.leave_button).to_be_visible()

    async def select_option(self, label: str, option: str) -> None:
        """Selects an option of a combobox."""
        await self.page.get_by_role("combobox", name=label).click()
        await self.page.get_by_role("option", name=option, exact=True).click()

    async def open_room(self, name: str, *, language: str | None = None) -> str:
        """Creates a room on the page and joins it. Returns its id."""
        await self.page.goto(f"{self.url}/rooms/new")
        await self.page.get_by_label("Room name").fill(name)
        await self.page.get_by_role("radio", name=re.compile("B1")).check(force=True)
        if language is not None:
            await self.select_option("Spoken language", language)
        await self.page.get_by_role("button", name="Open the room").click()
        await self.page.get_by_role("button", name="Join the room").click()
        await expect(self.leave_button).to_be_visible()
        return self.page.url.partition("?")[0].rsplit("/", 1)[1]

    async def press_join(self, room_id: str, *, query: str = "", listen_only: bool = False) -> None:
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
    def call_status(self) -> Locator:
        """The line above the call controls, which says what happens with the microphone."""
        return self.page.get_by_role("region", name="Call controls").get_by_role("status")

    @property
    def announcements(self) -> Locator:
        return self.page.get_by_role("log")

    def tile(self, name: str) -> Locator:
        """A participant's tile."""
        people = self.page.get_by_role("list", name="People in the room")
        return people.get_by_role("listitem").filter(has=self.page.get_by_text(name, exact=True))

    async def expect_participants(self, *names: str) -> None:
        """Waits until exactly these people are in the room, including this one."""
        people = self.page.get_by_role("list", name="People in the room")
        await expect(people.get_by_role("listitem")).to_have_count(len(names), timeout=_SOON_MS)
        for name in names:
            await expect(self.tile(name)).to_be_visible(timeout=_SOON_MS)

    async def host_action(self, name: str, action: str) -> None:
        """Runs an action from a participant's menu, and confirms it if asked."""
        await self.page.get_by_role("button", name=f"Options for {name}").click()
        await self.page.get_by_role("button", name=action).click()
        if action == "Remove from the room":
            await self.page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
