"""The number of rooms and voice sessions that a worker can still take. No I/O; `now` is in seconds,
monotonic.

A worker runs all of its sessions in one event loop. When the loop is late, everybody's speech is late, so
that a worker takes no more voice sessions than it can serve, and fewer on a machine that is busy.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from server.protocol.agents import VOICES_PER_ROOM

SHARE = 0.02
"""Of a core, in the thread of the loop: what one voice session takes while people speak and are answered
(`python -m tests.bench.voice_ws carry`)."""
MAX_SHARE = 0.8
"""Of a core: beyond it turns that end together wait for each other."""
LATE_S, MAX_LATE = 0.1, 0.1
"""A timer is late after LATE_S; the loop may be so for this part of the time."""
ANYWAY = 0.25
"""Of all places: if a worker with so few sessions is late, others keep the machine busy, and a tutor that is
slow is better than none."""
_WINDOW_S = 5.0


@dataclass(frozen=True, slots=True)
class _Look:
    at: float
    spent_s: float
    late_s: float


class Pressure:
    """The load of the event loop in the last seconds."""

    def __init__(self) -> None:
        self._looks: deque[_Look] = deque()

    def look(self, now: float, delay_s: float, spent_s: float) -> None:
        """Call it a few times a second. `delay_s`: how late a timer was. `spent_s`: CPU time of the loop's
        thread so far."""
        self._looks.append(_Look(now, spent_s, max(0.0, delay_s - LATE_S)))
        while now - self._looks[0].at > _WINDOW_S:
            self._looks.popleft()

    @property
    def share(self) -> float:
        """Of a core, that the loop's thread used."""
        span = self._span
        return (self._looks[-1].spent_s - self._looks[0].spent_s) / span if span else 0.0

    @property
    def is_late(self) -> bool:
        return sum(look.late_s for look in self._looks) > MAX_LATE * _WINDOW_S

    @property
    def _span(self) -> float:
        return self._looks[-1].at - self._looks[0].at if len(self._looks) > 1 else 0.0


def free_rooms(capacity: int, rooms: int, voices: float) -> int:
    """`voices`: by their `VOICE_COST`."""
    return max(0, capacity - rooms - math.ceil(voices / VOICES_PER_ROOM))


def free_voices(capacity: int, rooms: int, voices: float, pressure: Pressure | None) -> float:
    """In units of `VOICE_COST`. `pressure`: None while it says nothing, because engines are being loaded."""
    free = (capacity - rooms) * VOICES_PER_ROOM - voices
    if pressure is not None:
        fit = 0.0 if pressure.is_late else max(0.0, (MAX_SHARE - pressure.share) / SHARE)
        free = min(free, max(fit, ANYWAY * capacity * VOICES_PER_ROOM - voices))
    return max(0.0, free)
