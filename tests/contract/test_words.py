"""Words and their reviews, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, select

from server.errors import ConversationNotFound, WordNotFound
from server.learning.model import NewWord, Word
from server.learning.words import Words
from server.rooms.model import User
from server.storage import Database, SqlConversationStore, SqlUserStore, SqlWordStore, tables
from server.tutor.model import Conversation, Message
from tests.contract.storage_urls import database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]

START = 1_800_000_000.0  # 15 January 2027, 15:00 in Hanoi
HANOI = "Asia/Ho_Chi_Minh"
SENTENCE = "Please join the queue at the door."


class Learner:
    """Two people who read the talk k1. `now` is the clock."""

    def __init__(self, database: Database) -> None:
        self.now = START
        self.database = database
        self.talks = SqlConversationStore(database)
        self.store = SqlWordStore(database)
        self.words = Words(self.store, SqlUserStore(database), lambda: self.now)

    async def looked_up(self, word: str = "queue", **given: Any) -> Word:
        new = replace(NewWord("en", word, "a line of people", SENTENCE, "k1", self.now), **given)
        await self.words.add("ann", new)
        return (await self.words.list_for("ann"))[0]


@pytest.fixture
async def learner(database: Database) -> Learner:
    learner, people = Learner(database), SqlUserStore(database)
    await learner.talks.save_conversation(Conversation("k1", "r1", "Cà phê", "en", "A2", "Food", START))
    for name in ("ann", "bob"):
        await people.add_user(User(name, name, "/api/avatars/g/a.svg", 1.0, time_zone=HANOI))
    said = Message("m1", "k1", "t1", "learner", "ann", "p1", "ann", "What does queue mean?", START)
    await learner.talks.add_message(said, ["ann"])
    return learner


async def test_a_word_is_listed_with_its_meaning_and_sentence_and_due_at_once(learner: Learner) -> None:
    word = await learner.looked_up()
    assert (word.given.word, word.given.meaning, word.given.sentence) == (
        "queue",
        "a line of people",
        SENTENCE,
    )
    assert await learner.words.due("ann", 10) == (1, [word])


async def test_a_word_that_is_looked_up_again_is_one_word_and_due_again(learner: Learner) -> None:
    word = await learner.looked_up()
    await learner.words.answer("ann", word.id, "queue", 1)
    assert await learner.words.due("ann", 10) == (0, [])
    learner.now += 3_600
    again = await learner.looked_up("Queue", meaning="", sentence="A long queue.")
    assert (again.id, again.reviews) == (word.id, 1)
    assert (again.given.meaning, again.given.sentence) == ("a line of people", "A long queue.")
    assert (await learner.words.due("ann", 10))[0] == 1


async def test_a_word_explained_again_without_a_sentence_keeps_the_one_it_has(learner: Learner) -> None:
    await learner.looked_up()
    word = await learner.looked_up(sentence="", conversation_id=None, meaning="a line")
    assert (word.given.sentence, word.given.conversation_id) == (SENTENCE, "k1")
    assert word.given.meaning == "a line"


async def test_two_tries_then_the_answer(learner: Learner) -> None:
    word = await learner.looked_up()
    first = await learner.words.answer("ann", word.id, "line", 1)
    assert (first.is_right, first.answer, first.was_rated) == (False, None, False)
    second = await learner.words.answer("ann", word.id, "row", 2)
    assert (second.is_right, second.answer, second.was_rated) == (False, "queue", True)
    assert second.word.schedule.due_at == START + 600
    assert (second.word.reviews, second.word.right_reviews) == (1, 0)


async def test_a_right_answer_sent_twice_counts_once(learner: Learner) -> None:
    word = await learner.looked_up()
    first = await learner.words.answer("ann", word.id, "Queue!", 1)
    second = await learner.words.answer("ann", word.id, "queue", 1)
    assert (first.was_rated, second.was_rated) == (True, False)
    assert first.word.schedule.due_at > START + 3_600
    assert not await learner.store.review("ann", word, first.word.schedule, was_right=True)


async def test_words_without_meaning_and_sentence_cannot_be_asked_for(learner: Learner) -> None:
    await learner.looked_up(meaning="", sentence="")
    assert await learner.words.due("ann", 10) == (0, [])


async def test_nobody_else_finds_answers_or_deletes_a_word(learner: Learner) -> None:
    word = await learner.looked_up()
    assert await learner.words.list_for("bob") == []
    for attempt in (
        learner.words.answer("bob", word.id, "queue", 1),
        learner.words.forget("bob", word.id),
    ):
        with pytest.raises(WordNotFound):
            await attempt
    await learner.words.forget_all("bob")
    assert not await learner.store.review("bob", word, word.schedule, was_right=True)
    assert await learner.words.list_for("ann") == [word]


async def test_words_are_deleted_one_by_one_or_all(learner: Learner) -> None:
    for word in ("queue", "aisle", "receipt"):
        await learner.looked_up(word)
    first = (await learner.words.list_for("ann"))[0]
    await learner.words.forget("ann", first.id)
    assert len(await learner.words.list_for("ann")) == 2
    await learner.words.forget_all("ann")
    assert await learner.words.list_for("ann") == []


async def test_a_word_goes_with_the_conversation_it_came_from(learner: Learner) -> None:
    await learner.looked_up()
    await learner.looked_up("ticket", conversation_id=None)
    await learner.talks.delete_for("ann", "k1")
    assert [word.given.word for word in await learner.words.list_for("ann")] == ["ticket"]
    with pytest.raises(ConversationNotFound):
        await learner.looked_up("late")


async def test_words_are_deleted_with_the_profile(learner: Learner) -> None:
    await learner.looked_up("ticket", conversation_id=None)
    async with learner.database.write() as connection:
        await connection.execute(delete(tables.users).where(tables.users.c.id == "ann"))
    async with learner.database.read() as connection:
        assert (await connection.execute(select(tables.words))).all() == []


async def test_of_too_many_words_the_mastered_go_first_then_the_oldest(learner: Learner) -> None:
    for n, text in enumerate(("one", "two", "three", "four")):
        learner.now = START + n
        word = await learner.looked_up(text)
    mastered = replace(word.schedule, state=2, step=None, stability=30.0, difficulty=5.0)
    await learner.store.review("ann", word, mastered, was_right=True)
    learner.now += 1
    await learner.store.add("ann", NewWord("en", "five", "5", "", None, learner.now), 3)
    assert [word.given.word for word in await learner.words.list_for("ann")] == ["five", "three", "two"]
