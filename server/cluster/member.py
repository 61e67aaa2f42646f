"""This server as one of several that share their rooms: what starts, stops and answers for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from server.cluster.beats import Beats
from server.cluster.metrics import ClusterMetrics
from server.cluster.nodes import Link, NodeInfo, Status, cluster_token, fingerprint
from server.cluster.orphans import Orphans, RoomsOf, RoomsOfEnded
from server.cluster.peers import IS_HOP, Peers, from_peers
from server.cluster.routes import add_routes
from server.cluster.takeover import Adopt, OwnerOf, Takeover
from server.cluster.tunnel import add_tunnel
from server.errors import RoomNotFound


class Running(Protocol):
    """The bus, as far as it is started and ended here: `RedisBus`."""

    async def start(self) -> None: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class RoomsOfNode:
    """What the cluster needs of the rooms. `find_elsewhere`: the other server that has a room, without a
    query for one that is open here. `find_lost` closes rooms that another server has taken. `rooms_of` and
    `rooms_of_ended`: as in `Orphans`. `hand_over` lets others take the rooms, each by a call of its argument.
    """

    owner_of: OwnerOf
    find_elsewhere: OwnerOf
    adopt: Adopt
    find_lost: Callable[[], Awaitable[None]]
    rooms_of: RoomsOf
    rooms_of_ended: RoomsOfEnded
    hand_over: Callable[[Callable[[str], Awaitable[None]]], Awaitable[None]]


class Member:
    """`start` before rooms are restored, `announce` once HTTP listens, then `aclose`. `internal_url` may be
    empty until then."""

    def __init__(  # noqa: PLR0913 - one argument for each collaborator
        self,
        link: Link,
        bus: Running,
        secret: str,
        *,
        node_id: str,
        url: str,
        internal_url: str,
        status: Callable[[], Status],
        rooms: RoomsOfNode,
        clock: Callable[[], float],
        metrics: ClusterMetrics,
    ) -> None:
        self.node_id = node_id
        self.url = url
        self.internal_url = internal_url
        self._bus = bus
        self._fingerprint = fingerprint(secret)
        self._token = cluster_token(secret)
        self._status = status
        self._rooms = rooms
        self._clock = clock
        self._metrics = metrics
        self.peers = Peers(self._token)
        self.beats = Beats(link, self.info, clock, rooms.find_lost)
        metrics.beats_from(self.beats.log)
        self.takeover = Takeover(
            self.info,
            rooms.owner_of,
            rooms.adopt,
            self.beats.log,
            self.peers,
            clock,
            observe=metrics.judged,
        )
        self._orphans = Orphans(
            self.info, rooms.rooms_of, rooms.rooms_of_ended, self.beats.log, self.takeover, clock
        )

    def info(self) -> NodeInfo:
        return NodeInfo(self.node_id, self.url, self.internal_url, self._fingerprint, self._status())

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

    async def _give(self, room_id: str) -> None:
        started = self._clock()
        has_moved = False
        try:
            await self.takeover.give(room_id)
            has_moved = True
        finally:
            self._metrics.moved(self._clock() - started, has_moved=has_moved)

    async def aclose(self) -> None:
        """Idempotent."""
        await self._orphans.aclose()
        await self.takeover.aclose()
        await self._bus.aclose()
        await self.beats.aclose()
        await self.peers.aclose()
