"""Which of a publisher's packets to ask for again (generic NACK, RFC 4585 section 6.2.1)."""

from __future__ import annotations

from server.sfu.forwarding.budget import Budget
from server.sfu.forwarding.rtp import unwrap16

MAX_GAP = 50
"""A second of audio: after a longer gap nobody waits for what was in it."""
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
    """Asks at once, then once a round trip. Sequence numbers in and out are those of the wire, 16 bits."""

    def __init__(self) -> None:
        self._top: int | None = None
        self._missing: dict[int, _Missing] = {}
        self._budget = Budget(REQUESTS_PER_SECOND, burst=MAX_GAP)

    def restart(self) -> None:
        """The next packet follows no other."""
        self._top = None
        self._missing.clear()

    def on_packet(self, sequence: int, now: float) -> bool:
        """True if this packet had been missed."""
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
        """What was missing came another way, as redundancy."""
        if self._top is not None:
            self._missing.pop(unwrap16(sequence, self._top), None)

    def due(self, now: float, round_trip: float) -> list[int]:
        """What to ask for now. `round_trip` in seconds."""
        if not self._missing:
            return []
        requests = []
        for sequence, missing in list(self._missing.items()):
            if missing.tries == MAX_TRIES or now - missing.since > GIVE_UP_SECONDS:
                del self._missing[sequence]
            elif now >= missing.due and self._budget.take(now):
                missing.tries += 1
                missing.due = now + max(MIN_RETRY_SECONDS, 1.25 * round_trip)
                requests.append(sequence & 0xFFFF)
        return requests
