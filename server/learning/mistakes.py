"""A learner's mistakes and their reviews (REST)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta

from server.common.time_zones import zone_of
from server.learning.answers import is_same_sentence, pattern_of
from server.learning.model import Exercise, Mistake, Sentence, Verdict, WeekOfTurns
from server.learning.ports import MistakeStore
from server.learning.review import Grade, after_review, grade_of
from server.rooms.ports import UserStore

MAX_MISTAKES = 500
"""Of one learner. More than that would never be reviewed."""
_BATCH = 500
"""Corrections that are filed by one call."""


async def nobody(_user_id: str) -> None: ...


class Mistakes:
    """`clock` is seconds since the epoch. `mended` is told whose mistake was due and answered rightly. All
    methods raise Unavailable.

    Corrections are filed when their learner looks at their mistakes, not when they are stored: so a talk
    never waits for it, and corrections that were stored before this existed are filed too.
    """

    def __init__(
        self,
        store: MistakeStore,
        users: UserStore,
        clock: Callable[[], float],
        mended: Callable[[str], Awaitable[None]] = nobody,
    ) -> None:
        self._store = store
        self._users = users
        self._clock = clock
        self._mended = mended

    async def list_for(self, user_id: str) -> Sequence[Mistake]:
        await self._file(user_id)
        return await self._store.list_for(user_id)

    async def find(self, user_id: str, mistake_id: str) -> tuple[Mistake, Sequence[Sentence]]:
        """Raises MistakeNotFound."""
        return await self._store.find(user_id, mistake_id)

    async def forget(self, user_id: str, mistake_id: str) -> None:
        """Raises MistakeNotFound. A mistake that is made again comes back."""
        await self._store.forget(user_id, mistake_id)

    async def due(self, user_id: str, limit: int) -> tuple[int, Sequence[Exercise]]:
        """The number of mistakes due now, and the exercises for the first of them."""
        await self._file(user_id)
        return await self._store.due(user_id, self._clock(), limit)

    async def answer(self, user_id: str, mistake_id: str, text: str | None, attempt: int) -> Verdict:
        """Check an answer; `text` is None if the learner asks for the answer. Raises MistakeNotFound.

        The first wrong answer decides nothing. A mistake that is not due is checked and not rated: the same
        request sent twice counts once, and practising more changes no date.
        """
        mistake, sentences = await self._store.find(user_id, mistake_id)
        expected = sentences[0].corrected
        is_right = text is not None and is_same_sentence(text, expected)
        grade = grade_of(is_right=is_right, gives_up=text is None, attempt=attempt)
        if grade is None:
            return Verdict(is_right=False, answer=None, was_rated=False, mistake=mistake)
        if not await self._rate(user_id, mistake, grade):
            return Verdict(is_right, expected, was_rated=False, mistake=mistake)
        after, _ = await self._store.find(user_id, mistake_id)
        return Verdict(is_right, expected, was_rated=True, mistake=after)

    async def rate(self, user_id: str, mistake_id: str, grade: Grade) -> None:
        """Store a review that somebody else has judged. A mistake that is not due is not rated. Raises
        MistakeNotFound."""
        mistake, _ = await self._store.find(user_id, mistake_id)
        await self._rate(user_id, mistake, grade)

    async def weeks(self, user_id: str, count: int) -> Sequence[WeekOfTurns]:
        """The last `count` weeks, oldest first; the last one ends with today in the learner's time zone."""
        zone = zone_of(await self._zone(user_id))
        tomorrow = datetime.fromtimestamp(self._clock(), zone).date() + timedelta(days=1)
        days = [tomorrow - timedelta(weeks=back) for back in range(count, -1, -1)]
        bounds = [datetime.combine(day, time(), zone).timestamp() for day in days]
        turns = await self._store.turns_between(user_id, bounds)
        corrected = await self._store.corrected_between(user_id, bounds)
        return [WeekOfTurns(*week) for week in zip(days, turns, corrected, strict=False)]

    async def _rate(self, user_id: str, mistake: Mistake, grade: Grade) -> bool:
        """Whether it counted: only what is due does, and only once."""
        now = self._clock()
        if mistake.schedule.due_at > now:
            return False
        schedule = after_review(mistake.schedule, grade, now, await self._zone(user_id))
        was_right = grade is not Grade.WRONG
        was_stored = await self._store.review(user_id, mistake, schedule, was_right=was_right)
        if was_stored and was_right:
            await self._mended(user_id)
        return was_stored

    async def _file(self, user_id: str) -> None:
        found = await self._store.unfiled(user_id, _BATCH)
        if not found:
            return
        filed = [
            (
                pattern_of(one.language, one.category, one.sentence.original, one.sentence.corrected),
                one.sentence,
            )
            for one in found
        ]
        await self._store.file(user_id, filed, MAX_MISTAKES)

    async def _zone(self, user_id: str) -> str | None:
        user = await self._users.get_user(user_id)
        return user.time_zone if user else None
