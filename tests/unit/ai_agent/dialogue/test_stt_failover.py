"""The speaker's level is passed to the recogniser; another recogniser takes over in mid-turn."""

from __future__ import annotations

from dataclasses import replace

from ai_agent.dialogue.ports import Learner, Lesson
from tests.fakes.speech import SPEECH, STILL, Room, ScriptedStt


async def test_after_a_fallback_to_an_engine_without_turn_detection_silence_ends_the_turn() -> None:
    stt = ScriptedStt("I like rice", detects_turns=True)
    async with Room(stt=stt) as room:
        await room.run(1.0, ann=SPEECH)
        stt.detects_turns = False
        await room.run(0.5, ann=STILL)
        assert stt.streams[0].flushes == 1
        await room.run(0.5, ann=STILL)
        assert room.sink.finals == ["I like rice"]


async def test_after_a_fallback_to_an_engine_with_turn_detection_the_engine_ends_the_turn() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt) as room:
        await room.run(1.0, ann=SPEECH)
        stt.detects_turns = True
        await room.run(1.0, ann=STILL)
        assert (stt.streams[0].flushes, room.sink.finals) == (0, [])
        stt.streams[0].says("end_of_turn", "I like rice")
        await room.run(0.1, ann=STILL)
        assert room.sink.finals == ["I like rice"]


async def test_the_recogniser_gets_the_level_of_its_speaker_and_its_changes() -> None:
    stt = ScriptedStt(detects_turns=True)
    lesson = Lesson("Emma", "en", "A1", "food")
    async with Room(stt=stt, lesson=lesson) as room:
        await room.run(0.2)
        room.dialogue.set_lesson(replace(lesson, level="C2"))
        await room.run(0.2)
        assert stt.streams[0].levels == ["A1", "C2"]


async def test_in_a_group_each_recogniser_gets_the_level_of_its_speaker() -> None:
    stt = ScriptedStt(detects_turns=True)
    people = (Learner("ann", "Ann", level="A1"), Learner("ben", "Ben", level="C2"), Learner("cat", "Cat"))
    async with Room(
        stt=stt, people=people, lesson=Lesson("Emma", "en", "B1", "food", one_to_one=False)
    ) as room:
        await room.run(0.1)
        assert [stream.levels for stream in stt.streams] == [["A1"], ["C2"], ["B1"]]
