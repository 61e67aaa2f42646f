"""The tutor's output while it reaches nobody, on virtual time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ai_agent.audio import OUTPUT_HZ
from ai_agent.dialogue.ports import Learner, Lesson
from server.protocol.tutor import TutorState
from tests.fakes.speech import Room, ScriptedLlm

ANN, BOB = Learner("ann", "Ann", level="B1"), Learner("bob", "Bob", level="B1")
AWAY = replace(ANN, is_reached=False)
FIRST, REST = (
    "One two three four five. ",
    "Six seven eight nine ten. So many numbers, and " + "still more " * 6,
)
COUNT = FIRST + REST + "to come."


def length_s(text: str) -> float:
    """Duration at ScriptedTts, which adds a space to each sentence."""
    return (len(text) + text.count(".")) * 0.06


async def counting(room: Room, heard_s: float) -> None:
    room.dialogue.say("ann", "Count, please.")
    await room.run(heard_s)
    assert room.state() is TutorState.SPEAKING


async def test_the_tutor_does_not_speak_while_nobody_can_hear_it() -> None:
    async with Room(llm=ScriptedLlm([COUNT])) as room:
        await counting(room, 1.0)
        room.dialogue.set_people([AWAY])
        await room.run(10.0)
        assert room.heard_s == pytest.approx(1.0, abs=0.05)
        assert room.sink.spoken == []


async def test_a_learner_who_returns_hears_the_missed_audio_from_the_start_of_its_sentence() -> None:
    async with Room(llm=ScriptedLlm([COUNT])) as room:
        await counting(room, length_s(FIRST) + 5.3)
        room.dialogue.set_people([AWAY])
        await room.run(3.0)
        room.dialogue.set_people([ANN])
        await room.run(10.0)
        assert room.sink.spoken == [COUNT]
        # it is noticed after five seconds: then the second sentence had begun
        assert room.heard_s == pytest.approx(5.3 + length_s(COUNT), abs=0.1)


async def test_a_repeated_sentence_is_in_history_and_audio_once() -> None:
    async with Room(llm=ScriptedLlm([COUNT])) as room:
        await counting(room, 4.0)
        room.dialogue.rewind(1.0)
        await room.run(10.0)
        (tutor,) = [kept for kept in room.sink.kept if kept.role == "tutor"]
        assert tutor.text == COUNT
        assert tutor.speech_s == pytest.approx(length_s(COUNT), abs=0.05)
        assert tutor.audio is not None
        assert len(tutor.audio) / OUTPUT_HZ == pytest.approx(tutor.speech_s, abs=0.05)


async def test_in_a_group_the_tutor_speaks_while_at_least_one_person_is_connected() -> None:
    group = Lesson("Emma", "en", "B1", "food", rate=1.0, one_to_one=False)
    async with Room(llm=ScriptedLlm([COUNT]), lesson=group, people=[ANN, BOB]) as room:
        await counting(room, 1.0)
        room.dialogue.set_people([AWAY, BOB])
        await room.run(1.0)
        room.dialogue.set_people([ANN, BOB])
        await room.run(8.0)
        assert room.heard_s == pytest.approx(length_s(COUNT), abs=0.1)


async def test_a_long_absence_does_not_give_up_an_answer_that_was_heard() -> None:
    async with Room(llm=ScriptedLlm([COUNT])) as room:
        await counting(room, 1.0)
        room.dialogue.set_people([AWAY])
        await room.run(29.0)
        room.dialogue.set_people([ANN])
        await room.run(10.0)
        assert room.sink.spoken == [COUNT]


async def test_an_answer_that_had_ended_is_not_repeated() -> None:
    async with Room(llm=ScriptedLlm(["Yes."])) as room:
        room.dialogue.say("ann", "Is it?")
        await room.run(2.0)
        heard_s = room.heard_s
        room.dialogue.rewind(4.0)
        await room.run(2.0)
        assert room.heard_s == heard_s
