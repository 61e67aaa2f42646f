"""Silence in rooms with a tutor, spoken and typed, and the tutors that leave because of it.

A tutor's seat at a worker is scarce: two people who are idle in eight rooms could hold all of them for ever.
A tutor that nobody talks to says goodbye, and rests until somebody in the room calls it
(`TutorSettings.rests`). No I/O; `now` is seconds on a monotonic clock.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

FAREWELL_S = 10.0
"""From the goodbye, which takes about five, to the leave. People who want the tutor to stay can say so."""
SHORT_SILENCE_S = 180.0
"""Silence after which a tutor leaves if somebody else waits for one and none is free. A learner who thinks,
or composes a long sentence, is silent for less."""


class Step(Enum):
    """FAREWELL: the tutor says goodbye. STAY: somebody has spoken after that. REST: it leaves. MAKE_WAY: it
    says that it leaves for others. YIELD: it does, whether or not somebody has spoken."""

    FAREWELL = auto()
    STAY = auto()
    REST = auto()
    MAKE_WAY = auto()
    YIELD = auto()


@dataclass(slots=True)
class _Silence:
    since: float
    farewell_at: float | None = None
    yields: bool = False


class TutorSilence:
    """`limit_s`: silence after which a tutor leaves; 0: no limit. A room is in here from the request for its
    tutor to `forget`, which follows when it rests, is removed, or nobody is in the room."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._rooms: dict[str, _Silence] = {}

    def begin(self, room_id: str, now: float) -> None:
        """A tutor is requested. Does nothing if the room is in here."""
        self._rooms.setdefault(room_id, _Silence(now))

    def heard(self, room_id: str, now: float) -> None:
        """A person speaks or types. An unknown room is ignored."""
        silence = self._rooms.get(room_id)
        if silence is not None:
            silence.since = now

    def forget(self, room_id: str) -> None:
        """No tutor is requested any more."""
        self._rooms.pop(room_id, None)

    def due(
        self, serving: Collection[str], now: float, *, is_short: bool, crowding: Collection[str] = ()
    ) -> list[tuple[str, Step]]:
        """The next step of each room that has one. `serving`: rooms whose tutor is there. `is_short`: a room
        waits for a tutor, and none is free. Then the longest silent one leaves, one at a time; of those that
        are `crowding`, however short its silence."""
        is_leaving = any(silence.farewell_at is not None for silence in self._rooms.values())
        steps = [
            (room_id, step)
            for room_id in serving
            if (step := self._step(room_id, now, is_crowding=room_id in crowding)) is not None
        ]
        if is_leaving:
            return steps
        oldest = self._longest_silent([room_id for room_id in serving if room_id in crowding])
        if oldest is not None:
            self._rooms[oldest].farewell_at, self._rooms[oldest].yields = now, True
            return [*steps, (oldest, Step.MAKE_WAY)]
        oldest = self._longest_silent(serving) if is_short else None
        if oldest is not None and now - self._rooms[oldest].since >= SHORT_SILENCE_S:
            self._rooms[oldest].farewell_at = now
            steps.append((oldest, Step.FAREWELL))
        return steps

    def _longest_silent(self, room_ids: Collection[str]) -> str | None:
        return min(room_ids, key=lambda room_id: self._rooms[room_id].since, default=None)

    def _step(self, room_id: str, now: float, *, is_crowding: bool) -> Step | None:
        silence = self._rooms[room_id]
        if silence.farewell_at is None:
            if self._limit_s and now - silence.since >= self._limit_s:
                silence.farewell_at = now
                return Step.FAREWELL
            return None
        has_been_heard = silence.since > silence.farewell_at and not silence.yields
        if not has_been_heard and now - silence.farewell_at < FAREWELL_S:
            return None
        silence.farewell_at = None
        if has_been_heard:
            return Step.STAY
        if silence.yields:
            silence.yields = False
            return Step.YIELD if is_crowding else Step.STAY
        return Step.REST
