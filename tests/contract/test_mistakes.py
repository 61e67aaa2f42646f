"""Mistakes and their reviews, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select

from server.errors import MistakeNotFound
from server.learning.mistakes import Mistakes
from server.protocol.tutor import FeedbackCategory, FeedbackItem
from server.rooms.model import User
from server.storage import Database, SqlConversationStore, SqlMistakeStore, SqlUserStore
from server.storage.tables import mistake_sentences, mistakes, users
from server.tutor.model import Conversation, Message, StoredCorrection
from tests.contract.storage_urls import database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]

START = 1_800_000_000.0  # 15 January 2027, 15:00 in Hanoi
DAY = 86_400.0
HANOI = "Asia/Ho_Chi_Minh"


class Learner:
    """Corrections and reviews of several people. `now` is the clock."""

    def __init__(self, database: Database) -> None:
        self.now = START
        self._turns = 0
        self.database = database
        self.talks = SqlConversationStore(database)
        self.people = SqlUserStore(database)
        self.store = SqlMistakeStore(database)
        self.mistakes = Mistakes(self.store, self.people, lambda: self.now)

    async def corrected(
        self,
        original: str,
        corrected: str,
        category: FeedbackCategory = FeedbackCategory.VERB_FORM,
        *,
        user: str = "ann",
        talk: str = "k1",
        at: float | None = None,
    ) -> None:
        """A turn with a correction."""
        at = self.now if at is None else at
        await self.said(original, user=user, talk=talk, at=at)
        turn_id = f"t{self._turns}"
        item = FeedbackItem(
            id=f"c{turn_id}",
            turn_id=turn_id,
            original_sentence=original,
            corrected_sentence=corrected,
            explanation="Because.",
            category=category,
        )
        await self.talks.add_correction(StoredCorrection(talk, user, f"m{turn_id}", at, item))

    async def said(self, text: str, *, user: str = "ann", talk: str = "k1", at: float) -> None:
        self._turns += 1
        turn_id = f"t{self._turns}"
        message = Message(f"m{turn_id}", talk, turn_id, "learner", user, "p1", user, text, at)
        await self.talks.add_message(message, [user])


@pytest.fixture
async def learner(database: Database) -> Learner:
    learner = Learner(database)
    for name in ("ann", "bob"):
        user = User(name, name.title(), f"/api/avatars/g/{name}.svg", 1.0, time_zone=HANOI)
        await learner.people.add_user(user)
    for talk in ("k1", "k2"):
        await learner.talks.save_conversation(Conversation(talk, "r1", "Cà phê", "en", "A2", "Food", START))
    return learner


async def test_mistakes_with_the_same_words_changed_are_one_pattern(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.", at=START)
    await learner.corrected("She goed away", "She went away.", at=START + 60)
    await learner.corrected("I work in bank", "I work in a bank.", FeedbackCategory.ARTICLE, at=START + 30)
    verb, article = await learner.mistakes.list_for("ann")
    assert (verb.pattern.said, verb.pattern.right, verb.times) == ("goed", "went", 2)
    assert (verb.first_at, verb.last_at) == (START, START + 60)
    assert (article.pattern.said, article.pattern.right, article.times) == ("", "a", 1)
    _, sentences = await learner.mistakes.find("ann", verb.id)
    assert [sentence.original for sentence in sentences] == ["She goed away", "I goed home"]


async def test_a_mistake_is_reviewed_on_growing_pauses(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    count, [exercise] = await learner.mistakes.due("ann", 10)
    assert (count, exercise.sentence.original) == (1, "I goed home")
    verdict = await learner.mistakes.answer("ann", exercise.mistake.id, "i went home", 1)
    assert (verdict.is_right, verdict.was_rated, verdict.answer) == (True, True, "I went home.")
    assert verdict.mistake.schedule.due_at == START - 8 * 3_600 - 7 * 3_600 + 2 * DAY
    assert await learner.mistakes.due("ann", 10) == (0, [])
    learner.now = first_pause = verdict.mistake.schedule.due_at
    again = await learner.mistakes.answer("ann", exercise.mistake.id, "I went home", 1)
    assert again.mistake.schedule.due_at - learner.now > first_pause - START
    assert (again.mistake.reviews, again.mistake.right_reviews) == (2, 2)


async def test_the_first_wrong_answer_decides_nothing_and_the_second_does(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    _, [exercise] = await learner.mistakes.due("ann", 10)
    first = await learner.mistakes.answer("ann", exercise.mistake.id, "I goes home", 1)
    assert (first.is_right, first.answer, first.was_rated) == (False, None, False)
    assert (await learner.mistakes.due("ann", 10))[0] == 1
    second = await learner.mistakes.answer("ann", exercise.mistake.id, "I gone home", 2)
    assert (second.is_right, second.answer, second.was_rated) == (False, "I went home.", True)
    assert second.mistake.schedule.due_at == START + 600
    assert (second.mistake.reviews, second.mistake.right_reviews) == (1, 0)


async def test_asking_for_the_answer_counts_as_not_known(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    _, [exercise] = await learner.mistakes.due("ann", 10)
    shown = await learner.mistakes.answer("ann", exercise.mistake.id, None, 1)
    assert (shown.is_right, shown.answer, shown.was_rated) == (False, "I went home.", True)


async def test_an_answer_sent_twice_counts_once(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    _, [exercise] = await learner.mistakes.due("ann", 10)
    first = await learner.mistakes.answer("ann", exercise.mistake.id, "I went home", 1)
    second = await learner.mistakes.answer("ann", exercise.mistake.id, "I went home", 1)
    assert (second.is_right, second.was_rated) == (True, False)
    assert second.mistake == first.mistake
    stale = first.mistake.schedule
    assert not await learner.store.review("ann", exercise.mistake, stale, was_right=True)


async def test_a_mistake_made_again_is_due_again_with_the_new_sentence(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    _, [exercise] = await learner.mistakes.due("ann", 10)
    await learner.mistakes.answer("ann", exercise.mistake.id, "I went home", 1)
    learner.now += 3_600
    await learner.corrected("We goed out", "We went out.", talk="k2")
    count, [again] = await learner.mistakes.due("ann", 10)
    assert (count, again.mistake.id) == (1, exercise.mistake.id)
    assert again.sentence.original == "We goed out"


async def test_nobody_else_finds_answers_or_deletes_a_mistake(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    [mistake] = await learner.mistakes.list_for("ann")
    assert await learner.mistakes.list_for("bob") == []
    assert await learner.mistakes.due("bob", 10) == (0, [])
    for attempt in (
        learner.mistakes.find("bob", mistake.id),
        learner.mistakes.answer("bob", mistake.id, "I went home", 1),
        learner.mistakes.forget("bob", mistake.id),
    ):
        with pytest.raises(MistakeNotFound):
            await attempt
    assert not await learner.store.review("bob", mistake, mistake.schedule, was_right=True)
    assert await learner.mistakes.list_for("ann") == [mistake]


async def test_the_same_mistake_of_two_people_is_two_mistakes(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    await learner.corrected("I goed home", "I went home.", user="bob")
    [anns], [bobs] = [await learner.mistakes.list_for(name) for name in ("ann", "bob")]
    assert anns.id != bobs.id
    assert (anns.times, bobs.times) == (1, 1)


async def test_a_deleted_mistake_stays_away_until_it_is_made_again(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    [mistake] = await learner.mistakes.list_for("ann")
    await learner.mistakes.forget("ann", mistake.id)
    assert await learner.mistakes.list_for("ann") == []
    await learner.corrected("We goed out", "We went out.")
    [again] = await learner.mistakes.list_for("ann")
    assert (again.times, again.reviews) == (1, 0)


async def test_a_mistake_goes_with_the_last_conversation_in_which_it_was_made(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    await learner.corrected("We goed out", "We went out.", talk="k2")
    assert [mistake.times for mistake in await learner.mistakes.list_for("ann")] == [2]
    await learner.talks.delete_for("ann", "k2")
    assert [mistake.times for mistake in await learner.mistakes.list_for("ann")] == [1]
    await learner.talks.delete_for("ann", "k1")
    async with learner.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(mistakes)) == 0


async def test_mistakes_are_deleted_with_the_profile(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    await learner.mistakes.list_for("ann")
    async with learner.database.write() as connection:
        await connection.execute(delete(users).where(users.c.id == "ann"))
    async with learner.database.read() as connection:
        for table in (mistakes, mistake_sentences):
            assert (await connection.execute(select(table))).all() == []


async def test_of_too_many_mistakes_the_mastered_go_first_then_those_not_made_for_longest(
    learner: Learner,
) -> None:
    for n, word in enumerate(("goed", "eated", "runned", "sitted")):
        await learner.corrected(f"I {word}", "I did.", at=START + n)
    sitted, runned, *_ = await learner.mistakes.list_for("ann")
    mastered = replace(sitted.schedule, state=2, step=None, stability=30.0, difficulty=5.0)
    await learner.store.review("ann", sitted, mastered, was_right=True)
    await learner.store.file("ann", [], keep=2)
    assert [m.pattern.said for m in await learner.mistakes.list_for("ann")] == ["runned", "eated"]
    await learner.store.file("ann", [], keep=1)
    assert [m.id for m in await learner.mistakes.list_for("ann")] == [runned.id]


async def test_weeks_count_turns_and_those_corrected_in_the_learners_days(learner: Learner) -> None:
    midnight = START - 8 * 3_600 - 7 * 3_600 + DAY  # the end of START's day in Hanoi
    await learner.said("Hello there", at=midnight - 7 * DAY)
    await learner.said("Right", at=START)
    await learner.corrected("I goed home", "I went home.", at=START)
    await learner.corrected("I goed", "I went", at=midnight - 7 * DAY - 1)
    await learner.corrected("I goed home", "I went home.", user="bob", at=START)
    before, last = await learner.mistakes.weeks("ann", 2)
    assert (before.turns, before.corrected) == (1, {FeedbackCategory.VERB_FORM: 1})
    assert (last.turns, last.corrected) == (3, {FeedbackCategory.VERB_FORM: 1})
    assert [week.first_day.isoformat() for week in (before, last)] == ["2027-01-02", "2027-01-09"]


async def test_a_mistake_goes_when_the_words_it_was_found_in_were_misheard(learner: Learner) -> None:
    await learner.corrected("I goed home", "I went home.")
    assert (await learner.mistakes.due("ann", 10))[0] == 1
    mended = Message("mt1", "k1", "t1", "learner", "ann", "p1", "ann", "I go home", START)
    await learner.talks.amend_message(mended)
    assert await learner.mistakes.due("ann", 10) == (0, [])
    assert await learner.mistakes.list_for("ann") == []
