"""The others see it when somebody goes, and a page shows it when the server goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room, make_room
from tests.fakes.server_process import ServerProcess

Tone = Callable[[int], Path]

_COLLECT = """() => {
  window.__said = [];
  const log = document.querySelector('[role=log]');
  new MutationObserver(() => window.__said.push(log.textContent)).observe(log, {
    childList: true, characterData: true, subtree: true });
}"""


async def _connection(person: RoomPage, name: str, state: str, within_s: float) -> float:
    """Waits until `person` sees the tile of `name` in that state. Returns how long it took."""
    started = time.monotonic()
    await expect(person.tile(name)).to_have_attribute("data-connection", state, timeout=within_s * 1000)
    return time.monotonic() - started


async def test_a_closed_tab_has_left_within_seconds_and_a_reload_has_not(
    browsers: BrowserPool, parlor: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(parlor.url)
    ann = await join_room(browsers, parlor.url, room_id, "Ann", None)
    bob = await join_room(browsers, parlor.url, room_id, "Bob", tone(440))
    await _connection(ann, "Bob", "connected", 15)
    seat = await ann.tile("Bob").get_attribute("data-participant")
    await expect(ann.announcements).to_have_text("Bob joined.")
    await ann.page.evaluate(_COLLECT)

    await bob.page.reload()
    await bob.rejoin()
    back = await _connection(ann, "Bob", "connected", 15)
    assert await ann.tile("Bob").get_attribute("data-participant") == seat
    print(f"back after a reload: {back:.1f} s")

    closed = time.monotonic()
    await bob.page.close()
    await _connection(ann, "Bob", "leaving", 3)
    await ann.expect_participants("Ann")
    gone = time.monotonic() - closed
    print(f"gone after closing the tab: {gone:.1f} s")
    assert gone < 10
    await expect(ann.announcements).to_contain_text("Bob left.")
    said = await ann.page.evaluate("() => window.__said")
    assert [text for text in said if "Bob" in text] == ["Bob left."]


async def test_nothing_is_shown_as_known_once_the_server_is_killed(
    browsers: BrowserPool, own_server: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(own_server.url)
    ann = await join_room(browsers, own_server.url, room_id, "Ann", None)
    bob = await join_room(browsers, own_server.url, room_id, "Bob", tone(440))
    await bob.unmute()
    await expect(ann.tile("Bob")).to_have_attribute("data-speaking", "true")
    await expect(ann.page.get_by_role("button", name="Good connection")).to_be_visible()

    await own_server.kill()
    known_for = await _connection(ann, "Bob", "unknown", 3)
    print(f"known as not known: {known_for:.1f} s")
    await expect(ann.tile("Bob")).to_have_attribute("data-speaking", "false")
    await expect(bob.tile("Bob")).to_contain_text("Reconnecting")
    await expect(ann.page.get_by_role("button", name="Connection quality not known yet")).to_be_visible()

    await own_server.start()
    await expect(ann.tile("Bob")).to_have_attribute("data-speaking", "true", timeout=30_000)
