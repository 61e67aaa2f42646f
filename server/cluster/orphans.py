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
_log = logging.getLogger(__name__)


class Orphans:
    """`start`, then `aclose`. `rooms_of` names some rooms of a server, as stored."""

    def __init__(
        self,
        own: Callable[[], NodeInfo],
        rooms_of: Callable[[str], Awaitable[Sequence[str]]],
        beats: BeatLog,
        takeover: Takeover,
        clock: Callable[[], float],
    ) -> None:
        self._own = own
        self._rooms_of = rooms_of
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
        for node_id in list(self._beats.known):
            if (self._beats.age_of(node_id, now) or 0.0) > ORPHANED_AFTER_S:
                await self._take_from(node_id, live)

    async def aclose(self) -> None:
        await self._ticker.aclose()

    async def _take_from(self, node_id: str, live: Sequence[str]) -> None:
        """Each of the live servers takes those that rendezvous hashing gives it."""
        own_id = self._own().id
        try:
            for room_id in await self._rooms_of(node_id):
                if ranked(room_id, live)[:1] == [own_id]:
                    await self._takeover.locate(room_id, node_id)
        except ParlorError as error:
            _log.warning("rooms of a dead server not taken: %s", error.code, extra={"other": node_id})
