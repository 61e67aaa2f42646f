"""The store of mistakes of people who make none, for tests of other things."""

from __future__ import annotations

from collections.abc import Sequence

from server.errors import MistakeNotFound
from server.learning.model import Exercise, Mistake, Pattern, Schedule, Sentence, UnfiledCorrection
from server.protocol.tutor import FeedbackCategory


class NoMistakes:
    """A MistakeStore without rows."""

    async def unfiled(self, user_id: str, limit: int) -> Sequence[UnfiledCorrection]:
        return []

    async def file(self, user_id: str, filed: Sequence[tuple[Pattern, Sentence]], keep: int) -> None:
        pass

    async def list_for(self, user_id: str) -> Sequence[Mistake]:
        return []

    async def find(self, user_id: str, mistake_id: str) -> tuple[Mistake, Sequence[Sentence]]:
        raise MistakeNotFound

    async def due(self, user_id: str, now: float, limit: int) -> tuple[int, Sequence[Exercise]]:
        return 0, []

    async def review(self, user_id: str, before: Mistake, after: Schedule, *, was_right: bool) -> bool:
        return False

    async def forget(self, user_id: str, mistake_id: str) -> None:
        raise MistakeNotFound

    async def turns_between(self, user_id: str, bounds: Sequence[float]) -> Sequence[int]:
        return [0 for _ in bounds[1:]]

    async def corrected_between(
        self, user_id: str, bounds: Sequence[float]
    ) -> Sequence[dict[FeedbackCategory, int]]:
        return [{} for _ in bounds[1:]]
