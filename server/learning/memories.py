"""Keeps what the tutor remembers of learners: for its jobs, and for the learners who see, change and delete
it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from server.learning.mistakes import Mistakes
from server.learning.model import LearnerSettings, NewWord, PastTalk, WeekGoal, Word
from server.learning.ports import MemoryStore
from server.learning.review import Grade
from server.learning.words import Words
from server.protocol import memory as wire
from server.protocol.agents import ExerciseResult

_GRADES = {
    ExerciseResult.RIGHT: Grade.RIGHT,
    ExerciseResult.SECOND_TRY: Grade.SECOND_TRY,
    ExerciseResult.WRONG: Grade.WRONG,
}
_MOST_DUE = 50
"""Due mistakes that are looked through for those in the language of the talk."""


class Memories:
    """Implements `tutor.ports.LearnerMemory`. `clock` is seconds since the epoch. All methods raise
    Unavailable."""

    def __init__(
        self, store: MemoryStore, mistakes: Mistakes, words: Words, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._mistakes = mistakes
        self._words = words
        self._clock = clock

    async def settings(self, user_id: str) -> LearnerSettings:
        return await self._store.settings(user_id)

    async def recall(self, user_id: str, language: str, conversation_id: str) -> wire.Memory | None:
        settings = await self._store.settings(user_id)
        return await self._all(user_id, language, conversation_id, settings) if settings.remembers else None

    async def show(self, user_id: str, language: str) -> wire.MemoryPage:
        """Return what the tutor would be given in that language, also while it may not remember."""
        settings = await self._store.settings(user_id)
        memory = await self._all(user_id, language, "", settings)
        return wire.MemoryPage(remembers=settings.remembers, memory=memory)

    async def change(self, user_id: str, *, remembers: bool | None, goals: Sequence[str] | None) -> None:
        """None leaves a value as it is. Raises UserNotFound."""

        def changed(now: LearnerSettings) -> LearnerSettings:
            return replace(
                now,
                remembers=now.remembers if remembers is None else remembers,
                goals=now.goals if goals is None else tuple(goals),
            )

        await self._store.change_settings(user_id, changed)

    async def set_week_goal(self, user_id: str, goal: WeekGoal | None) -> None:
        """Raises UserNotFound."""
        await self._store.change_settings(user_id, lambda now: replace(now, week_goal=goal))

    async def note_talk(self, user_id: str, conversation_id: str, text: str) -> None:
        """Replace the line about a talk; an empty one forgets the talk. Raises ConversationNotFound."""
        await self._store.note_talk(user_id, conversation_id, text)

    async def forget_all(self, user_id: str) -> None:
        """Delete goals, notes, words and mistakes. Talks until now are not remembered; they stay stored."""
        await self._store.forget_all(user_id, self._clock())

    async def add_word(self, user_id: str, word: NewWord) -> None:
        if (await self._store.settings(user_id)).remembers:
            await self._words.add(user_id, word)

    async def rate(self, user_id: str, mistake_id: str, result: ExerciseResult) -> None:
        await self._mistakes.rate(user_id, mistake_id, _GRADES[result])

    async def _all(
        self, user_id: str, language: str, conversation_id: str, settings: LearnerSettings
    ) -> wire.Memory:
        since = settings.forgotten_at
        talks = await self._store.talks(user_id, language, since, conversation_id, wire.MAX_TALKS)
        words = await self._words.list_for(user_id)
        _, due = await self._mistakes.due(user_id, _MOST_DUE)
        return wire.Memory(
            language=language,
            goals=list(settings.goals),
            talks=[_talk(talk) for talk in talks],
            words=_learnt([w for w in words if _is_same(w.given.language, language)], self._clock()),
            mistakes=[
                wire.RememberedMistake(
                    id=one.mistake.id,
                    said=one.sentence.original,
                    better=one.sentence.corrected,
                    category=one.mistake.pattern.category,
                )
                for one in due
                if _is_same(one.mistake.pattern.language, language)
            ][: wire.MAX_MISTAKES],
        )


def line_of(talk: PastTalk) -> str:
    """One line about a talk, made of figures alone: what was said in it may be nothing to be reminded of."""
    minutes = round(talk.speaking_s / 60)
    parts = [f"{talk.turns} {'turn' if talk.turns == 1 else 'turns'}"]
    if minutes:
        parts.append(f"{minutes} {'minute' if minutes == 1 else 'minutes'} of speech")
    if talk.corrected:
        parts.append(f"corrected most: {', '.join(c.value.replace('_', ' ') for c in talk.corrected[:2])}")
    if talk.words:
        parts.append(f"words: {', '.join(talk.words[:5])}")
    return "; ".join(parts)[:1_000]


def _talk(talk: PastTalk) -> wire.RememberedTalk:
    return wire.RememberedTalk(
        conversation_id=talk.conversation_id,
        at=datetime.fromtimestamp(talk.at, UTC),
        topic=talk.topic,
        summary=line_of(talk) if talk.note is None else talk.note,
    )


def _learnt(words: Sequence[Word], now: float) -> list[wire.RememberedWord]:
    """List those due first, then the newest."""
    by_need = sorted(words, key=lambda word: word.schedule.due_at > now)
    return [
        wire.RememberedWord(
            id=word.id,
            word=word.given.word,
            meaning=word.given.meaning,
            sentence=word.given.sentence,
            is_due=word.schedule.due_at <= now,
        )
        for word in by_need[: wire.MAX_WORDS]
    ]


def _is_same(language: str, other: str) -> bool:
    return language.split("-", maxsplit=1)[0] == other.split("-", maxsplit=1)[0]
