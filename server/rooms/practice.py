"""Measures who speaks with others, and for how long. No I/O.

A minute of practice is a minute of own speech: somebody who leaves the microphone open and is silent has
none. The media node says who speaks, by the levels that packets carry, so no sound is decoded. Every second
those who speak get a second. What a tutor hears of somebody who is alone with it is measured by its
recogniser and does not count here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from server.rooms.runtime import OpenRooms
from server.rooms.seat_states import SeatState

SAMPLE_S = 1.0
_MAX_GAP_S = 2 * SAMPLE_S
"""A loop that stood still has not seen who spoke meanwhile."""
MAX_RUN_S = 120.0
"""Speech without any pause counts for so long: a fan or a radio makes no pauses, people do."""
_COMPANY = 2


class PracticeMeter:
    """Call `tick` often; `take` returns the seconds of each user since the last call."""

    def __init__(self, rooms: OpenRooms) -> None:
        self._rooms = rooms
        self._sampled_at: float | None = None
        self._runs: dict[str, float] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def take(self) -> Mapping[str, float]:
        taken, self._seconds = self._seconds, defaultdict(float)
        return taken

    def tick(self, now: float) -> None:
        if self._sampled_at is not None and now - self._sampled_at < SAMPLE_S:
            return
        elapsed = 0.0 if self._sampled_at is None else min(now - self._sampled_at, _MAX_GAP_S)
        self._sampled_at = now
        runs: dict[str, float] = {}
        spoke: set[str] = set()
        for opened in self._rooms.all():
            present = [m for m in opened.room.people if m.state is SeatState.CONNECTED]
            if len(present) < _COMPANY:
                continue
            for member in present:
                if member.is_speaking:
                    run = runs[member.id] = self._runs.get(member.id, 0.0) + elapsed
                    if run <= MAX_RUN_S:
                        spoke.add(member.user.id)
        self._runs = runs
        # A set: one voice in two rooms, from two tabs, is one voice.
        for user_id in spoke:
            self._seconds[user_id] += elapsed
