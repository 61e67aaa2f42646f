"""The words that people say until they leave in mid-sentence are kept and judged, and nobody is answered."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from ai_agent.audio import INPUT_HZ
from ai_agent.dialogue.dialogue import FINISH_S
from ai_agent.dialogue.turn import FINAL_WAIT_S
from tests.fakes.speech import SPEECH, Room, ScriptedLlm, ScriptedStt
from tests.fakes.virtual_time import on_virtual_time
from tests.unit.ai_agent.dialogue.test_elicitation import RIGHT, SAID, found
from tests.unit.ai_agent.dialogue.test_feedback import ANN, BEN, GROUP

FOUND = [found(hint="")]


def learners_words(room: Room) -> list[str]:
    return [kept.text for kept in room.sink.kept if kept.role == "learner"]


def corrections(room: Room) -> list[tuple[str, str]]:
    return [(who, item.corrected_sentence) for who, item in room.sink.later]


async def test_words_of_the_last_learner_are_kept_and_judged_and_not_answered() -> None:
    async with Room(stt=ScriptedStt(SAID), llm=ScriptedLlm(FOUND)) as room:
        await room.run(1.0, ann=SPEECH)
        await room.dialogue.finish()
        assert learners_words(room) == [SAID]
        assert corrections(room) == [("ann", RIGHT)]
        assert [request.lesson.purpose for request in room.llm.requests] == ["feedback"]
        assert room.sink.spoken == []


async def test_held_speech_counts_too() -> None:
    async with Room(stt=ScriptedStt(SAID), llm=ScriptedLlm(FOUND)) as room:
        room.dialogue.hold("ann", True)
        await room.run(1.0, ann=SPEECH)
        await room.dialogue.finish()
        assert learners_words(room) == [SAID]


async def test_words_of_the_browser_are_taken_as_they_are() -> None:
    people = (replace(ANN, recognition="browser"),)
    async with Room(people=people, llm=ScriptedLlm(FOUND)) as room:
        room.dialogue.recognized("ann", SAID, is_final=False)
        await room.dialogue.finish()
        assert learners_words(room) == [SAID]
        assert corrections(room) == [("ann", RIGHT)]


async def test_the_voice_is_kept_only_with_consent() -> None:
    for consents in (True, False):
        people = (replace(ANN, keep_audio=consents),)
        async with Room(stt=ScriptedStt(SAID), people=people) as room:
            await room.run(1.0, ann=SPEECH)
            await room.dialogue.finish()
            (kept,) = room.sink.kept
            assert (kept.audio is not None) is consents
            if kept.audio is not None:
                assert len(kept.audio) == pytest.approx(INPUT_HZ, rel=0.1)
                assert np.abs(kept.audio).max() > 0


async def test_words_are_dropped_when_their_speaker_takes_back_that_they_are_heard() -> None:
    async with Room(stt=ScriptedStt(SAID), llm=ScriptedLlm(FOUND)) as room:
        await room.run(1.0, ann=SPEECH)
        room.dialogue.set_people([replace(ANN, recognition="none")])
        await room.run(1.0)
        await room.dialogue.finish()
        assert room.sink.kept == []
        assert room.llm.requests == []


def test_a_recogniser_that_gives_no_answer_is_waited_for_within_a_bound() -> None:
    async def leave() -> None:
        stt = ScriptedStt()
        async with Room(stt=stt, llm=ScriptedLlm(FOUND)) as room:
            await room.run(0.5, ann=SPEECH)
            stt.streams[0].says("partial", SAID)
            await room.run(0.5, ann=SPEECH)
            stt.streams[0].holds_flushes = True
            began = asyncio.get_running_loop().time()
            await room.dialogue.finish()
            assert asyncio.get_running_loop().time() - began == pytest.approx(FINAL_WAIT_S)
            assert learners_words(room) == [SAID]
            assert corrections(room) == [("ann", RIGHT)]

    on_virtual_time(leave())


def test_an_engine_that_does_not_answer_is_not_waited_for_longer() -> None:
    async def leave() -> None:
        llm = ScriptedLlm(FOUND)
        llm.gate.clear()
        async with Room(stt=ScriptedStt(SAID), llm=llm) as room:
            await room.run(1.0, ann=SPEECH)
            began = asyncio.get_running_loop().time()
            await room.dialogue.finish()
            assert asyncio.get_running_loop().time() - began == pytest.approx(FINISH_S)
            assert learners_words(room) == [SAID]
        assert llm.closed == 1

    on_virtual_time(leave())


async def test_words_still_owed_of_a_turn_that_has_ended_are_kept() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt, llm=ScriptedLlm(FOUND)) as room:
        stt.streams[0].holds_flushes = True
        await room.speak(1.0, then=4.0)
        assert learners_words(room) == []
        finishing = asyncio.create_task(room.dialogue.finish())
        await room.settle()
        stt.streams[0].says("final", SAID)
        stt.streams[0].says("flushed")
        await finishing
        assert learners_words(room) == [SAID]
        assert corrections(room) == [("ann", RIGHT)]


async def test_a_turn_whose_reply_was_only_thought_of_is_judged() -> None:
    llm = ScriptedLlm(["Where did you stay?"], FOUND)
    llm.gate.clear()
    async with Room(stt=ScriptedStt(SAID), llm=llm) as room:
        await room.speak(1.0)
        finishing = asyncio.create_task(room.dialogue.finish())
        await room.settle()
        llm.gate.set()
        await finishing
        assert [request.lesson.purpose for request in llm.requests] == ["reply", "feedback"]
        assert room.sink.spoken == [""]
        assert learners_words(room) == [SAID]
        assert corrections(room) == [("ann", RIGHT)]


async def test_a_backchannel_over_the_reply_is_not_kept() -> None:
    async with Room(stt=ScriptedStt("yeah okay"), llm=ScriptedLlm(["A long answer. " * 9])) as room:
        room.dialogue.say("ann", "Hello")
        await room.run(1.0)
        await room.run(0.5, ann=SPEECH)
        await room.dialogue.finish()
        assert learners_words(room) == ["Hello"]


async def test_speech_without_words_leaves_nothing() -> None:
    async with Room(stt=ScriptedStt(), llm=ScriptedLlm(FOUND)) as room:
        await room.run(1.0, ann=SPEECH)
        await room.dialogue.finish()
        assert room.sink.kept == []
        assert room.sink.spoken == []
        assert room.llm.requests == []


async def test_finishing_twice_or_in_silence_does_nothing() -> None:
    async with Room(stt=ScriptedStt()) as room:
        await room.dialogue.finish()
        await room.dialogue.finish()
        assert room.sink.kept == []


# In a group, which goes on


def group(*hears: str) -> Room:
    return Room(stt=ScriptedStt(*hears), llm=ScriptedLlm(FOUND), people=(ANN, BEN), lesson=GROUP)


async def test_words_to_the_tutor_of_one_who_leaves_a_group_are_kept_and_judged() -> None:
    async with group(f"Emma, {SAID}") as room:
        await room.run(1.0, ann=SPEECH)
        room.dialogue.set_people([BEN])
        await room.run(1.0)
        assert learners_words(room) == [f"Emma, {SAID}"]
        assert corrections(room) == [("ann", RIGHT)]
        assert room.sink.spoken == []
        assert room.state() == "idle"


async def test_words_to_others_are_judged_only_for_those_who_asked_for_that() -> None:
    async with group(f"Ben, {SAID}") as room:
        await room.run(1.0, ann=SPEECH)
        room.dialogue.set_people([BEN])
        await room.run(1.0)
        assert learners_words(room) == [f"Ben, {SAID}"]
        assert room.llm.requests == []


async def test_the_floor_is_free_as_soon_as_its_speaker_has_left() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt, people=(ANN, BEN), lesson=GROUP) as room:
        await room.run(1.0, ann=SPEECH)
        assert room.state() == "listening"
        for stream in stt.streams:
            stream.holds_flushes = True
        room.dialogue.set_people([BEN])
        await room.run(0.04)
        assert room.state() == "idle"
