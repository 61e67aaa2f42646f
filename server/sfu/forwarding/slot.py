"""A slot: one outgoing m-line of a subscriber, which carries one publisher at a time."""

from __future__ import annotations

import secrets
from typing import Protocol

from server.common.rtcp import ReportBlock
from server.sfu.data_plane import MICROPHONE, OPUS_PAYLOAD_TYPE, RED_PAYLOAD_TYPE, Track
from server.sfu.forwarding.drops import Drop
from server.sfu.forwarding.history import Packet, PacketHistory
from server.sfu.forwarding.mute import SILENCE_FRAME, SILENCE_FRAMES
from server.sfu.forwarding.reception import REPORT_VALID_SECONDS
from server.sfu.forwarding.rewriter import Mapping, Rewriter
from server.sfu.forwarding.timeline import FLOWING_SECONDS

_NO_EXTENSION = 0x81


class Source(Protocol):
    """A publisher as a slot sees it."""

    csrc: bytes
    slots: list[Slot]


class Egress(Protocol):
    """A subscriber as its slot sees it."""

    is_ready: bool
    wants_red: bool

    def send_rtp(
        self, first: int, second: int, sequence: int, timestamp: int, ssrc: int, tail: bytes
    ) -> Drop | None: ...


class Slot:
    def __init__(self, ssrc: int, subscriber: Egress, track: Track = MICROPHONE) -> None:
        self.ssrc = ssrc
        self.publisher: Source | None = None
        self.packets = 0
        self.octets = 0
        """Bytes of payload; both counters are for sender reports (RFC 3550 section 6.4.1)."""
        self._clock_rate = track.clock_rate
        self._subscriber = subscriber
        self._rewriter: Rewriter[PacketHistory] = Rewriter(
            track, 1 + secrets.randbelow(0x7FFE), secrets.randbits(32)
        )
        self._loss = 0.0
        self._jitter = 0.0
        self._reported_at = float("-inf")

    def carry(self, publisher: Source | None, now: float) -> None:
        """Carry the packets of this publisher from now on, or of none."""
        leaving = self.publisher
        if publisher is leaving:
            return
        if leaving is not None:
            leaving.slots.remove(self)
            if publisher is None:
                self._finish(leaving, now)
        if publisher is not None:
            publisher.slots.append(self)
        self.publisher = publisher
        self._reported_at = float("-inf")
        self._rewriter.interrupt()

    def interrupt(self) -> None:
        """Packets were not sent, or the format changes: continue without a gap."""
        self._rewriter.interrupt()

    def forward(self, packet: Packet, history: PacketHistory, now: float) -> Drop | None:
        rewriter = self._rewriter
        mapping = rewriter.mapping
        if mapping is None:
            if not self._subscriber.is_ready:
                return Drop.NO_DESTINATION
            red = self._subscriber.wants_red
            mapping = rewriter.begin(history, packet.sequence, packet.timestamp, now, red=red)
        numbers = rewriter.rewrite(packet.sequence, packet.timestamp, now)
        if numbers is None:
            return Drop.OLD
        return self._transmit(packet, mapping, numbers)

    def retransmit(self, outgoing: int) -> None:
        """Answer a NACK with the bytes sent under this number, if they are still in the history."""
        located = self._rewriter.locate(outgoing)
        if located is None:
            return
        mapping, sequence = located
        packet = mapping.source.get(sequence)
        if packet is not None:
            timestamp = (packet.timestamp + mapping.timestamp_offset) & 0xFFFF_FFFF
            self._transmit(packet, mapping, (outgoing, timestamp))

    def timestamp_at(self, now: float) -> int:
        """The RTP timestamp of `now`, for sender reports."""
        rewriter = self._rewriter
        return rewriter.top_timestamp + round((now - rewriter.top_time) * self._clock_rate)

    def on_report(self, block: ReportBlock, now: float) -> None:
        """The subscriber's report about this slot."""
        self._loss = block.fraction_lost / 256
        self._jitter = block.jitter / self._clock_rate
        self._reported_at = now

    def is_reported(self, now: float) -> bool:
        return now - self._reported_at < REPORT_VALID_SECONDS

    def loss(self, now: float) -> float:
        """As last reported, 0 to 1; 0 if that was too long ago."""
        return self._loss if self.is_reported(now) else 0.0

    def jitter(self, now: float) -> float:
        """Jitter in seconds, as last reported, like `loss`."""
        return self._jitter if self.is_reported(now) else 0.0

    def _transmit(
        self, packet: Packet, mapping: Mapping[PacketHistory], numbers: tuple[int, int]
    ) -> Drop | None:
        first = packet.sequence == mapping.first
        if mapping.red:
            payload_type, tail = RED_PAYLOAD_TYPE, mapping.source.red_tail(packet, alone=first)
        else:
            payload_type, tail = OPUS_PAYLOAD_TYPE, packet.tail
        second = payload_type | 0x80 if packet.marker or first else payload_type
        return self._send(packet.first_byte, second, numbers, tail, len(tail) - packet.payload_at)

    def _send(
        self, first: int, second: int, numbers: tuple[int, int], tail: bytes, octets: int
    ) -> Drop | None:
        self.packets += 1
        self.octets += octets
        return self._subscriber.send_rtp(first, second, numbers[0], numbers[1], self.ssrc, tail)

    def _finish(self, publisher: Source, now: float) -> None:
        """A publisher left while speaking: close the stream as mute does, without concealment."""
        if self._rewriter.mapping is None or now - self._rewriter.top_time > FLOWING_SECONDS:
            return
        tail = publisher.csrc + SILENCE_FRAME
        for _ in range(SILENCE_FRAMES):
            numbers = self._rewriter.append()
            self._send(_NO_EXTENSION, OPUS_PAYLOAD_TYPE, numbers, tail, len(SILENCE_FRAME))
