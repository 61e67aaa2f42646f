"""Puts a stream's packets in order, and says when to stop waiting for one.

Nobody listens to what comes out but a recogniser, which needs no even pace: what is in order leaves at once,
and only a gap makes its followers wait, MAX_WAIT_S at most. So a turn pays for loss alone, not 40 ms always.
Pure: `now` is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.common.rtp import MAX_DROPOUT, RtpPacket, unwrap16

MAX_WAIT_S = 0.06
"""For a packet that is missing, from when its follower came."""
ASK_AGAIN_S = 0.025
MAX_ASKS = 2
MAX_HELD = 50
"""One second of packets; more behind one gap is a restart."""


@dataclass(frozen=True, slots=True)
class Gap:
    """`count` packets never came; `then` is the one after them, which may carry the last one's FEC."""

    count: int
    then: RtpPacket


class JitterBuffer:
    def __init__(self) -> None:
        self._held: dict[int, tuple[RtpPacket, float]] = {}
        self._next = -1
        self._asked: dict[int, tuple[int, float]] = {}

    @property
    def is_waiting(self) -> bool:
        return bool(self._held)

    def put(self, packet: RtpPacket, now: float) -> None:
        """Late ones and duplicates are dropped."""
        if self._next < 0:
            self._next = packet.sequence
        number = unwrap16(packet.sequence, self._next)
        if not -MAX_DROPOUT < number - self._next < MAX_HELD:
            self.clear()
            self._next = number = packet.sequence
        if number >= self._next:
            self._held.setdefault(number, (packet, now))

    def take(self, now: float) -> list[RtpPacket | Gap]:
        """All that is in order by now, with the gaps that nobody waits for any longer."""
        ready: list[RtpPacket | Gap] = []
        while self._held:
            found = self._held.pop(self._next, None)
            if found is not None:
                ready.append(found[0])
                self._asked.pop(self._next, None)
                self._next += 1
                continue
            if now - min(at for _, at in self._held.values()) < MAX_WAIT_S:
                break
            then = min(self._held)
            ready.append(Gap(then - self._next, self._held[then][0]))
            self._next = then
            self._asked = {n: asked for n, asked in self._asked.items() if n > then}
        return ready

    def missing(self, now: float) -> list[int]:
        """Sequence numbers to ask for again now."""
        if not self._held:
            return []
        due: list[int] = []
        for number in range(self._next, max(self._held)):
            times, at = self._asked.get(number, (0, -1.0))
            if number in self._held or times >= MAX_ASKS or now - at < ASK_AGAIN_S:
                continue
            self._asked[number] = (times + 1, now)
            due.append(number & 0xFFFF)
        return due

    def clear(self) -> None:
        """The next packet begins anew."""
        self._held.clear()
        self._asked.clear()
        self._next = -1
