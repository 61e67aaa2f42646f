"""A connected worker: what it has and what it can still take. No I/O."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from server.protocol.agents import VOICES_PER_ROOM

_FRESH_JOB, _FRESH_VOICE = 0.2, 0.02
"""Load assumed for each job and each voice session since the worker's last report, in shares of one core."""
_ALMOST = 1e-6
"""Costs of sessions are sums of tenths."""


@dataclass(slots=True)
class Worker:
    """`id` is its connection's. `languages`: primary tags; empty: any. `load`: share of one core.

    `fresh`: load assumed for what it got since its last report. `assignments`: ids. `voices`: cost of each of
    its voice sessions. `is_loading`: its jobs wait for its engines, as its last report says.
    `reported_free`, `reported_free_voices`: places that it had free at its last report, after the jobs
    `counted` and the voice sessions `counted_voices`: other servers give it work, too. None: only this server
    does.
    """

    id: str
    capacity: int
    seen_at: float
    languages: frozenset[str] = frozenset()
    load: float = 0.0
    fresh: float = 0.0
    assignments: set[str] = field(default_factory=set)
    voices: dict[str, float] = field(default_factory=dict)
    is_loading: bool = False
    has_reported: bool = False
    reported_free: int | None = None
    reported_free_voices: float | None = None
    counted: frozenset[str] = frozenset()
    counted_voices: frozenset[str] = frozenset()

    @property
    def free(self) -> int:
        """Rooms."""
        free = self.capacity - len(self.assignments) - math.ceil(self._cost() / VOICES_PER_ROOM - _ALMOST)
        if self.reported_free is None:
            return free
        since = math.ceil(self._cost(self.counted_voices) / VOICES_PER_ROOM - _ALMOST)
        return min(free, self.reported_free - len(self.assignments - self.counted) - since)

    @property
    def free_voices(self) -> float:
        """Voice sessions, in units of `VOICE_COST`."""
        free = (self.capacity - len(self.assignments)) * VOICES_PER_ROOM - self._cost()
        if self.reported_free_voices is None:
            return free
        since = self._cost(self.counted_voices) + len(self.assignments - self.counted) * VOICES_PER_ROOM
        return min(free, self.reported_free_voices - since)

    @property
    def weight(self) -> tuple[bool, float, int]:
        return self.is_loading, self.load + self.fresh, len(self.assignments) + len(self.voices)

    def supports(self, language: str) -> bool:
        return not self.languages or language.split("-", maxsplit=1)[0].lower() in self.languages

    def report(
        self,
        load: float,
        assignments: Collection[str],
        free: int | None,
        voices: Collection[str],
        free_voices: float | None,
    ) -> None:
        """`free`, `free_voices`: as in `wire.Report`."""
        self.load, self.fresh, self.has_reported = load, 0.0, True
        self.reported_free, self.counted = free, frozenset(assignments)
        self.reported_free_voices, self.counted_voices = free_voices, frozenset(voices)

    def give(self, assignment_id: str) -> None:
        self.assignments.add(assignment_id)
        self.fresh += _FRESH_JOB

    def give_voice(self, session_id: str, cost: float) -> None:
        self.voices[session_id] = cost
        self.fresh += _FRESH_VOICE * cost

    def is_full(self) -> None:
        """It gave a job back: it gets no more until its next report."""
        self.reported_free, self.counted = 0, frozenset(self.assignments)

    def is_full_of_voices(self) -> None:
        self.reported_free_voices, self.counted_voices = 0.0, frozenset(self.voices)

    def _cost(self, but: Collection[str] = ()) -> float:
        return sum(cost for session, cost in self.voices.items() if session not in but)


def worker_for_voice(workers: Iterable[Worker], language: str, cost: float) -> Worker | None:
    """The least loaded one with a place for the session, of those that support the language, if any does;
    None if all of them are full."""
    connected = list(workers)
    fit = [worker for worker in connected if worker.supports(language)] or connected
    free = [worker for worker in fit if worker.free_voices + _ALMOST >= cost]
    return min(free, key=lambda worker: worker.weight) if free else None
