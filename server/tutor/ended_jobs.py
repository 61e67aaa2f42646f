"""Assignments that the server has ended, for the short time in which their workers still store what was said.

When the last learner leaves in mid-answer or in mid-sentence, the tutor stores the words that were said so
far. Its job has ended by then: nothing of it is shown any more, and its token is void. No I/O; `now` is
seconds on a monotonic clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from server.tutor.jobs import Assignment

S = TypeVar("S")
LAST_WORDS_S = 7.0
"""A worker leaves the room first, which takes it up to a second, and then has the last words recognised and
judged, which takes up to four (`ai_agent/dialogue`)."""


@dataclass(frozen=True, slots=True)
class _Ended(Generic[S]):
    assignment: Assignment
    session: S
    until: float


class EndedJobs(Generic[S]):
    """`on_end` gets each session once its worker has nothing more to store."""

    def __init__(self, on_end: Callable[[S], None]) -> None:
        self._on_end = on_end
        self._ended: dict[str, _Ended[S]] = {}

    def add(self, assignment: Assignment, session: S, now: float) -> None:
        self._ended[assignment.id] = _Ended(assignment, session, now + LAST_WORDS_S)

    def find(self, worker_id: str, assignment_id: str) -> S | None:
        """None for one that is not this worker's, or not in here any more."""
        ended = self._ended.get(assignment_id)
        return ended.session if ended is not None and ended.assignment.worker_id == worker_id else None

    def end(self, worker_id: str, assignment_id: str) -> bool:
        """The worker said that it has ended. False if it is not in here."""
        if self.find(worker_id, assignment_id) is None:
            return False
        self._remove([assignment_id])
        return True

    def end_of_worker(self, worker_id: str) -> None:
        """Its connection was lost."""
        self._remove([i for i, ended in self._ended.items() if ended.assignment.worker_id == worker_id])

    def end_due(self, now: float) -> None:
        self._remove([i for i, ended in self._ended.items() if now >= ended.until])

    def end_all(self) -> None:
        self._remove(list(self._ended))

    def _remove(self, assignment_ids: list[str]) -> None:
        for assignment_id in assignment_ids:
            self._on_end(self._ended.pop(assignment_id).session)
