"""Words that people typed to the tutor and that it has not answered yet.

Their sender was told that they have arrived. A worker that dies would take them with it, so they are kept
here until their answer has ended, and go to the next worker again. No I/O.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from server.protocol.agents import TutorInput

MAX_KEPT = 8
"""Of one room; the oldest are given up first."""
MAX_WORKERS = 2
"""Workers that get the same words: these may be what ended the first."""


@dataclass(slots=True)
class _Typed:
    given: TutorInput
    workers: int = 0
    sent_to: str = ""


class TypedWords:
    def __init__(self) -> None:
        self._typed: dict[str, _Typed] = {}

    @property
    def turn_ids(self) -> Collection[str]:
        return self._typed.keys()

    def add(self, turn_id: str, given: TutorInput) -> None:
        """`turn_id`: of the turn that the words are, with every worker."""
        self._typed[turn_id] = _Typed(given)
        while len(self._typed) > MAX_KEPT:
            del self._typed[next(iter(self._typed))]

    def answered(self, turn_id: str) -> None:
        """The tutor's answer has ended. An unknown id is ignored."""
        self._typed.pop(turn_id, None)

    def keep_only(self, participant_ids: Collection[str]) -> None:
        """Give up the words of people who have left."""
        for turn_id, typed in list(self._typed.items()):
            if typed.given.participant_id not in participant_ids:
                del self._typed[turn_id]

    def unanswered(self) -> list[TutorInput]:
        """Oldest first, each with the id of its turn."""
        return [t.given.model_copy(update={"turn_id": turn_id}) for turn_id, t in self._typed.items()]

    def give_up_repeated(self) -> int:
        """Give up what MAX_WORKERS workers have had. Call it before another one gets the rest. Returns how
        many."""
        repeated = [turn_id for turn_id, typed in self._typed.items() if typed.workers >= MAX_WORKERS]
        for turn_id in repeated:
            del self._typed[turn_id]
        return len(repeated)

    def to_send(self, assignment_id: str) -> list[tuple[str, TutorInput]]:
        """Turn ids and words that this assignment has not got, oldest first. They count as sent."""
        due = [(i, typed) for i, typed in self._typed.items() if typed.sent_to != assignment_id]
        for _, typed in due:
            typed.sent_to, typed.workers = assignment_id, typed.workers + 1
        return [(turn_id, typed.given) for turn_id, typed in due]
