"""People who follow their room from server to server, as the web client does, without a page."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any, Protocol

from socketio.exceptions import ConnectionError as NotConnected

from server.common.tasks import TaskSet
from tests.fakes.rtc import Clip, Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.rtc.client import Refused
from tests.fakes.rtc.receiver import SlotLog
from tests.fakes.rtc.rest import RestError

JITTER_S, MUTED_JITTER_S = 0.15, 0.6
CONNECT_WITHIN_S = 1.5
MOVE_WITHIN_S, OLD_KEPT_S = 6.0, 1.0
STALLED_AFTER_S = 1.0
"""Time without a packet, while others talk, after which a browser's page asks for its server."""
PACKET_EVERY_S = 0.02
CLIP = tone_clip(440)


class Entry(Protocol):
    """How people reach the servers: `Cluster`, or a proxy in front of one."""

    def base(self, url: str) -> str:
        """The address of a node's Socket.IO, from what the server calls its `url`."""
        ...

    async def ask(self, method: str, path: str, token: str, body: object = None) -> Any:
        """The answer of some server. Raises RestError, TimeoutError."""
        ...


class Heard:
    """The longest silence (ns) between two packets of each person that somebody heard, on whatever connection
    was played at the time. People who talk send a packet every 20 ms."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self.silences: dict[str, int] = {}

    def note(self, who: str, at_ns: int) -> None:
        silence = at_ns - self._last.get(who, at_ns)
        self.silences[who] = max(self.silences.get(who, 0), silence)
        self._last[who] = at_ns

    def begin(self) -> None:
        self._last, self.silences = {}, {}


class Person:
    """Somebody in a room, whose client goes where the room goes: as the web client does, without a page.

    `clip`: what they say while they are not muted; None for somebody who sends nothing. `returns` counts how
    often the client came back after it had lost its server, `moves` how often it followed `room_moving`,
    which it does if it `follows`.
    """

    def __init__(self, cluster: Entry, pacer: Pacer, token: str, clip: Clip | None) -> None:
        self._cluster = cluster
        self._pacer = pacer
        self.token = token
        self._clip = clip
        self._watch: asyncio.Task[None] | None = None
        self._leaving = TaskSet()
        self._lost = asyncio.Event()
        self._target: Mapping[str, Any] | None = None
        self._is_to_look = False
        self._news = asyncio.Event()
        self.room_id = ""
        self.rtc = RtcClient("", token)
        self.returns = 0
        self.moves = 0
        self.heard = Heard()
        self.follows = True

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
                await asyncio.wait_for(self._news.wait(), 0.1)
            self._news.clear()
            if self._target is not None:
                await self._move()
            if self._lost.is_set() or self._is_to_look or self._is_stalled():
                self._is_to_look = False
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
            "GET", f"/api/rooms/{self.room_id}/node{query}", self.token
        )
        return found

    async def _enter(self, where: Mapping[str, Any], resume: str | None) -> None:
        rtc = RtcClient(self._cluster.base(where["url"]), self.token)
        lost = self._watch_events(rtc)
        self.rtc, self._lost = rtc, lost
        await self._connect(rtc, resume)

    async def _move(self) -> None:
        """Connect to the room's new server beside the present one, and switch when it says so. If that fails,
        stay until the present one is lost."""
        where, self._target = self._target, None
        assert where is not None
        old, rtc = self.rtc, RtcClient(self._cluster.base(where["url"]), self.token)
        lost = self._watch_events(rtc)
        try:
            async with asyncio.timeout(MOVE_WITHIN_S):
                await self._connect(rtc, old.joined["resumeToken"])
                if rtc.joined["isSettling"]:
                    await rtc.wait_event("room_settled")
        except (NotConnected, Refused, TimeoutError, OSError):
            self._leaving.spawn(self._drop(rtc), "a move that failed")
            return
        self.rtc, self._lost = rtc, lost
        self.moves += 1
        self._leaving.spawn(self._leave_later(old), "goodbye")

    def _watch_events(self, rtc: RtcClient) -> asyncio.Event:
        """An event that the loss of this connection sets."""
        lost = asyncio.Event()

        async def gone(*_: object) -> None:
            lost.set()
            self._news.set()

        async def moving(event: Mapping[str, Any]) -> None:
            if rtc is self.rtc and self.follows:
                self._target = event["node"]
                self._is_to_look = self._target is None
                self._news.set()

        rtc.socket.on("disconnect", gone, namespace="/rooms")
        rtc.on_event = {"room_moving": moving, "room_closed": gone}
        return lost

    async def _connect(self, rtc: RtcClient, resume: str | None) -> None:
        await rtc.connect(CONNECT_WITHIN_S)
        token: dict[str, Any] = {"resumeToken": resume} if resume else {}
        await rtc.join(self.room_id, clip=self._clip, **token)
        rtc.receiver.on_packet = lambda log, at_ns: self._note(rtc, log, at_ns)
        if rtc.publisher is not None:
            self._pacer.add(rtc.publisher)

    def _note(self, rtc: RtcClient, log: SlotLog, at_ns: int) -> None:
        who = rtc.slots.get(log.mid)
        if rtc is self.rtc and who is not None:
            self.heard.note(who, at_ns)

    async def _leave_later(self, rtc: RtcClient) -> None:
        """Others may still play what this one sends there."""
        await asyncio.sleep(OLD_KEPT_S)
        await self._drop(rtc)

    async def _drop(self, rtc: RtcClient) -> None:
        if rtc.publisher is not None:
            self._pacer.discard(rtc.publisher)
        await rtc.aclose()


async def everybody_has_moved(people: Sequence[Person], within_s: float) -> None:
    """Waits until everybody has followed their room once. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not all(person.moves for person in people):  # noqa: ASYNC110 - packets make no event
            await asyncio.sleep(0.02)


async def everybody_is_elsewhere(people: Sequence[Person], within_s: float) -> None:
    """Waits until everybody has followed their room or come back once. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not all(person.moves or person.returns for person in people):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)


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


@dataclass(frozen=True, slots=True)
class Group:
    """The people of a room."""

    people: list[Person]
    talking: list[Person]

    @property
    def node(self) -> str:
        return self.people[0].node_id.partition("-")[0]

    @property
    def seats(self) -> list[str]:
        return [person.id for person in self.people]

    @property
    def lost(self) -> int:
        return sum(log.lost for person in self.people for log in person.rtc.receiver.slots.values())

    def silences(self, since_ns: int) -> list[float]:
        """Seconds from then until each person heard all who talk."""
        heard = (
            max(person.hears_since_ns(other) for other in self.talking if other is not person)
            for person in self.people
        )
        return [(ns - since_ns) / 1e9 for ns in heard]

    def begin(self) -> None:
        """Count silences, returns and moves from now on."""
        for person in self.people:
            person.heard.begin()
            person.returns = person.moves = 0

    def gaps(self) -> list[float]:
        """The longest silence (s) of each person who talks to each other person since `begin`, without the
        time between two packets."""
        ids = {person.id for person in self.talking}
        silences = (ns for person in self.people for who, ns in person.heard.silences.items() if who in ids)
        return [max(0.0, ns / 1e9 - PACKET_EVERY_S) for ns in silences]


class Servers(Entry, Protocol):
    """`Cluster`: `url_of` is the address of a server by its name."""

    def url_of(self, name: str) -> str: ...


async def open_group(
    stack: AsyncExitStack, cluster: Servers, pacer: Pacer, node: str, size: int, talking: int
) -> Group:
    """People in a room of that server, of whom some talk. They leave with `stack`."""
    async with RestClient(cluster.url_of(node)) as rest:
        tokens = [await rest.guest(f"P{i}") for i in range(size)]
        room = await rest.create_room(tokens[0])
    people = [Person(cluster, pacer, token, CLIP if i < talking else None) for i, token in enumerate(tokens)]
    for person in people:
        stack.push_async_callback(person.aclose)
        await person.join(room["id"])
    for person in people[:talking]:
        await person.rtc.set_muted(False)
    return Group(people, people[:talking])
