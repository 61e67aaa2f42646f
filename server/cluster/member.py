"""This server as one of several that share their rooms: what starts, stops and answers for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from server.cluster.beats import Beats
from server.cluster.doubt import Doubt
from server.cluster.metrics import ClusterMetrics
from server.cluster.nodes import Link, NodeInfo, Status, cluster_token, fingerprint
from server.cluster.orphans import Orphans
from server.cluster.peers import Peers, from_peers
from server.cluster.placement import Placement
from server.cluster.redis_limits import RedisBuckets
from server.cluster.routes import add_routes
from server.cluster.takeover import Adopt, OwnerOf, Takeover
from server.cluster.tunnel import add_tunnel
from server.cluster.verdicts import Probe, ended_by
from server.errors import RoomNotFound
from server.http.hops import IS_HOP
from server.protocol.entities import RoomNode
from server.rooms.handoff import Handoff
from server.rooms.ports import RoomOwner

Give = Callable[[str, Handoff], Awaitable[RoomNode]]


class Running(Protocol):
    """The bus, as far as it is started and ended here: `RedisBus`."""

    async def start(self) -> None: ...

    async def aclose(self) -> None: ...


class Owners(Protocol):
    """PostgreSQL: which server has which room."""

    async def owner_of(self, room_id: str) -> RoomOwner | None: ...

    async def rooms_of(self, node_id: str) -> Sequence[str]:
        """Some rooms of that server."""
        ...

    async def rooms_of_ended(self) -> Sequence[tuple[str, str]]:
        """Some rooms of servers whose lease has ended, each with its server."""
        ...


@dataclass(frozen=True, slots=True)
class RoomsHere:
    """The rooms of this server. `find_elsewhere`: the other server that has a room, without a query for one
    that is open here. `find_lost` closes rooms that another server has taken, and returns whether it
    could ask. `in_doubt`: nobody can be asked. `hand_over` lets others take the rooms, each by a call of its
    argument."""

    find_elsewhere: OwnerOf
    adopt: Adopt
    find_lost: Callable[[], Awaitable[bool]]
    in_doubt: Callable[[], None]
    hand_over: Callable[[Give], Awaitable[None]]


class Member:
    """`start` before rooms are restored, `announce` once HTTP listens, then `aclose`. `internal_url` may be
    empty until then."""

    def __init__(  # noqa: PLR0913 - one argument for each collaborator
        self,
        link: Link,
        bus: Running,
        buckets: RedisBuckets,
        secret: str,
        *,
        node_id: str,
        url: str,
        internal_url: str,
        status: Callable[[], Status],
        owners: Owners,
        rooms: RoomsHere,
        load: Callable[[], float],
        clock: Callable[[], float],
        metrics: ClusterMetrics,
    ) -> None:
        self.node_id = node_id
        self.url = url
        self.internal_url = internal_url
        self._bus = bus
        self._buckets = buckets
        self._fingerprint = fingerprint(secret)
        self._token = cluster_token(secret)
        self._status = status
        self._load = load
        self._rooms = rooms
        self._clock = clock
        self._metrics = metrics
        self.peers = Peers(self._token)
        doubt = Doubt(rooms.find_lost, self._reaches_peers, rooms.in_doubt, clock)
        self.beats = Beats(link, self.info, clock, doubt.look)
        metrics.beats_from(self.beats.log)
        self.takeover = Takeover(
            self.info,
            owners.owner_of,
            self._adopt,
            self.beats.log,
            self.peers,
            clock,
            observe=metrics.judged,
        )
        self.placement = Placement(self.info, self.beats.log, self.peers, clock, observe=metrics.placed)
        metrics.load_from(load)
        self._orphans = Orphans(
            self.info, owners.rooms_of, owners.rooms_of_ended, self.beats.log, self.takeover, clock
        )

    def info(self) -> NodeInfo:
        status = self._status()
        load = self._load() if status == "ok" else 0.0  # the work of the start is not that of a server
        return NodeInfo(self.node_id, self.url, self.internal_url, self._fingerprint, status, load)

    def attach(self, app: web.Application) -> None:
        """Serve the other servers. Call it after the other middlewares are on `app`."""
        app.middlewares.append(from_peers(self._token))
        add_routes(app, self.info, self.takeover, self._token)
        add_tunnel(app, self.beats.log.find, self.peers)

    async def start(self) -> None:
        """Raises StartupError."""
        await self.beats.start()
        await self._bus.start()

    async def announce(self, internal_url: str) -> None:
        """Let the others know at once how to reach this server."""
        self.internal_url = internal_url
        await self.beats.tick()
        self._orphans.start()

    async def hand_over(self) -> None:
        """Before this server ends: let others take its rooms."""
        await self._orphans.aclose()
        await self._rooms.hand_over(self._give)

    async def pass_on(self, request: web.Request, room_id: str) -> web.Response | None:
        """The answer of the server that has the room; None if that is this one, there is no such room, or
        another server passed the request on already. Raises Unavailable."""
        if request.get(IS_HOP) or await self._rooms.find_elsewhere(room_id) is None:
            return None
        with suppress(RoomNotFound):
            owner = await self.takeover.locate(room_id)
            if owner.node_id != self.node_id and owner.internal_url:
                return await self.peers.forward(request, owner.internal_url)
        return None

    async def has_ended(self, internal_url: str, node_id: str) -> bool | None:
        """Whether the server of that id has ended, by one probe; None if that is not known."""
        return ended_by(await self.peers.probe(internal_url, node_id))

    async def _reaches_peers(self) -> bool:
        """Whether any other server answers."""
        others = [info for info in self.beats.log.known.values() if info.id != self.node_id]
        probes = await asyncio.gather(*(self.peers.probe(info.internal_url, info.id) for info in others))
        return Probe.ANSWERED in probes

    async def _adopt(self, room_id: str, epoch: int, handoff: Handoff | None) -> None:
        await self._rooms.adopt(room_id, epoch, handoff)
        self._metrics.taken_over(room_id)

    async def _give(self, room_id: str, handoff: Handoff) -> RoomNode:
        started = self._clock()
        has_moved = False
        try:
            node = await self.takeover.give(room_id, handoff)
            has_moved = True
        finally:
            self._metrics.moved(self._clock() - started, has_moved=has_moved)
        return node

    async def aclose(self) -> None:
        """Idempotent."""
        await self._orphans.aclose()
        await self.takeover.aclose()
        await self._bus.aclose()
        await self._buckets.aclose()
        await self.beats.aclose()
        await self.peers.aclose()
