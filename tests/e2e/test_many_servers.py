"""Pages of servers that share their rooms: the room's server dies or is stopped, and the call goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.contract.storage_urls import new_database
from tests.e2e.audio_probe import expect_tones
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room, make_room
from tests.e2e.tab_audio import TabAudio
from tests.fakes import postgres, redis
from tests.fakes.cluster import Cluster
from tests.fakes.rtc import RestClient

BOTH = {500, 800}
_WATCH_NOTICES = """
() => {
  window.__notices = [];
  new MutationObserver(() => {
    const found = document.body.innerText.match(/.*(restarting|reconnecting|lost|is back).*/i);
    if (found) window.__notices.push(found[0]);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
"""
_SAID_WITHIN_MS = 15_000.0
"""A server counts itself as cut off after 3 s, and says so every 5 s."""
GAP_MS = 300.0
"""A limit for loaded machines: the gap is printed."""


def _programs() -> Path:
    programs = postgres.binaries()
    if programs is None:
        pytest.fail("PostgreSQL is not installed: sh tests/system-packages.sh")
    return programs


@asynccontextmanager
async def servers(folder: Path, size: int = 3) -> AsyncIterator[Cluster]:
    with postgres.running(_programs()) as socket, redis.running() as redis_server:
        async with Cluster(folder, await new_database(socket), redis_server.url, size=size) as cluster:
            yield cluster


async def test_two_people_hear_each_other_again_after_the_server_of_their_room_was_killed(
    browsers: BrowserPool, tmp_path: Path, tone: Callable[[int], Path]
) -> None:
    async with servers(tmp_path) as cluster:
        page_server = cluster.nodes["n2"]
        room = await make_room(cluster.nodes["n1"].url)
        # Signalling reaches n1 through n2, which serves the page.
        ann = await join_room(browsers, page_server.url, room, "Ann", tone(500))
        bob = await join_room(browsers, page_server.url, room, "Bob", tone(800))
        for person in (ann, bob):
            await person.unmute()
        await expect_tones(ann.page, {800}, among=BOTH)
        await expect_tones(bob.page, {500}, among=BOTH)

        started = time.monotonic()
        await cluster.nodes["n1"].kill()
        await expect_tones(ann.page, set(), among=BOTH)
        await expect_tones(ann.page, {800}, among=BOTH)
        await expect_tones(bob.page, {500}, among=BOTH)
        print(f"heard each other again after {time.monotonic() - started:.2f} s")
        for person in (ann, bob):
            await person.expect_participants("Ann", "Bob")
            await expect(person.mute_button).to_be_visible()
        assert page_server.complaints() == []


async def test_a_page_plays_on_without_a_gap_while_the_server_of_its_room_is_stopped(
    browsers: BrowserPool, tmp_path: Path, tone: Callable[[int], Path]
) -> None:
    async with servers(tmp_path) as cluster:
        page_server = cluster.nodes["n2"]
        room = await make_room(cluster.nodes["n1"].url)
        bob = await join_room(browsers, page_server.url, room, "Bob", tone(800))
        await bob.unmute()
        page = await browsers.page(None, tab_audio=True)
        ann = RoomPage(page, page_server.url, "Ann")
        await ann.sign_in()
        await ann.join(room, listen_only=True)
        tab = await TabAudio.of(page)
        await tab.until(800, lambda db: db > -40)

        for person in (ann, bob):
            await person.page.evaluate(_WATCH_NOTICES)
        await tab.record()
        await cluster.nodes["n1"].stop()
        await asyncio.sleep(1.5)  # what is measured goes on after the old server has ended
        gap_ms = await tab.longest_silence_ms()
        print(f"longest silence {gap_ms:.0f} ms")
        assert gap_ms < GAP_MS
        await tab.until(800, lambda db: db > -40)
        for person in (ann, bob):
            await person.expect_participants("Ann", "Bob")
            assert await person.page.evaluate("window.__notices") == []
        await expect(bob.mute_button).to_be_visible()
        assert page_server.complaints() == []


async def test_somebody_at_the_door_knocks_again_where_the_room_goes(
    browsers: BrowserPool, tmp_path: Path
) -> None:
    async with servers(tmp_path, 2) as cluster:
        page_server = cluster.nodes["n2"]
        ann = RoomPage(await browsers.page(None), page_server.url, "Ann")
        await ann.sign_in()
        token = await ann.page.evaluate("JSON.parse(localStorage.getItem('parlor.session')).token")
        async with RestClient(cluster.nodes["n1"].url) as rest:
            room = str((await rest.create_room(token, knockToEnter=True))["id"])
        await ann.join(room)
        ben = RoomPage(await browsers.page(None), page_server.url, "Ben")
        await ben.sign_in()
        await ben.page.goto(f"{page_server.url}/rooms/{room}")
        await ben.page.get_by_role("button", name="Ask to join", exact=True).click()
        await expect(ann.page.get_by_role("button", name="Admit Ben")).to_be_visible()
        await cluster.nodes["n1"].stop()
        await ann.page.get_by_role("button", name="Admit Ben").click()
        await expect(ben.leave_button).to_be_visible()
        await ann.expect_participants("Ann", "Ben")


async def test_a_page_says_that_its_server_is_cut_off_and_comes_back_by_itself(
    browsers: BrowserPool, tmp_path: Path, tone: Callable[[int], Path]
) -> None:
    with postgres.running(_programs()) as socket, redis.running() as store:
        async with Cluster(tmp_path, await new_database(socket), store.url, size=1) as cluster:
            alone = cluster.nodes["n1"]
            room = await make_room(alone.url)
            ann = await join_room(browsers, alone.url, room, "Ann", tone(500))
            bob = await join_room(browsers, alone.url, room, "Bob", tone(800))
            await bob.unmute()
            await expect_tones(ann.page, {800}, among=BOTH)
            cut_off = ann.page.get_by_role("status").get_by_text("The server has lost its network.")
            with postgres.frozen(socket):
                store.process.suspend()
                try:
                    await expect(cut_off).to_be_visible(timeout=_SAID_WITHIN_MS)
                    await expect_tones(ann.page, {800}, among=BOTH)
                finally:
                    store.process.resume()
            await ann.unmute()

            restart = asyncio.create_task(alone.restart(kill=False))
            restarting = ann.page.get_by_role("status").get_by_text("The server is restarting.")
            await expect(restarting).to_be_visible(timeout=_SAID_WITHIN_MS)
            await restart
            await expect_tones(ann.page, {800}, among=BOTH)
            await expect(cut_off).to_be_hidden()
            await expect(ann.mute_button).to_be_visible()
            await ann.expect_participants("Ann", "Bob")
