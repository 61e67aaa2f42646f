"""Takes over rooms of dead servers for which nobody asks, so that they close in time and can be found."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from server.cluster.beats import BeatLog
from server.cluster.nodes import NodeInfo
from server.cluster.takeover import Takeover
from server.common.rendezvous import ranked
from server.common.tasks import Ticker
from server.errors import ParlorError, RoomNotFound

ORPHANED_AFTER_S = 5.0
"""Since the last beat. People who were in the room have asked by then."""
_EVERY_S = 1.0
_ENDED_EVERY_S = 5.0
"""For servers without beats: Redis was away, or they ended long ago."""
_AT_ONCE = 16
_RETRY_AFTER_S = 5.0
"""For a room that could not be taken."""
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
        self._retry_at: dict[str, float] = {}
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
        self._retry_at = {room_id: at for room_id, at in self._retry_at.items() if at > now}
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
        share: defaultdict[str, list[str]] = defaultdict(list)
        for room_id, node_id in rooms:
            is_mine = ranked(room_id, [other for other in live if other != node_id])[:1] == [own_id]
            if is_mine and room_id not in self._retry_at:
                share[node_id].append(room_id)
        await asyncio.gather(*(self._take_of(node_id, room_ids) for node_id, room_ids in share.items()))

    async def _take_of(self, node_id: str, room_ids: Sequence[str]) -> None:
        """One verdict serves all rooms of a server. Raises Unavailable."""
        if not await self._is_dead(node_id, room_ids):
            return
        limit = asyncio.Semaphore(_AT_ONCE)

        async def take(room_id: str) -> str | None:
            async with limit:
                return await self._take_one(room_id, node_id)

        failures = [code for code in await asyncio.gather(*map(take, room_ids)) if code is not None]
        if failures:
            _log.warning(
                "%d rooms of a dead server not taken: %s",
                len(failures),
                failures[0],
                extra={"other": node_id},
            )

    async def _is_dead(self, node_id: str, room_ids: Sequence[str]) -> bool:
        """By the first of the rooms that still exists. Raises Unavailable."""
        for room_id in room_ids:
            with suppress(RoomNotFound):
                return await self._takeover.is_dead(node_id, room_id)
        return False

    async def _take_one(self, room_id: str, node_id: str) -> str | None:
        """The code of the error if the room was not taken; then it is tried again later."""
        try:
            await self._takeover.take(room_id, node_id)
        except RoomNotFound:
            return None
        except ParlorError as error:
            code = error.code
        except Exception:  # noqa: BLE001 - the other rooms must not suffer
            _log.exception("room of a dead server not taken", extra={"room_id": room_id})
            code = "internal"
        else:
            return None
        self._retry_at[room_id] = self._clock() + _RETRY_AFTER_S
        return code
