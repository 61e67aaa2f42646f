"""Stores of what learners learn: interfaces that `server.storage` implements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from server.learning.model import (
    ClassKey,
    Exercise,
    HeardClass,
    LearnerSettings,
    Mistake,
    NewWord,
    PastTalk,
    Pattern,
    Schedule,
    Sentence,
    UnfiledCorrection,
    Word,
)
from server.protocol.tutor import FeedbackCategory


class ClassStore(Protocol):
    """Stores what each person has heard of classes. All methods raise Unavailable."""

    async def add_heard(
        self, user_ids: Collection[str], key: ClassKey, sentences: Collection[int], at: float
    ) -> None:
        """These people have heard these sentences to their ends. What is known is not stored again; people
        whose profiles are gone are skipped."""
        ...

    async def list_for(self, user_id: str, limit: int, after: ClassKey | None) -> Sequence[HeardClass]:
        """In the order of their keys, those after `after`."""
        ...


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
        """List those made last first."""
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


class WordStore(Protocol):
    """Every method reads or writes rows of one learner alone. All raise Unavailable."""

    async def add(self, user_id: str, word: NewWord, keep: int) -> None:
        """Add it, due at once. A word that is known gets the new sentence and meaning, if one is given.

        Of more than `keep` words those mastered go first, then the oldest. Raises ConversationNotFound,
        UserNotFound.
        """
        ...

    async def list_for(self, user_id: str) -> Sequence[Word]:
        """Newest first."""
        ...

    async def find(self, user_id: str, word_id: str) -> Word:
        """Raises WordNotFound."""
        ...

    async def due(self, user_id: str, now: float, limit: int) -> tuple[int, Sequence[Word]]:
        """The number of words due that have a meaning or a sentence, and the first of them, longest due
        first."""
        ...

    async def review(self, user_id: str, before: Word, after: Schedule, *, was_right: bool) -> bool:
        """Store a review. False if another review was stored since `before` was read."""
        ...

    async def forget(self, user_id: str, word_id: str) -> None:
        """Raises WordNotFound."""
        ...

    async def forget_all(self, user_id: str) -> None: ...


class MemoryStore(Protocol):
    """Every method reads or writes rows of one learner alone. All raise Unavailable."""

    async def settings(self, user_id: str) -> LearnerSettings: ...

    async def change_settings(
        self, user_id: str, change: Callable[[LearnerSettings], LearnerSettings]
    ) -> LearnerSettings:
        """Returns what is stored now. Raises UserNotFound."""
        ...

    async def talks(
        self, user_id: str, language: str, since: float, exclude: str, limit: int
    ) -> Sequence[PastTalk]:
        """Talks in that language (its primary tag) since then in which the learner spoke or typed and that
        they did not forget, but for the conversation `exclude`; newest first."""
        ...

    async def note_talk(self, user_id: str, conversation_id: str, text: str) -> None:
        """An empty text forgets the talk. Raises ConversationNotFound if the learner may not read it."""
        ...

    async def forget_all(self, user_id: str, at: float) -> None:
        """Delete goals, notes, words and mistakes, and remember no talk that began before `at`."""
        ...
