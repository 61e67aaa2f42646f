"""Memory and words of people who have none, for tests of other things."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.errors import ConversationNotFound, Unavailable, WordNotFound
from server.learning.model import LearnerSettings, NewWord, PastTalk, Schedule, Word
from server.protocol.agents import ExerciseResult
from server.protocol.memory import Memory


class FakeMemory:
    """A LearnerMemory. `known`: what is remembered, by user id. `is_down`: `recall` raises Unavailable."""

    def __init__(self) -> None:
        self.is_down = False
        self.known: dict[str, Memory] = {}
        self.words: list[tuple[str, NewWord]] = []
        self.results: list[tuple[str, str, ExerciseResult]] = []

    async def recall(self, user_id: str, language: str, conversation_id: str) -> Memory | None:
        del language, conversation_id
        if self.is_down:
            raise Unavailable
        return self.known.get(user_id)

    async def add_word(self, user_id: str, word: NewWord) -> None:
        self.words.append((user_id, word))

    async def rate(self, user_id: str, mistake_id: str, result: ExerciseResult) -> None:
        self.results.append((user_id, mistake_id, result))


class NoWords:
    """A WordStore without rows."""

    async def add(self, user_id: str, word: NewWord, keep: int) -> None:
        pass

    async def list_for(self, user_id: str) -> Sequence[Word]:
        return []

    async def find(self, user_id: str, word_id: str) -> Word:
        raise WordNotFound

    async def due(self, user_id: str, now: float, limit: int) -> tuple[int, Sequence[Word]]:
        return 0, []

    async def review(self, user_id: str, before: Word, after: Schedule, *, was_right: bool) -> bool:
        return False

    async def forget(self, user_id: str, word_id: str) -> None:
        raise WordNotFound

    async def forget_all(self, user_id: str) -> None:
        pass


class NoMemories:
    """A MemoryStore without rows."""

    async def settings(self, user_id: str) -> LearnerSettings:
        return LearnerSettings()

    async def change_settings(
        self, user_id: str, change: Callable[[LearnerSettings], LearnerSettings]
    ) -> LearnerSettings:
        return change(LearnerSettings())

    async def talks(
        self, user_id: str, language: str, since: float, exclude: str, limit: int
    ) -> Sequence[PastTalk]:
        return []

    async def note_talk(self, user_id: str, conversation_id: str, text: str) -> None:
        raise ConversationNotFound

    async def forget_all(self, user_id: str, at: float) -> None:
        pass
