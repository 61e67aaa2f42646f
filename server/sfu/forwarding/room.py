"""What is decided among the people of a room: who dominates, and who is loud enough to be forwarded."""

from __future__ import annotations

from server.sfu.forwarding.dominant import DominantSpeaker
from server.sfu.forwarding.loudest import LoudestSelector
from server.sfu.loop import Handle


class RoomAudio:
    def __init__(self, room_id: str, forward_loudest: int) -> None:
        self.id = room_id
        self.members: set[Handle] = set()
        self.dominant = DominantSpeaker()
        self.loudest = LoudestSelector(forward_loudest)

    def forget(self, peer: Handle) -> bool:
        """On leaving and on mute. True if this peer was dominant."""
        self.loudest.forget(peer)
        return self.dominant.forget(peer)
