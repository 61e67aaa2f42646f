"""A Media that opens no connections and records its calls."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from server.errors import MediaError, OfferUnknown, Unavailable
from server.protocol.rooms import Offer
from server.rooms.ports import PeerSpec


@dataclass
class FakeMedia:
    """`peers`: the open ones. `slots`, `muted` and `reached`: the last values. `is_down` refuses new peers.
    `opening` delays them; `waiting` counts those.
    """

    peers: dict[str, PeerSpec] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)
    muted: dict[str, bool] = field(default_factory=dict)
    slots: dict[str, tuple[str | None, ...]] = field(default_factory=dict)
    reached: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    is_down: bool = False
    opening: asyncio.Event | None = None
    waiting: int = 0
    _count: int = 0

    async def open(self, spec: PeerSpec) -> Offer:
        if self.opening is not None:
            self.waiting += 1
            await self.opening.wait()
            self.waiting -= 1
        if self.is_down:
            raise Unavailable
        self.calls.append(("open", spec.participant_id))
        self.peers[spec.participant_id] = spec
        self.reached[spec.participant_id] = spec.reached
        self.muted[spec.participant_id] = spec.is_muted
        self.slots.pop(spec.participant_id, None)
        return self._offer(spec.participant_id)

    async def restart_ice(self, participant_id: str, reached: str = "") -> Offer:
        self.calls.append(("restart_ice", participant_id))
        self.reached[participant_id] = reached
        if participant_id not in self.peers:
            raise MediaError
        return self._offer(participant_id)

    async def answer(self, participant_id: str, offer_id: str, sdp: str) -> None:
        self.calls.append(("answer", participant_id))
        if self.offers.get(participant_id) != offer_id:
            raise OfferUnknown
        del self.offers[participant_id]

    def set_muted(self, participant_id: str, muted: bool, *, at_once: bool) -> None:
        self.calls.append(("mute at once" if muted and at_once else f"mute {muted}", participant_id))
        if participant_id in self.peers:
            self.muted[participant_id] = muted

    def assign(self, subscriber_id: str, slots: Sequence[str | None]) -> None:
        if subscriber_id in self.peers:
            self.slots[subscriber_id] = tuple(slots)

    def close(self, participant_id: str) -> None:
        self.calls.append(("close", participant_id))
        for table in (self.peers, self.offers, self.muted, self.slots):
            table.pop(participant_id, None)

    def _offer(self, participant_id: str) -> Offer:
        self._count += 1
        offer = Offer(id=f"offer{self._count}", sdp=f"v=0 {participant_id}")
        self.offers[participant_id] = offer.id
        return offer
