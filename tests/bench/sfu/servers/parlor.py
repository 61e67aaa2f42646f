"""Parlor, with either backend of its data plane and otherwise default settings."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from tests.bench.scenarios.crowd import make_room
from tests.bench.sfu.fleet import Fleet
from tests.bench.sfu.servers.base import Cores, Room, Sfu, at_most, pinned, speak
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.rtc.sdp import AUDIO_LEVEL_URI
from tests.fakes.server_process import ServerProcess

_JOINS_AT_ONCE = 6


class Parlor:
    def __init__(self, fleet: Fleet, stack: AsyncExitStack, rest: RestClient, server: ServerProcess) -> None:
        self.server = server
        self.pid = server.process.pid
        self.rest = rest
        self.people: list[RtcClient] = []
        self._fleet = fleet
        self._stack = stack

    async def fill(self, people: int) -> Room:
        room_id = await make_room(self.rest, max(2, people))
        return await at_most(_JOINS_AT_ONCE, [partial(self.seat, room_id)] * people)

    async def seat(self, room_id: str) -> int:
        client = await self.arrive()
        return await self.sit(client, room_id)

    async def arrive(self) -> RtcClient:
        """A signed-in user who is in no room."""
        client = RtcClient(self.rest.url, await self.rest.guest("Guest"), ClientOptions(reports=False))
        await client.connect()
        self._stack.push_async_callback(client.aclose)
        self.people.append(client)
        return client

    async def sit(self, client: RtcClient, room_id: str) -> int:
        await client.join(room_id)
        link = self.hand_over(client)
        await client.set_muted(False)
        return link

    def hand_over(self, client: RtcClient) -> int:
        line = client.offer.microphone
        payload_type, extension = line.payload_type("opus"), line.extensions[AUDIO_LEVEL_URI]
        assert client.link is not None
        assert payload_type is not None
        return self._fleet.add(
            client.link, ssrc=client.ssrc, payload_type=payload_type, level_extension=extension
        )

    async def speak(self, rooms: Sequence[Room], modes: Sequence[int]) -> None:
        speak(self._fleet, rooms, modes)


def has_c_body() -> bool:
    return importlib.util.find_spec("server.sfu.fastpath._native") is not None


@asynccontextmanager
async def started(fleet: Fleet, cores: Cores, **settings: str) -> AsyncIterator[Parlor]:
    with tempfile.TemporaryDirectory() as folder:
        server = ServerProcess(Path(folder), {"LOG_LEVEL": "warning", **settings}, wrap=pinned(cores))
        async with server, RestClient(server.url) as rest, AsyncExitStack() as stack:
            yield Parlor(fleet, stack, rest, server)


@asynccontextmanager
async def started_c(fleet: Fleet, cores: Cores) -> AsyncIterator[Sfu]:
    async with started(fleet, cores, FORWARDING="c") as parlor:
        yield parlor


@asynccontextmanager
async def started_c_twice(fleet: Fleet, cores: Cores) -> AsyncIterator[Sfu]:
    """Two media threads, each with its own port and rooms."""
    async with started(fleet, cores, FORWARDING="c", MEDIA_THREADS="2") as parlor:
        yield parlor


@asynccontextmanager
async def started_python(fleet: Fleet, cores: Cores) -> AsyncIterator[Sfu]:
    async with started(fleet, cores, FORWARDING="python") as parlor:
        yield parlor
