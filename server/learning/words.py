"""A learner's words and their reviews (REST, and words from the tutor's worker)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.learning.gaps import fills, with_gap
from server.learning.model import NewWord, Word, WordVerdict
from server.learning.ports import WordStore
from server.learning.review import after_review, grade_of
from server.rooms.ports import UserStore

MAX_WORDS = 1_000
"""Of one learner."""


class Words:
    """`clock` is seconds since the epoch. All methods raise Unavailable."""

    def __init__(self, store: WordStore, users: UserStore, clock: Callable[[], float]) -> None:
        self._store = store
        self._users = users
        self._clock = clock

    async def add(self, user_id: str, word: NewWord) -> None:
        """Raises ConversationNotFound, UserNotFound."""
        await self._store.add(user_id, word, MAX_WORDS)

    async def list_for(self, user_id: str) -> Sequence[Word]:
        """Newest first."""
        return await self._store.list_for(user_id)

    async def due(self, user_id: str, limit: int) -> tuple[int, Sequence[Word]]:
        """The number of words due now, and the first of them."""
        return await self._store.due(user_id, self._clock(), limit)

    async def forget(self, user_id: str, word_id: str) -> None:
        """Raises WordNotFound."""
        await self._store.forget(user_id, word_id)

    async def forget_all(self, user_id: str) -> None:
        await self._store.forget_all(user_id)

    async def answer(self, user_id: str, word_id: str, text: str | None, attempt: int) -> WordVerdict:
        """Check an answer, as `Mistakes.answer` does. Raises WordNotFound."""
        word = await self._store.find(user_id, word_id)
        sentence, form = with_gap(word.given.sentence, word.given.word)
        is_right = text is not None and fills(text, word.given.sentence, word.given.word)
        grade = grade_of(is_right=is_right, gives_up=text is None, attempt=attempt)
        if grade is None:
            return WordVerdict(is_right=False, answer=None, was_rated=False, word=word)
        answer, now = form if sentence else word.given.word, self._clock()
        if word.schedule.due_at > now:
            return WordVerdict(is_right, answer, was_rated=False, word=word)
        user = await self._users.get_user(user_id)
        schedule = after_review(word.schedule, grade, now, user.time_zone if user else None)
        was_rated = await self._store.review(user_id, word, schedule, was_right=is_right)
        return WordVerdict(is_right, answer, was_rated, await self._store.find(user_id, word_id))
