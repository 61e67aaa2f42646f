"""A participant's media connection: its two sides, and what it takes to believe a datagram."""

from __future__ import annotations

from server.sfu.forwarding.publisher import Publisher
from server.sfu.forwarding.room import RoomAudio
from server.sfu.forwarding.srtp import SrtpReceiver
from server.sfu.forwarding.subscriber import Subscriber
from server.sfu.loop import Address, Handle, PeerMedia

PROOF_SECONDS = 0.500
"""How often an authentic packet is looked for and reported."""
MAX_RTCP_SOURCES = 40
"""Firefox reports each m-line from an SSRC of its own; each costs libsrtp a stream, for good."""
ASSUMED_ROUND_TRIP = 0.100


class Peer:
    def __init__(self, handle: Handle, media: PeerMedia, room: RoomAudio, subscriber: Subscriber) -> None:
        self.handle = handle
        self.media = media
        self.room = room
        self.publisher = Publisher(media)
        self.subscriber = subscriber
        self.receiver: SrtpReceiver | None = None
        self.round_trip = ASSUMED_ROUND_TRIP
        self.report_at = 0.0
        self._address: Address | None = None
        self._proved_at = float("-inf")
        self._rtcp_sources: set[bytes] = set()

    def close(self, now: float) -> None:
        """Let go of the sessions and of every slot, at once and without the garbage collector's help."""
        self.receiver = None
        for slot in tuple(self.publisher.slots):
            slot.carry(None, now)
        self.subscriber.close(now)

    @property
    def rtcp_ssrc(self) -> int:
        """Ours, towards this peer."""
        slots = self.media.slot_ssrcs
        return slots[0] if slots else 1

    def wants_proof(self, address: Address, now: float) -> bool:
        """Whether an authentic packet would tell something new: another address, or life after 500 ms.

        A muted peer's packets are decrypted for this alone. It also keeps libsrtp's rollover counter in step:
        numbers that pass unseen for 2^15 packets (11 minutes) could not be decrypted after unmute.
        """
        return address != self._address or now - self._proved_at >= PROOF_SECONDS

    def prove(self, address: Address, now: float) -> None:
        self._address, self._proved_at = address, now

    def knows_rtcp_source(self, ssrc: bytes) -> bool:
        return ssrc in self._rtcp_sources or len(self._rtcp_sources) < MAX_RTCP_SOURCES

    def remember_rtcp_source(self, ssrc: bytes) -> None:
        self._rtcp_sources.add(ssrc)
