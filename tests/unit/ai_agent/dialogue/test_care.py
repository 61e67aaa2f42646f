"""Words that call for care, in whole conversations: no engine is asked, and the page gets numbers to call."""

from __future__ import annotations

import pytest

from ai_agent.dialogue.ports import Learner, Lesson
from tests.fakes.speech import Room, ScriptedLlm, ScriptedStt
from tests.unit.ai_agent.dialogue.test_conversation_flow import MISTAKE, QUESTION

ANN = (Learner("ann", "Ann", country="GB"),)


async def test_the_engine_is_not_asked_and_a_helpline_is_spoken_and_shown() -> None:
    async with Room(llm=ScriptedLlm([MISTAKE, QUESTION]), people=ANN) as room:
        room.dialogue.say("ann", "I want kill myself")
        await room.run(30.0)
        assert room.llm.requests == []
        assert room.sink.feedback == []
        [spoken] = room.sink.spoken
        assert "116 123" in (spoken or "")
        assert [kept.role for kept in room.sink.kept] == ["learner", "tutor"]
        lines = room.sink.helplines
        assert [line.phone for line in lines] == ["116 123", None]


async def test_the_lesson_goes_on_with_the_engine_when_the_learner_wants_it() -> None:
    async with Room(llm=ScriptedLlm([QUESTION]), people=ANN) as room:
        room.dialogue.say("ann", "My dog died")
        await room.run(30.0)
        room.dialogue.say("ann", "yes")
        await room.run(20.0)
        assert room.llm.requests == []
        room.dialogue.say("ann", "something else please")
        await room.run(5.0)
        assert len(room.llm.requests) == 1
        assert "said something that hurts" in room.llm.requests[0].system
        assert room.sink.spoken[-1] == QUESTION


async def test_spoken_words_are_cared_for_like_typed_ones() -> None:
    async with Room(stt=ScriptedStt("my husband hits me"), people=ANN) as room:
        await room.speak(then=30.0)
        assert room.llm.requests == []
        assert "0808 2000 247" in (room.sink.spoken[0] or "")


async def test_feedback_on_such_words_is_no_correction() -> None:
    async with Room(llm=ScriptedLlm([MISTAKE, QUESTION]), people=ANN) as room:
        room.dialogue.say("ann", "my dog is die")
        await room.run(30.0)
        room.dialogue.ask_feedback("ann")
        await room.run(1.0)
        assert room.llm.requests == []
        [(_, reason, text)] = room.sink.no_feedback
        assert reason == "right"
        assert "more important than the grammar" in text


async def test_bad_news_is_put_into_the_prompt() -> None:
    async with Room(llm=ScriptedLlm([QUESTION]), people=ANN) as room:
        room.dialogue.say("ann", "I lost my job")
        await room.run(3.0)
        assert "bad news or a bad feeling" in room.llm.requests[0].system


@pytest.mark.parametrize("one_to_one", [True, False])
async def test_the_tutor_stays_silent_until_the_learner_speaks_again(one_to_one: bool) -> None:
    lesson = Lesson("Emma", "en", "B1", "food", one_to_one=one_to_one, breaks_silence=True)
    async with Room(llm=ScriptedLlm([QUESTION]), people=ANN, lesson=lesson) as room:
        room.dialogue.say("ann", "I want to die")
        await room.run(180.0)
        assert room.llm.requests == []
        assert len([text for text in room.sink.spoken if text]) == 1
