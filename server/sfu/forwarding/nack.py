"""Requests for lost packets of a publisher (generic NACK, RFC 4585 section 6.2.1)."""

from __future__ import annotations

from server.common.rtp import unwrap16
from server.common.token_bucket import TokenBucket

MAX_GAP = 50
"""A second of audio: after a longer gap no listener waits for the lost packets."""
MAX_TRIES = 4
GIVE_UP_SECONDS = 0.500
MIN_RETRY_SECONDS = 0.020
REQUESTS_PER_SECOND = 50.0


class _Missing:
    __slots__ = ("due", "since", "tries")

    def __init__(self, now: float) -> None:
        self.since = now
        self.due = now
        self.tries = 0


class NackGenerator:
    """Requests a packet at once, then once a round trip. Sequence numbers have the wire's 16 bits."""

    def __init__(self) -> None:
        self._top: int | None = None
        self._missing: dict[int, _Missing] = {}
        self._budget = TokenBucket(REQUESTS_PER_SECOND, burst=MAX_GAP)

    def restart(self) -> None:
        """The next packet follows no other."""
        self._top = None
        self._missing.clear()

    def on_packet(self, sequence: int, now: float) -> bool:
        """True if this packet had been missing."""
        if self._top is None:
            self._top = sequence
            return False
        sequence = unwrap16(sequence, self._top)
        if sequence <= self._top:
            return self._missing.pop(sequence, None) is not None
        if sequence - self._top <= MAX_GAP:
            for missing in range(self._top + 1, sequence):
                self._missing[missing] = _Missing(now)
        else:
            self._missing.clear()
        self._top = sequence
        while len(self._missing) > 2 * MAX_GAP:
            del self._missing[next(iter(self._missing))]
        return False

    def resolve(self, sequence: int) -> None:
        """A missing packet was recovered from redundancy."""
        if self._top is not None:
            self._missing.pop(unwrap16(sequence, self._top), None)

    def due(self, now: float, round_trip: float) -> list[int]:
        """Sequence numbers to request now. `round_trip` in seconds."""
        if not self._missing:
            return []
        requests = []
        for sequence, missing in list(self._missing.items()):
            if missing.tries == MAX_TRIES or now - missing.since > GIVE_UP_SECONDS:
                del self._missing[sequence]
            elif now >= missing.due and self._budget.try_take(now):
                missing.tries += 1
                missing.due = now + max(MIN_RETRY_SECONDS, 1.25 * round_trip)
                requests.append(sequence & 0xFFFF)
        return requests
