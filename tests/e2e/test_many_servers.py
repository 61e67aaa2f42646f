"""Pages of servers that share their rooms: the room's server dies, and the call goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.contract.storage_urls import new_database
from tests.e2e.audio_probe import expect_tones
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import join_room, make_room
from tests.fakes import postgres, redis
from tests.fakes.cluster import Cluster

BOTH = {500, 800}


async def test_two_people_hear_each_other_again_after_the_server_of_their_room_was_killed(
    browsers: BrowserPool, tmp_path: Path, tone: Callable[[int], Path]
) -> None:
    programs = postgres.binaries()
    if programs is None:
        pytest.fail("PostgreSQL is not installed: sh tests/system-packages.sh")
    with postgres.running(programs) as socket, redis.running() as redis_server:
        async with Cluster(tmp_path, await new_database(socket), redis_server.url) as cluster:
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
