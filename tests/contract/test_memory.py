"""The tutor's memory is stored, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from server.errors import ConversationNotFound, UserNotFound
from server.learning.memories import Memories
from server.learning.mistakes import Mistakes
from server.learning.model import LearnerSettings, NewWord, WeekGoal
from server.learning.words import Words
from server.protocol.agents import ExerciseResult
from server.protocol.memory import Memory
from server.protocol.tutor import FeedbackCategory, FeedbackItem
from server.rooms.model import User
from server.storage import (
    Database,
    SqlConversationStore,
    SqlMemoryStore,
    SqlMistakeStore,
    SqlUserStore,
    SqlWordStore,
    tables,
)
from server.tutor.model import Conversation, Message, StoredCorrection
from tests.contract.storage_urls import database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]

START = 1_800_000_000.0
HOUR = 3_600.0


class Learner:
    """Ann and Bob, and their talks. `now` is the clock."""

    def __init__(self, database: Database) -> None:
        self.now = START
        self.database = database
        self.people = SqlUserStore(database)
        self.talks = SqlConversationStore(database)
        self.mistakes = Mistakes(SqlMistakeStore(database), self.people, lambda: self.now)
        self.words = Words(SqlWordStore(database), self.people, lambda: self.now)
        store = SqlMemoryStore(database)
        self.memories = Memories(store, self.mistakes, self.words, lambda: self.now)

    async def talked(self, talk: str, *, language: str = "en", user: str = "ann", turns: int = 2) -> None:
        """A talk that begins an hour after the one before."""
        self.now += HOUR
        await self.talks.save_conversation(
            Conversation(talk, "r1", "Room", language, "A2", f"Topic {talk}", self.now)
        )
        for n in range(turns):
            turn = f"{talk}-{n}"
            said = Message(f"m{turn}", talk, turn, "learner", user, "p", "A", "I goed home", self.now, 30.0)
            await self.talks.add_message(said, [user])

    async def corrected(self, talk: str, *, user: str = "ann") -> None:
        item = FeedbackItem(
            id=f"c{talk}",
            turn_id=f"{talk}-0",
            original_sentence="I goed home",
            corrected_sentence="I went home.",
            explanation="Past of go.",
            category=FeedbackCategory.VERB_FORM,
        )
        await self.talks.add_correction(StoredCorrection(talk, user, f"m{talk}-0", self.now, item))

    async def looked_up(self, word: str, talk: str) -> None:
        await self.memories.add_word("ann", NewWord("en", word, "meaning", "", talk, self.now))

    async def memory(self, language: str = "en", exclude: str = "") -> Memory:
        found = await self.memories.recall("ann", language, exclude)
        assert found is not None
        return found


@pytest.fixture
async def learner(database: Database) -> Learner:
    learner = Learner(database)
    for name in ("ann", "bob"):
        await learner.people.add_user(User(name, name, "/api/avatars/g/a.svg", 1.0))
    return learner


async def test_a_job_gets_the_newest_talks_words_and_due_mistakes(learner: Learner) -> None:
    for talk in ("k1", "k2", "k3", "k4"):
        await learner.talked(talk)
    await learner.corrected("k4")
    await learner.looked_up("queue", "k4")
    await learner.memories.change("ann", remembers=None, goals=["An interview in June"])
    await learner.talked("now", turns=1)
    memory = await learner.memory(exclude="now")
    assert [talk.conversation_id for talk in memory.talks] == ["k4", "k3", "k2"]
    assert memory.talks[0].topic == "Topic k4"
    assert memory.talks[0].summary == ("2 turns; 1 minute of speech; corrected most: verb form; words: queue")
    assert memory.goals == ["An interview in June"]
    assert [(word.word, word.is_due) for word in memory.words] == [("queue", True)]
    [mistake] = memory.mistakes
    assert (mistake.said, mistake.better) == ("I goed home", "I went home.")


async def test_memory_is_of_one_language(learner: Learner) -> None:
    await learner.talked("k1", language="en-GB")
    await learner.corrected("k1")
    await learner.talked("k2", language="vi")
    assert [talk.conversation_id for talk in (await learner.memory("en")).talks] == ["k1"]
    vietnamese = await learner.memory("vi")
    assert [talk.conversation_id for talk in vietnamese.talks] == ["k2"]
    assert vietnamese.mistakes == []


async def test_memory_is_of_one_person(learner: Learner) -> None:
    await learner.talked("k1", user="bob")
    await learner.corrected("k1", user="bob")
    memory = await learner.memory()
    assert (memory.talks, memory.mistakes) == ([], [])
    with pytest.raises(ConversationNotFound):
        await learner.memories.note_talk("ann", "k1", "Mine")


async def test_with_the_switch_off_nothing_is_given_and_no_word_is_stored(learner: Learner) -> None:
    await learner.talked("k1")
    await learner.memories.change("ann", remembers=False, goals=None)
    assert await learner.memories.recall("ann", "en", "") is None
    await learner.looked_up("queue", "k1")
    assert await learner.words.list_for("ann") == []
    page = await learner.memories.show("ann", "en")
    assert (page.remembers, len(page.memory.talks)) == (False, 1)


async def test_a_learner_rewrites_and_forgets_talks(learner: Learner) -> None:
    await learner.talked("k1")
    await learner.talked("k2")
    await learner.memories.note_talk("ann", "k1", "My trip to Huế")
    await learner.memories.note_talk("ann", "k2", "")
    [talk] = (await learner.memory()).talks
    assert (talk.conversation_id, talk.summary) == ("k1", "My trip to Huế")
    assert len(await learner.talks.list_for("ann", 10, None)) == 2


async def test_all_is_forgotten_at_once_but_not_the_talks_after_it(learner: Learner) -> None:
    await learner.talked("k1")
    await learner.corrected("k1")
    await learner.looked_up("queue", "k1")
    await learner.memories.change("ann", remembers=None, goals=["An interview"])
    await learner.memories.set_week_goal("ann", WeekGoal("days", 3))
    assert (await learner.memory()).mistakes
    learner.now += 1
    await learner.memories.forget_all("ann")
    memory = await learner.memory()
    assert (memory.goals, memory.talks, memory.words, memory.mistakes) == ([], [], [], [])
    assert (await learner.memories.settings("ann")).week_goal == WeekGoal("days", 3)
    await learner.talked("k2")
    assert [talk.conversation_id for talk in (await learner.memory()).talks] == ["k2"]


async def test_a_deleted_conversation_is_not_remembered(learner: Learner) -> None:
    await learner.talked("k1")
    await learner.memories.note_talk("ann", "k1", "My trip")
    await learner.talks.delete_for("ann", "k1")
    assert (await learner.memory()).talks == []
    async with learner.database.read() as connection:
        assert (await connection.execute(select(tables.talk_notes))).all() == []


async def test_memory_is_deleted_with_the_profile(learner: Learner) -> None:
    await learner.talked("k1")
    await learner.memories.note_talk("ann", "k1", "My trip")
    await learner.memories.change("ann", remembers=True, goals=["An interview"])
    async with learner.database.write() as connection:
        await connection.execute(delete(tables.users).where(tables.users.c.id == "ann"))
    async with learner.database.read() as connection:
        for table in (tables.learner_settings, tables.talk_notes):
            assert (await connection.execute(select(table))).all() == []
    with pytest.raises(UserNotFound):
        await learner.memories.change("ann", remembers=True, goals=None)


async def test_settings_are_the_defaults_until_they_are_changed(learner: Learner) -> None:
    assert await learner.memories.settings("ann") == LearnerSettings()
    await learner.memories.set_week_goal("ann", WeekGoal("minutes", 30))
    await learner.memories.change("ann", remembers=False, goals=None)
    changed = LearnerSettings(remembers=False, week_goal=WeekGoal("minutes", 30))
    assert await learner.memories.settings("ann") == changed


async def test_first_changes_at_the_same_time_are_all_kept(database: Database, learner: Learner) -> None:
    store = SqlMemoryStore(database)
    goals = [f"Goal {n}" for n in range(5)]

    async def add(goal: str) -> None:
        await store.change_settings("ann", lambda now: replace(now, goals=(*now.goals, goal)))

    await asyncio.gather(*(store.settings("ann") for _ in goals))  # opens their connections
    await asyncio.gather(*map(add, goals))
    assert sorted((await store.settings("ann")).goals) == goals


async def test_an_exercise_in_a_talk_counts_once_while_the_mistake_is_due(learner: Learner) -> None:
    await learner.talked("k1")
    await learner.corrected("k1")
    [due] = (await learner.memory()).mistakes
    for _ in range(2):
        await learner.memories.rate("ann", due.id, ExerciseResult.RIGHT)
    assert (await learner.memory()).mistakes == []
    [mistake] = await learner.mistakes.list_for("ann")
    assert (mistake.reviews, mistake.right_reviews) == (1, 1)
