"""A jitter buffer for a recogniser: puts packets in order and decides when to stop waiting for one.

A recogniser needs no even pace, so packets in order leave at once, and only a gap delays the packets after
it, by at most MAX_WAIT_S. A fixed delay of 40 ms would be paid by every turn. Pure: `now` is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.common.rtp import MAX_DROPOUT, RtpPacket, unwrap16

MAX_WAIT_S = 0.06
"""Longest wait for a missing packet, counted from the arrival of the one after it."""
NACK_INTERVAL_S = 0.025
MAX_NACKS = 2
MAX_HELD = 50
"""Packets (1 s) behind a gap; more means that the stream has restarted."""


@dataclass(frozen=True, slots=True)
class Gap:
    """`count` packets were lost. `next_packet` follows them and may carry FEC for the last of them."""

    count: int
    next_packet: RtpPacket


class JitterBuffer:
    def __init__(self) -> None:
        self._held: dict[int, tuple[RtpPacket, float]] = {}
        self._next = -1
        self._nacked: dict[int, tuple[int, float]] = {}

    @property
    def is_waiting(self) -> bool:
        return bool(self._held)

    def put(self, packet: RtpPacket, now: float) -> None:
        """Late packets and duplicates are dropped."""
        if self._next < 0:
            self._next = packet.sequence
        number = unwrap16(packet.sequence, self._next)
        if not -MAX_DROPOUT < number - self._next < MAX_HELD:
            self.clear()
            self._next = number = packet.sequence
        if number >= self._next:
            self._held.setdefault(number, (packet, now))

    def take(self, now: float) -> list[RtpPacket | Gap]:
        """The packets that are in order by now, and the gaps that are not waited for any longer."""
        ready: list[RtpPacket | Gap] = []
        while self._held:
            found = self._held.pop(self._next, None)
            if found is not None:
                ready.append(found[0])
                self._nacked.pop(self._next, None)
                self._next += 1
                continue
            if now - min(at for _, at in self._held.values()) < MAX_WAIT_S:
                break
            then = min(self._held)
            ready.append(Gap(then - self._next, self._held[then][0]))
            self._next = then
            self._nacked = {n: asked for n, asked in self._nacked.items() if n > then}
        return ready

    def due_nacks(self, now: float) -> list[int]:
        """Sequence numbers to NACK now."""
        if not self._held:
            return []
        due: list[int] = []
        for number in range(self._next, max(self._held)):
            times, at = self._nacked.get(number, (0, -1.0))
            if number in self._held or times >= MAX_NACKS or now - at < NACK_INTERVAL_S:
                continue
            self._nacked[number] = (times + 1, now)
            due.append(number & 0xFFFF)
        return due

    def clear(self) -> None:
        """Start again with the next packet."""
        self._held.clear()
        self._nacked.clear()
        self._next = -1
