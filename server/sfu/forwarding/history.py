"""The last packets of a publisher, kept once for all slots that carry it.

The history answers subscribers' NACKs, finds duplicates and supplies RED's redundancy.
"""

from __future__ import annotations

from server.sfu.data_plane import OPUS_PAYLOAD_TYPE
from server.sfu.forwarding import red

SIZE = 128
"""2.5 s of 20 ms packets: no listener waits longer for one. Below libsrtp's window of 256, outside of which a
packet cannot be encrypted again."""


class Packet:
    """A publisher's packet, ready for every slot: only sequence number, timestamp and SSRC are missing.

    `tail` is everything after the fixed header: one CSRC, the header extension, and the payload, which begins
    at `payload_at`. `red_tail` is the same with the payload as RED, made when first needed and then kept:
    what was sent once under a number must be sent the same again.
    """

    __slots__ = ("first_byte", "marker", "payload_at", "red_tail", "sequence", "tail", "timestamp")

    def __init__(
        self, sequence: int, timestamp: int, marker: bool, csrc: bytes, extension: bytes, payload: bytes
    ) -> None:
        self.sequence = sequence
        self.timestamp = timestamp
        self.marker = marker
        self.first_byte = 0x91 if extension else 0x81  # version 2, extension or none, one CSRC
        self.tail = csrc + extension + payload
        self.payload_at = len(csrc) + len(extension)
        self.red_tail: bytes | None = None

    @property
    def payload(self) -> bytes:
        return self.tail[self.payload_at :]


class PacketHistory:
    """A ring, indexed by sequence number."""

    def __init__(self) -> None:
        self._ring: list[Packet | None] = [None] * SIZE
        self._top = -1

    def add(self, packet: Packet) -> bool:
        """False if it is a duplicate, or too old to know."""
        if packet.sequence <= self._top - SIZE or self.get(packet.sequence) is not None:
            return False
        self._ring[packet.sequence % SIZE] = packet
        self._top = max(self._top, packet.sequence)
        return True

    def red_tail(self, packet: Packet, *, alone: bool) -> bytes:
        """The tail as RED with its predecessor's payload; `alone` without it, for a slot's first packet."""
        if alone:
            return _as_red(packet, None)
        if packet.red_tail is None:
            packet.red_tail = _as_red(packet, self.get(packet.sequence - 1))
        return packet.red_tail

    def get(self, sequence: int) -> Packet | None:
        packet = self._ring[sequence % SIZE]
        return packet if packet is not None and packet.sequence == sequence else None


def _as_red(packet: Packet, previous: Packet | None) -> bytes:
    redundant = None if previous is None else previous.payload
    offset = 0 if previous is None else packet.timestamp - previous.timestamp
    payload = red.encapsulate(OPUS_PAYLOAD_TYPE, packet.payload, redundant, offset)
    return packet.tail[: packet.payload_at] + payload
