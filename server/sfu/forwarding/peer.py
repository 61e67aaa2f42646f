"""A participant's media connection: its two sides, and when it last sent something authentic."""

from __future__ import annotations

from server.sfu.data_plane import Handle, Path, PeerMedia
from server.sfu.forwarding.publisher import Publisher
from server.sfu.forwarding.room import RoomAudio
from server.sfu.forwarding.srtp import SrtpReceiver
from server.sfu.forwarding.subscriber import Subscriber

LIVENESS_SECONDS = 0.500
"""Interval at which an authentic packet is decrypted and reported for liveness."""
MAX_RTCP_SOURCES = 40
"""Firefox reports each m-line from an SSRC of its own; each takes libsrtp a stream for the session's life."""
ASSUMED_ROUND_TRIP = 0.100


class PeerStreams:
    def __init__(self, handle: Handle, media: PeerMedia, room: RoomAudio, subscriber: Subscriber) -> None:
        self.handle = handle
        self.media = media
        self.room = room
        self.publisher = Publisher(media)
        self.subscriber = subscriber
        self.receiver: SrtpReceiver | None = None
        self.round_trip = ASSUMED_ROUND_TRIP
        self.report_at = 0.0
        self._path: Path | None = None
        self._alive_at = float("-inf")
        self._rtcp_sources: set[bytes] = set()

    def close(self, now: float) -> None:
        """Release the sessions and every slot at once, without waiting for the garbage collector."""
        self.receiver = None
        for slot in tuple(self.publisher.slots):
            slot.carry(None, now)
        self.subscriber.close(now)

    @property
    def rtcp_ssrc(self) -> int:
        """Our SSRC in RTCP to this peer."""
        slots = self.media.slot_ssrcs
        return slots[0] if slots else 1

    def is_liveness_due(self, path: Path, now: float) -> bool:
        """Whether an authentic packet would show something new: another path, or life after 500 ms.

        A muted peer's packets are decrypted only for this. It also keeps libsrtp's rollover counter in step:
        after 2^15 packets that were not decrypted (11 minutes) none could be decrypted after unmute.
        """
        return path != self._path or now - self._alive_at >= LIVENESS_SECONDS

    def note_alive(self, path: Path, now: float) -> None:
        self._path, self._alive_at = path, now

    def knows_rtcp_source(self, ssrc: bytes) -> bool:
        return ssrc in self._rtcp_sources or len(self._rtcp_sources) < MAX_RTCP_SOURCES

    def remember_rtcp_source(self, ssrc: bytes) -> None:
        self._rtcp_sources.add(ssrc)
