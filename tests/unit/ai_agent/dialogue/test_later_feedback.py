"""In a group what people say to each other is corrected for those who want it, after the talk."""

from __future__ import annotations

from dataclasses import replace

from ai_agent.dialogue import later_feedback
from ai_agent.dialogue.ports import Lesson
from ai_agent.errors import EngineUnavailable
from ai_agent.providers.local import scripted
from tests.fakes.speech import Room, ScriptedLlm, ScriptedStt
from tests.unit.ai_agent.dialogue.test_elicitation import OPEN, RIGHT, SAID, found
from tests.unit.ai_agent.dialogue.test_feedback import ANN, BEN, GROUP, QUESTION

WANTS = replace(ANN, wants_feedback=True)


def group(stt: ScriptedStt, *, lesson: Lesson = GROUP, llm: ScriptedLlm | None = None) -> Room:
    mind = None if llm else scripted.ScriptedLlm()
    return Room(stt=stt, llm=llm, mind=mind, lesson=lesson, people=(WANTS, BEN), history=())


async def test_a_turn_to_others_is_corrected_for_its_speaker_who_wants_it() -> None:
    async with group(ScriptedStt("Ben, I go to Hanoi yesterday")) as room:
        await room.speak()
        assert [(who, item.corrected_sentence, item.hint) for who, item in room.sink.later] == [
            ("ann", "Ben, I went to Hanoi yesterday", None)
        ]
        assert room.sink.feedback == []
        assert room.sink.spoken == []


async def test_nobody_else_is_checked() -> None:
    llm = ScriptedLlm([found(hint="")])
    async with group(ScriptedStt(f"Ann, {SAID}"), llm=llm) as room:
        await room.speak(who="ben")
        assert [text for who, text, is_final in room.sink.transcripts if is_final] == [f"Ann, {SAID}"]
        assert llm.requests == []
        assert room.sink.later == []


async def test_the_engine_gets_the_turn_alone() -> None:
    llm = ScriptedLlm([found(hint="")])
    async with group(ScriptedStt(f"Ben, {SAID}"), llm=llm) as room:
        await room.speak()
        (request,) = llm.requests
        assert [message.text for message in request.messages] == [f"Ben, {SAID}"]
        assert request.lesson.purpose == "feedback"
        assert [(item.corrected_sentence, item.hint) for _, item in room.sink.later] == [OPEN]


async def test_a_correction_of_words_that_were_not_said_is_dropped() -> None:
    llm = ScriptedLlm([found("She like rice", "She likes rice", "")])
    async with group(ScriptedStt(f"Ben, {SAID}"), llm=llm) as room:
        await room.speak()
        assert len(llm.requests) == 1
        assert room.sink.later == []


async def test_a_turn_to_the_tutor_gets_its_feedback_at_once() -> None:
    llm = ScriptedLlm([found(hint=""), QUESTION])
    async with group(ScriptedStt(f"Emma, {SAID}"), llm=llm) as room:
        await room.speak(then=4.0)
        assert [item.corrected_sentence for _, item in room.sink.feedback] == [RIGHT]
        assert room.sink.later == []


async def test_words_that_call_for_care_are_not_corrected() -> None:
    llm = ScriptedLlm([found(hint="")])
    async with group(ScriptedStt("Ben, I want to kill myself"), llm=llm) as room:
        await room.speak()
        assert llm.requests == []


async def test_an_engine_that_fails_costs_one_turn() -> None:
    llm = ScriptedLlm([EngineUnavailable("mind", retry_after_s=1)], [found(hint="")])
    async with group(ScriptedStt("Ben, she like tea", f"Ben, {SAID}"), llm=llm) as room:
        await room.speak()
        await room.speak()
        assert [item.corrected_sentence for _, item in room.sink.later] == [RIGHT]


async def test_a_flood_of_turns_waits_within_bounds() -> None:
    llm = ScriptedLlm([QUESTION])
    llm.gate.clear()
    stt = ScriptedStt(*(f"Ben, I like tea number {n}" for n in range(later_feedback.MAX_WAITING + 6)))
    async with group(stt, llm=llm) as room:
        for _ in range(later_feedback.MAX_WAITING + 6):
            await room.speak(0.6)
        llm.gate.set()
        await room.run(2.0)
        assert len(llm.requests) == later_feedback.MAX_WAITING + 1
