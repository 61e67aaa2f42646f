"""The sending side of a peer: from a decrypted packet to packets ready for every slot."""

from __future__ import annotations

from dataclasses import dataclass

from server.common import rtp
from server.common.rtp import SILENCE_LEVEL, RtpPacket
from server.common.token_bucket import TokenBucket
from server.sfu.data_plane import AUDIO_LEVEL_EXTENSION_ID, AnsweredMedia, PeerMedia
from server.sfu.forwarding import red
from server.sfu.forwarding.drops import Drop
from server.sfu.forwarding.history import Packet, PacketHistory
from server.sfu.forwarding.levels import SpeakingDetector, is_dtx, level_from_size
from server.sfu.forwarding.mute import (
    SILENCE_FRAME,
    SILENCE_FRAMES,
    SILENT_LEVEL,
    Effect,
    Gate,
    MuteGate,
    Signal,
)
from server.sfu.forwarding.nack import NackGenerator
from server.sfu.forwarding.reception import Reception
from server.sfu.forwarding.slot import Slot
from server.sfu.forwarding.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Parsed:
    """A decrypted, well-formed packet. `redundant` holds earlier payloads with their offsets, oldest first.
    `level` in −dBov."""

    packet: RtpPacket
    payload: bytes
    redundant: list[red.Block]
    level: int


PACKETS_PER_SECOND, PACKET_BURST = 200.0, 400.0
"""Browsers send 50, at most 100 (minptime=10); the burst is what a radio link delivers after a gap of 8 s."""


class Publisher:
    def __init__(self, media: PeerMedia) -> None:
        self.csrc = media.number.to_bytes(4)
        self.slots: list[Slot] = []
        self.history = PacketHistory()
        self.gate = MuteGate(media.is_muted)
        self.speaking = SpeakingDetector()
        self.nack = NackGenerator()
        self.reception = Reception(media.track.clock_rate)
        self.arrivals = TokenBucket(PACKETS_PER_SECOND, PACKET_BURST)
        self.ssrc: int | None = None
        self._timeline = Timeline(media.track)
        self._answer = AnsweredMedia(ssrc=None)
        self._level_id: int | None = None
        self._wire_ssrc = b""

    def set_answer(self, answer: AnsweredMedia) -> None:
        self._answer = answer
        self._level_id = AUDIO_LEVEL_EXTENSION_ID if answer.has_levels else None
        if answer.ssrc != self.ssrc:
            self.ssrc = answer.ssrc
            self._wire_ssrc = b"" if answer.ssrc is None else (answer.ssrc & 0xFFFF_FFFF).to_bytes(4)
            self.interrupt()

    def refuses(self, datagram: bytes) -> Drop | None:
        """Why an RTP packet is dropped before it is decrypted; None to accept it."""
        if datagram[8:12] != self._wire_ssrc:
            return Drop.SSRC
        payload_type = datagram[1] & 0x7F
        if payload_type not in (self._answer.opus_payload_type, self._answer.red_payload_type):
            return Drop.PAYLOAD_TYPE
        return None

    def parse(self, data: bytes) -> Parsed | None:
        """A decrypted packet, or None if it is malformed."""
        packet = rtp.parse(data, self._level_id)
        if packet is None:
            return None
        if packet.payload_type != self._answer.red_payload_type:
            return Parsed(packet, packet.payload, [], _level(packet, len(packet.payload)))
        blocks = red.parse(packet.payload)
        if blocks is None or any(block.payload_type != self._answer.opus_payload_type for block in blocks):
            return None
        payload = blocks.pop().payload
        return Parsed(packet, payload, blocks, _level(packet, len(payload)))

    def note_arrival(self, packet: RtpPacket, now: float) -> None:
        """For reports and NACKs."""
        repaired = self.nack.on_packet(packet.sequence, now)
        self.reception.on_packet(packet.sequence, packet.timestamp, now, repaired=repaired)

    def assign_sequence(self, parsed: Parsed, now: float) -> list[Packet] | Drop:
        """Place a packet on the timeline, after the lost packets that its redundancy recovers."""
        source = parsed.packet
        position = self._timeline.place(source.sequence, source.timestamp, now)
        if position is None:
            return Drop.OLD
        packets = self._refill(parsed, position.sequence, position.timestamp) if parsed.redundant else []
        marker = source.marker or position.begins
        packet = Packet(
            position.sequence, position.timestamp, marker, self.csrc, source.extension, parsed.payload
        )
        if self.history.add(packet):
            packets.append(packet)
        return packets or Drop.DUPLICATE

    def apply(self, effect: Effect, now: float) -> list[Packet]:
        """Carry out the gate's effect: returns the frames of silence that close the stream."""
        if effect is Effect.RESUME:
            self.interrupt()
        if effect is not Effect.FINISH or not self._timeline.is_flowing(now):
            return []
        return [self._silence() for _ in range(SILENCE_FRAMES)]

    def interrupt(self) -> None:
        """The next packet does not continue the stream."""
        self._timeline.interrupt()
        self.nack.restart()
        self.reception.restart()

    def skip(self) -> None:
        """A packet is not forwarded: the next forwarded one continues without a gap."""
        self._timeline.interrupt()

    def note_level(self, level: int, now: float) -> Effect:
        """Pass a packet's level to the gate: a silent one ends the wait for the last word."""
        if self.gate.state is Gate.CLOSING and level >= SILENT_LEVEL:
            return self.gate.signal(Signal.SILENCE, now)
        return self.gate.check(now)

    def downlink_loss(self, now: float) -> float:
        """Loss of its worst subscriber, 0 to 1."""
        return max((slot.loss(now) for slot in self.slots), default=0.0)

    def _refill(self, parsed: Parsed, sequence: int, timestamp: int) -> list[Packet]:
        """Redundant payloads belong to the packets directly before: RFC 2198 carries no sequence numbers."""
        packets = []
        for distance, block in zip(range(len(parsed.redundant), 0, -1), parsed.redundant, strict=True):
            self.nack.resolve((parsed.packet.sequence - distance) & 0xFFFF)
            if not block.payload or block.offset == 0 or sequence - distance < self._timeline.first:
                continue
            packet = Packet(
                sequence - distance, timestamp - block.offset, False, self.csrc, b"", block.payload
            )
            if self.history.add(packet):
                packets.append(packet)
        return packets

    def _silence(self) -> Packet:
        position = self._timeline.append_frame()
        packet = Packet(position.sequence, position.timestamp, False, self.csrc, b"", SILENCE_FRAME)
        self.history.add(packet)
        return packet


def _level(packet: RtpPacket, payload_size: int) -> int:
    if packet.level is not None:
        return packet.level
    return SILENCE_LEVEL if is_dtx(payload_size) else level_from_size(payload_size)
