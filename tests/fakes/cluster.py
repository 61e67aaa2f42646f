"""Several servers as processes on one PostgreSQL and one Redis, and people who follow their room."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, Protocol

import aiohttp
from socketio.exceptions import ConnectionError as NotConnected

from server.common.tasks import TaskSet, cancel_and_wait
from tests.fakes.rtc import Clip, Pacer, RestClient, RtcClient
from tests.fakes.rtc.client import Refused
from tests.fakes.rtc.rest import RestError
from tests.fakes.server_process import ServerProcess

JITTER_S, MUTED_JITTER_S = 0.15, 0.6
CONNECT_WITHIN_S = 1.5
ANSWER_WITHIN_S = 2.5
HEALTH_EVERY_S = HEALTH_WITHIN_S = 0.5
"""As in the example of a proxy's settings."""
STALLED_AFTER_S = 1.0
"""Time without a packet, while others talk, after which a browser's page asks for its server."""


class Entry(Protocol):
    """How people reach the servers: `Cluster`, or a proxy in front of one."""

    def base(self, url: str) -> str:
        """The address of a node's Socket.IO, from what the server calls its `url`."""
        ...

    async def ask(self, method: str, path: str, token: str, body: object = None) -> Any:
        """The answer of some server. Raises RestError, TimeoutError."""
        ...


class Cluster:
    """`async with Cluster(folder, database_url, redis_url) as cluster`: servers n1, n2, and so on."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        redis_url: str,
        *,
        size: int = 3,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._stack = AsyncExitStack()
        shared = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET": "s" * 32,
            "AGENT_TOKEN": "a" * 32,
            **(settings or {}),
        }
        self._down: set[str] = set()
        names = [f"n{i + 1}" for i in range(size)]
        self.nodes = {name: ServerProcess(folder / name, {**shared, "NODE_NAME": name}) for name in names}

    async def __aenter__(self) -> Cluster:
        try:
            for node in self.nodes.values():  # one by one: each has a limit of time
                self._stack.push_async_callback(node.stop)
                await node.start()
            self._stack.push_async_callback(cancel_and_wait, asyncio.create_task(self._check_health()))
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def base(self, url: str) -> str:
        """The address of a node's Socket.IO, as a proxy that routes `/n/{name}/` by its path finds it."""
        return f"{self.nodes[url.rsplit('/', 1)[1]].url}{url}"

    async def ask(self, method: str, path: str, token: str, body: object = None) -> Any:
        """The answer of a healthy server, as of a proxy that tries the next one if one refuses. Raises
        RestError, TimeoutError."""
        names = [name for name in self.nodes if name not in self._down]
        random.shuffle(names)
        async with asyncio.timeout(ANSWER_WITHIN_S):
            for name in names:
                try:
                    async with RestClient(self.nodes[name].url) as rest:
                        return await rest.request(method, path, token, body)
                except aiohttp.ClientError:
                    continue
        raise TimeoutError(f"no server answers {method} {path}")

    async def _check_health(self) -> None:
        """As a proxy does."""
        timeout = aiohttp.ClientTimeout(total=HEALTH_WITHIN_S)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            while True:
                await asyncio.gather(*(self._check(http, name) for name in self.nodes))
                await asyncio.sleep(HEALTH_EVERY_S)

    async def _check(self, http: aiohttp.ClientSession, name: str) -> None:
        try:
            async with http.get(f"{self.nodes[name].url}/healthz") as response:
                is_up = response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            is_up = False
        (self._down.discard if is_up else self._down.add)(name)


class Person:
    """Somebody in a room, whose client goes where the room goes: as the web client does, without a page.

    `clip`: what they say while they are not muted; None for somebody who sends nothing. `returns` counts how
    often the client came back.
    """

    def __init__(self, cluster: Entry, pacer: Pacer, token: str, clip: Clip | None) -> None:
        self._cluster = cluster
        self._pacer = pacer
        self._token = token
        self._clip = clip
        self._watch: asyncio.Task[None] | None = None
        self._leaving = TaskSet()
        self._lost = asyncio.Event()
        self.room_id = ""
        self.rtc = RtcClient("", token)
        self.returns = 0

    async def join(self, room_id: str) -> None:
        self.room_id = room_id
        await self._enter(await self._locate(None), None)
        self._watch = asyncio.create_task(self._follow())

    async def aclose(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        await self._leaving.aclose()
        await self._drop(self.rtc)

    @property
    def id(self) -> str:
        return self.rtc.participant_id

    @property
    def node_id(self) -> str:
        return str(self.rtc.joined["nodeId"])

    @property
    def me(self) -> dict[str, Any]:
        """This person as the room of the last join shows them."""
        people = self.rtc.joined["room"]["participants"]
        found: dict[str, Any] = next(p for p in people if p["id"] == self.id)
        return found

    def hears_since_ns(self, other: Person) -> int:
        """When the first packet of the other came on the present connection (time_ns); 0: none yet."""
        mid = next((mid for mid, who in self.rtc.slots.items() if who == other.id), None)
        log = self.rtc.receiver.by_mid.get(mid) if mid is not None else None
        return log.first_arrival_ns if log is not None else 0

    async def _follow(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._lost.wait(), 0.1)
            if self._lost.is_set() or self._is_stalled():
                await self._come_back()

    def _is_stalled(self) -> bool:
        last = max((log.last_arrival_ns for log in self.rtc.receiver.slots.values()), default=0)
        return last > 0 and time.time_ns() - last > STALLED_AFTER_S * 1e9

    async def _come_back(self) -> None:
        lost, resume = self.node_id, self.rtc.joined["resumeToken"]
        await asyncio.sleep(random.uniform(0, MUTED_JITTER_S if self._clip is None else JITTER_S))
        while True:
            try:
                where = await self._locate(lost)
                if where["nodeId"] == lost and not self._lost.is_set():
                    return  # the server lives: the stall has another cause
                # Its goodbye waits for a server that may be frozen.
                self._leaving.spawn(self._drop(self.rtc), "goodbye")
                await self._enter(where, resume)
            except (NotConnected, Refused, RestError, TimeoutError, OSError):
                await asyncio.sleep(0.2)
            else:
                self.returns += 1
                return

    async def _locate(self, lost: str | None) -> dict[str, Any]:
        query = f"?not={lost}" if lost else ""
        found: dict[str, Any] = await self._cluster.ask(
            "GET", f"/api/rooms/{self.room_id}/node{query}", self._token
        )
        return found

    async def _enter(self, where: Mapping[str, Any], resume: str | None) -> None:
        self._lost = lost = asyncio.Event()
        self.rtc = rtc = RtcClient(self._cluster.base(where["url"]), self._token)

        async def gone(*_: object) -> None:
            lost.set()

        rtc.socket.on("disconnect", gone, namespace="/rooms")
        await rtc.connect(CONNECT_WITHIN_S)
        token: dict[str, Any] = {"resumeToken": resume} if resume else {}
        await rtc.join(self.room_id, clip=self._clip, **token)
        if rtc.publisher is not None:
            self._pacer.add(rtc.publisher)

    async def _drop(self, rtc: RtcClient) -> None:
        if rtc.publisher is not None:
            self._pacer.discard(rtc.publisher)
        await rtc.aclose()


async def everybody_hears(people: Sequence[Person], talking: Sequence[Person], within_s: float) -> int:
    """Waits until everybody hears each of `talking`, on connections as they are then. Returns when the last
    of them did (time_ns). Raises TimeoutError."""

    def heard() -> list[int]:
        return [p.hears_since_ns(other) for p in people for other in talking if other is not p]

    async with asyncio.timeout(within_s):
        while not all(heard()):  # noqa: ASYNC110 - packets make no event
            await asyncio.sleep(0.02)
    return max(heard())


async def everybody_is_back(people: Sequence[Person], within_s: float) -> None:
    """Waits until everybody has come back once. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not all(person.returns for person in people):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
