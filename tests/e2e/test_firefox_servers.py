"""A page in Firefox, the server of whose room is stopped or killed: it hears the others again in its seat."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.e2e.test_many_servers import servers
from tests.fakes.roaming import Person, everybody_is_elsewhere, open_group
from tests.fakes.rtc import Pacer
from tests.net.remote_browser import FIREFOX_TONE_HZ, RemoteBrowser
from tests.net.room import join_room

TONE_HZ = 440
"""Of the people of `open_group`."""
BOTH = {TONE_HZ, FIREFOX_TONE_HZ}
AGAIN_WITHIN_S = 30.0
_MUTE = "::-p-aria([name='Mute'][role='button'])"


@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_firefox_hears_the_others_again_after_the_server_of_its_room_was(
    how: str, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(servers(tmp_path))
        pacer = await stack.enter_async_context(Pacer())
        ann = (await open_group(stack, cluster, pacer, "n1", 1, 1)).people[0]
        page_server = cluster.nodes["n3"].url
        firefox = await stack.enter_async_context(RemoteBrowser("firefox", origin=page_server))
        await join_room(firefox, page_server, ann.room_id, "Fox")
        await firefox.expect_tones({TONE_HZ}, among=BOTH, within_s=AGAIN_WITHIN_S)
        await _heard(ann, time.time_ns())
        fox = next(e.data["participant"]["id"] for e in ann.rtc.events if e.name == "participant_joined")

        former = cluster.nodes["n1"]
        await (former.stop() if how == "stopped" else former.kill())
        await _both_are_elsewhere(ann, fox, firefox)
        assert not ann.node_id.startswith("n1-")


async def _both_are_elsewhere(ann: Person, fox: str, firefox: RemoteBrowser) -> None:
    """Both have followed the room, have their seats, and hear each other."""
    await everybody_is_elsewhere([ann], AGAIN_WITHIN_S)
    began = time.time_ns()
    await firefox.expect_tones({TONE_HZ}, among=BOTH, within_s=AGAIN_WITHIN_S)
    await _heard(ann, began)
    await firefox.wait(_MUTE)
    muted = {p["id"]: p["isMuted"] for p in ann.rtc.joined["room"]["participants"]}
    assert muted == {ann.id: False, fox: False}


async def _heard(ann: Person, since_ns: int) -> None:
    """Waits until she has got audio that was sent since then. Raises TimeoutError."""
    async with asyncio.timeout(AGAIN_WITHIN_S):
        while all(log.last_arrival_ns < since_ns for log in ann.rtc.receiver.slots.values()):  # noqa: ASYNC110 - packets make no event
            await asyncio.sleep(0.02)
