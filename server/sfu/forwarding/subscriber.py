"""The receiving side of a peer: its destination, its outbound session and its slots."""

from __future__ import annotations

from collections.abc import Sequence

from server.common.rtcp import Nack, RtcpReport
from server.common.token_bucket import TokenBucket
from server.sfu.data_plane import DataPlaneCounters, Path, Send
from server.sfu.forwarding.drops import Drop
from server.sfu.forwarding.slot import Slot
from server.sfu.forwarding.srtp import SrtpSender

RETRANSMISSIONS_PER_SECOND = 300.0
RETRANSMISSION_BURST = 150.0
"""Twelve slots that lose a fifth of 50 packets a second ask for 120."""


class Subscriber:
    def __init__(self, slot_ssrcs: Sequence[int], send: Send, counters: DataPlaneCounters) -> None:
        self.slots = [Slot(ssrc, self) for ssrc in slot_ssrcs]
        self.wants_red = False
        self.is_ready = False
        """Whether it has a session and a destination."""
        self._by_ssrc = {slot.ssrc: slot for slot in self.slots}
        self._send = send
        self._counters = counters
        self._srtp: SrtpSender | None = None
        self._destination: Path | None = None
        self._retransmissions = TokenBucket(RETRANSMISSIONS_PER_SECOND, RETRANSMISSION_BURST)

    def set_sender(self, srtp: SrtpSender) -> None:
        self._srtp = srtp
        self._check_ready()

    def set_destination(self, path: Path | None) -> None:
        self._destination = path
        self._check_ready()

    def close(self, now: float) -> None:
        self._srtp = None
        self.set_destination(None)
        for slot in self.slots:
            slot.carry(None, now)
        self.slots = []
        self._by_ssrc = {}

    def set_wants_red(self, wants_red: bool) -> None:
        if wants_red != self.wants_red:
            self.wants_red = wants_red
            self._interrupt()

    def send_rtp(
        self, first: int, second: int, sequence: int, timestamp: int, ssrc: int, tail: bytes
    ) -> Drop | None:
        if self._srtp is None or self._destination is None:
            return Drop.NO_DESTINATION
        data = self._srtp.protect(first, second, sequence, timestamp, ssrc, tail)
        if data is None:
            return Drop.PROTECT
        counters = self._counters
        counters.packets_out += 1
        counters.bytes_out += len(data)
        self._send(data, self._destination)
        return None

    def send_rtcp(self, packet: bytes) -> None:
        if self._srtp is None or self._destination is None:
            return
        data = self._srtp.protect_rtcp(packet)
        if data is not None:
            self._counters.bytes_out += len(data)
            self._send(data, self._destination)

    def on_report(self, report: RtcpReport, now: float) -> None:
        for block in report.blocks:
            slot = self._by_ssrc.get(block.ssrc)
            if slot is not None:
                slot.on_report(block, now)

    def on_nack(self, nack: Nack, now: float) -> None:
        slot = self._by_ssrc.get(nack.ssrc)
        if slot is None:
            return
        for sequence in nack.sequences:
            if not self._retransmissions.try_take(now):
                return
            slot.retransmit(sequence)

    def loss(self, now: float) -> float:
        """Loss of its worst slot, 0 to 1."""
        return max((slot.loss(now) for slot in self.slots), default=0.0)

    def jitter(self, now: float) -> float:
        """Jitter of its worst slot, in seconds."""
        return max((slot.jitter(now) for slot in self.slots), default=0.0)

    def has_reported(self, now: float) -> bool:
        return any(slot.is_reported(now) for slot in self.slots)

    def _check_ready(self) -> None:
        was_ready, self.is_ready = self.is_ready, self._srtp is not None and self._destination is not None
        if was_ready and not self.is_ready:
            self._interrupt()

    def _interrupt(self) -> None:
        for slot in self.slots:
            slot.interrupt()
