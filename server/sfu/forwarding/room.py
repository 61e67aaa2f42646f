"""Audio state of a room: its dominant speaker, and loudest-k forwarding.

Where a node forwards only the loudest, energy is smoothed as in Jitsi's ranking (half of it is the newest
level) and expires 150 ms after the last packet, so that a publisher who falls silent makes room within a
syllable.
"""

from __future__ import annotations

from server.sfu.data_plane import Handle
from server.sfu.forwarding.dominant import DominantSpeakerDetector

EXPIRY_SECONDS = 0.150


class LoudestSelector:
    """`count` 0 selects everyone."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._energies: dict[Handle, tuple[float, float]] = {}

    def admits(self, peer: Handle, level: int, now: float) -> bool:
        """Note a packet's level (−dBov). Returns whether the packet is forwarded."""
        if self._count == 0:
            return True
        energy, heard = self._energies.get(peer, (0.0, now))
        if now - heard > EXPIRY_SECONDS:
            energy = 0.0
        energy = (energy + 127 - level) / 2
        self._energies[peer] = (energy, now)
        louder = sum(
            other_energy > energy and now - other_heard <= EXPIRY_SECONDS
            for other, (other_energy, other_heard) in self._energies.items()
            if other != peer
        )
        return louder < self._count

    def forget(self, peer: Handle) -> None:
        self._energies.pop(peer, None)


class RoomAudio:
    def __init__(self, room_id: str, forward_loudest: int) -> None:
        self.id = room_id
        self.members: set[Handle] = set()
        self.dominant = DominantSpeakerDetector()
        self.loudest = LoudestSelector(forward_loudest)

    def forget(self, peer: Handle) -> bool:
        """On leaving and on mute. True if this peer was dominant."""
        self.loudest.forget(peer)
        return self.dominant.forget(peer)
