"""Takes over rooms of dead servers for which nobody asks, so that they close in time and can be found."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from server.cluster.beats import BeatLog
from server.cluster.nodes import NodeInfo
from server.cluster.rendezvous import ranked
from server.cluster.takeover import Takeover
from server.common.tasks import Ticker
from server.errors import ParlorError

ORPHANED_AFTER_S = 5.0
"""Since the last beat. People who were in the room have asked by then."""
_EVERY_S = 1.0
_ENDED_EVERY_S = 5.0
"""For servers without beats: Redis was away, or they ended long ago."""
RoomsOf = Callable[[str], Awaitable[Sequence[str]]]
RoomsOfEnded = Callable[[], Awaitable[Sequence[tuple[str, str]]]]
_log = logging.getLogger(__name__)


class Orphans:
    """`start`, then `aclose`. `rooms_of` names some rooms of a server, as stored; `rooms_of_ended` some whose
    server's lease has ended, each with the server."""

    def __init__(
        self,
        own: Callable[[], NodeInfo],
        rooms_of: RoomsOf,
        rooms_of_ended: RoomsOfEnded,
        beats: BeatLog,
        takeover: Takeover,
        clock: Callable[[], float],
    ) -> None:
        self._own = own
        self._rooms_of = rooms_of
        self._rooms_of_ended = rooms_of_ended
        self._looked_at = float("-inf")
        self._beats = beats
        self._takeover = takeover
        self._clock = clock
        self._ticker = Ticker("orphans", _EVERY_S, self.tick)

    def start(self) -> None:
        self._ticker.start()

    async def tick(self) -> None:
        """The ticker calls this, as do tests that own the clock."""
        if self._own().status != "ok":
            return
        now = self._clock()
        live = [info.id for info in self._beats.live(now) if info.status == "ok"]
        try:
            for node_id in list(self._beats.known):
                if (self._beats.age_of(node_id, now) or 0.0) > ORPHANED_AFTER_S:
                    await self._take(live, [(room_id, node_id) for room_id in await self._rooms_of(node_id)])
            if now - self._looked_at >= _ENDED_EVERY_S:
                self._looked_at = now
                await self._take(live, await self._rooms_of_ended())
        except ParlorError as error:
            _log.warning("rooms of dead servers not taken: %s", error.code)

    async def aclose(self) -> None:
        await self._ticker.aclose()

    async def _take(self, live: Sequence[str], rooms: Sequence[tuple[str, str]]) -> None:
        """Each of the live servers takes those that rendezvous hashing gives it, if their server is dead."""
        own_id = self._own().id
        for room_id, node_id in rooms:
            if ranked(room_id, [other for other in live if other != node_id])[:1] == [own_id]:
                await self._takeover.locate(room_id, node_id)
