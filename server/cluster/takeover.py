"""Finds the server that has a room, and gives the rooms of dead servers to live ones.

It happens when a client that has lost its server asks: clients that still hear the others ask nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress

from server.cluster.beats import BeatLog
from server.cluster.nodes import NodeInfo
from server.cluster.peers import Peers
from server.cluster.verdicts import LEASE_ENDS_AFTER_S, SILENT_AFTER_S, Evidence, Probe, Verdict, judge
from server.common.rendezvous import ranked
from server.common.shared_calls import SharedCalls
from server.errors import RoomNotFound, Unavailable
from server.protocol.entities import RoomNode
from server.rooms.handoff import Handoff
from server.rooms.ports import RoomOwner

VERDICT_WITHIN_S = 1.5
STORED_WITHIN_S = 1.0
PROBE_AGAIN_AFTER_S = 0.05
_CANDIDATES = 3
_log = logging.getLogger(__name__)

OwnerOf = Callable[[str], Awaitable[RoomOwner | None]]
Adopt = Callable[[str, int, Handoff | None], Coroutine[None, None, None]]


class Takeover:
    """`own` gives this server's present state. `owner_of` asks PostgreSQL. `adopt` opens a room here if its
    epoch is still the given one. `observe` gets each verdict. Close it after use."""

    def __init__(
        self,
        own: Callable[[], NodeInfo],
        owner_of: OwnerOf,
        adopt: Adopt,
        beats: BeatLog,
        peers: Peers,
        clock: Callable[[], float],
        *,
        observe: Callable[[Verdict], None] = lambda _verdict: None,
    ) -> None:
        self._own = own
        self._owner_of = owner_of
        self._adopt = adopt
        self._beats = beats
        self._peers = peers
        self._clock = clock
        self._observe = observe
        self._verdicts = SharedCalls[str, Verdict]("verdict on")
        self._given = SharedCalls[str, None]("takeover of")
        self._adoptions = SharedCalls[str, None]("adoption of")

    async def locate(self, room_id: str, lost: str | None = None) -> RoomOwner:
        """The server to go to. `lost`: the id of a server that the client cannot reach; if it has the room,
        and is dead, the room moves first. Raises RoomNotFound, Unavailable."""
        owner = await (self._stored(room_id) if lost is None else self._stored_soon(room_id))
        if owner.node_id == self._own().id:
            return owner
        if lost != owner.node_id and self._seems_alive(owner):
            return owner
        verdict = await self._verdicts.run(owner.node_id, lambda: self._examine(owner))
        if not verdict.is_dead:
            return owner
        await self._given.run(room_id, lambda: self._give(room_id, owner))
        return await self._stored(room_id)

    async def is_dead(self, node_id: str, room_id: str) -> bool:
        """Whether the server is dead; False too if it does not have that room any more. Raises RoomNotFound,
        Unavailable."""
        owner = await self._stored(room_id)
        if owner.node_id != node_id:
            return False
        return (await self._verdicts.run(node_id, lambda: self._examine(owner))).is_dead

    async def has_died(self, node_id: str) -> bool:
        """Whether the server is known to be dead by its beats and its answers, whatever rooms it has."""
        nameless = RoomOwner(node_id, 0, "", "", 0.0)
        return (await self._verdicts.run(node_id, lambda: self._examine(nameless))).is_dead

    async def take(self, room_id: str, node_id: str) -> None:
        """Let a live server take a room of a server that is known to be dead. Raises RoomNotFound,
        Unavailable."""
        owner = await self._stored(room_id)
        if owner.node_id == node_id:
            await self._given.run(room_id, lambda: self._give(room_id, owner))

    async def adopt(self, room_id: str, epoch: int, handoff: Handoff | None = None) -> str:
        """Take the room if its epoch is still `epoch`. Returns the id of the server that has it then. Raises
        RoomNotFound, Unavailable."""
        if self._own().status != "ok":
            raise Unavailable
        await self._adoptions.run(room_id, lambda: self._adopt(room_id, epoch, handoff))
        return (await self._stored(room_id)).node_id

    async def give(self, room_id: str, handoff: Handoff) -> RoomNode:
        """Let another server take a room of this one. Returns that server. Raises RoomNotFound, and
        Unavailable if none does."""
        owner = await self._stored(room_id)
        if owner.node_id == self._own().id:
            with suppress(Unavailable):  # the answer of one that has taken it may be lost
                await self._give(room_id, owner, handoff)
            owner = await self._stored(room_id)
        if owner.node_id == self._own().id:
            raise Unavailable
        return RoomNode(node_id=owner.node_id, url=owner.url)

    async def aclose(self) -> None:
        """Idempotent."""
        for calls in (self._given, self._adoptions, self._verdicts):
            await calls.aclose()

    async def _stored(self, room_id: str) -> RoomOwner:
        owner = await self._owner_of(room_id)
        if owner is None:
            raise RoomNotFound
        return owner

    async def _stored_soon(self, room_id: str) -> RoomOwner:
        """A client that has lost its server hears nothing. If this server is cut off too, the next one that
        the client asks is not. Raises RoomNotFound, Unavailable."""
        try:
            async with asyncio.timeout(STORED_WITHIN_S):
                return await self._stored(room_id)
        except TimeoutError as error:
            raise Unavailable from error

    def _seems_alive(self, owner: RoomOwner) -> bool:
        age = self._beats.age_of(owner.node_id, self._clock())
        return owner.lease_age_s <= LEASE_ENDS_AFTER_S if age is None else age <= SILENT_AFTER_S

    async def _examine(self, owner: RoomOwner) -> Verdict:
        started = self._clock()
        probes: list[Probe] = []
        while True:
            probes.append(await self._probe(owner))
            now = self._clock()
            evidence = Evidence(
                tuple(probes),
                self._beats.age_of(owner.node_id, now),
                owner.lease_age_s,
                self._beats.own_since,
            )
            verdict = judge(evidence, now)
            if verdict is not Verdict.UNKNOWN or now - started >= VERDICT_WITHIN_S:
                _log.info("verdict: %s", verdict, extra={"other": owner.node_id, "epoch": owner.epoch})
                self._observe(verdict)
                return verdict
            await asyncio.sleep(PROBE_AGAIN_AFTER_S)

    async def _probe(self, owner: RoomOwner) -> Probe:
        known = self._beats.known.get(owner.node_id)
        url = known.internal_url if known is not None else owner.internal_url
        return await self._peers.probe(url, owner.node_id) if url else Probe.SILENT

    async def _give(self, room_id: str, owner: RoomOwner, handoff: Handoff | None = None) -> None:
        """Let a live server take the room. Raises Unavailable if none does."""
        own = self._own()
        live = {info.id: info for info in (*self._beats.live(self._clock()), own)}
        candidates = [i for i, info in live.items() if info.status == "ok" and i != owner.node_id]
        for node_id in ranked(room_id, candidates)[:_CANDIDATES]:
            try:
                if node_id == own.id:
                    await self.adopt(room_id, owner.epoch, handoff)
                else:
                    await self._peers.adopt(live[node_id].internal_url, room_id, owner.epoch, handoff)
            except Unavailable:
                continue
            return
        raise Unavailable
