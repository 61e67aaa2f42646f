"""Words that a learner asks about in a talk go to their list, whichever engine answers."""

from __future__ import annotations

import asyncio

from tests.fakes.speech import Room, ScriptedLlm, ScriptedStt

TOLD = "Was there a long queue at the shop?"
MEANS = "It is a line of people."


async def noted(room: Room) -> list[tuple[str, str, str]]:
    """The first words that were noted: the dictionary is read in a thread."""
    async with asyncio.timeout(20):
        while not room.sink.words:
            await room.settle()
    return [(who, word.word, word.sentence) for who, word in room.sink.words]


async def test_a_typed_question_about_a_word_is_noted_with_the_tutors_sentence() -> None:
    async with Room(llm=ScriptedLlm([TOLD])) as room:
        room.dialogue.say("ann", "I went shopping")
        await room.run(8.0)
        room.dialogue.say("ann", "What does queue mean?")
        await room.run(0.1)
        assert await noted(room) == [("ann", "queue", TOLD)]


async def test_a_spoken_question_is_noted_too() -> None:
    async with Room(stt=ScriptedStt("what does receipt mean"), llm=ScriptedLlm([MEANS])) as room:
        await room.speak()
        assert await noted(room) == [("ann", "receipt", "")]


async def test_other_words_are_not_noted() -> None:
    async with Room(llm=ScriptedLlm([TOLD])) as room:
        room.dialogue.say("ann", "I mean the queue at the shop")
        room.dialogue.say("ann", "What does queue mean?")
        await room.run(3.0)
        assert [word for _, word, _ in await noted(room)] == ["queue"]


async def test_a_word_that_the_tutor_explains_is_noted_once() -> None:
    async with Room(llm=ScriptedLlm(['"Queue" means a line of people.'])) as room:
        for _ in range(2):
            room.dialogue.say("ann", "Teach me a word")
            await room.run(8.0)
        assert [(who, word.word, word.meaning) for who, word in room.sink.words] == [
            ("ann", "queue", "a line of people")
        ]
