"""The store of mistakes: an interface that `server.storage` implements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from server.learning.model import Exercise, Mistake, Pattern, Schedule, Sentence, UnfiledCorrection
from server.protocol.tutor import FeedbackCategory


class MistakeStore(Protocol):
    """Every method reads or writes rows of one learner alone. All raise Unavailable."""

    async def unfiled(self, user_id: str, limit: int) -> Sequence[UnfiledCorrection]:
        """Corrections that were never filed, oldest first."""
        ...

    async def file(self, user_id: str, filed: Sequence[tuple[Pattern, Sentence]], keep: int) -> None:
        """File each sentence under its pattern, which becomes due at once.

        Of more than `keep` mistakes those mastered go first, then those not made for longest; their sentences
        count as filed. Sentences that were deleted or filed meanwhile are skipped.
        """
        ...

    async def list_for(self, user_id: str) -> Sequence[Mistake]:
        """Those made last come first."""
        ...

    async def find(self, user_id: str, mistake_id: str) -> tuple[Mistake, Sequence[Sentence]]:
        """With its sentences, newest first. Raises MistakeNotFound."""
        ...

    async def due(self, user_id: str, now: float, limit: int) -> tuple[int, Sequence[Exercise]]:
        """The number of mistakes due, and the first of them, longest due first."""
        ...

    async def review(self, user_id: str, before: Mistake, after: Schedule, *, was_right: bool) -> bool:
        """Store a review. False if another review was stored since `before` was read."""
        ...

    async def forget(self, user_id: str, mistake_id: str) -> None:
        """Delete the mistake. Its sentences stay in their conversations. Raises MistakeNotFound."""
        ...

    async def turns_between(self, user_id: str, bounds: Sequence[float]) -> Sequence[int]:
        """The learner's turns in each interval between two of the increasing `bounds`."""
        ...

    async def corrected_between(
        self, user_id: str, bounds: Sequence[float]
    ) -> Sequence[dict[FeedbackCategory, int]]:
        """For each interval the number of turns that were corrected in each category."""
        ...
