"""The greeting and the prompt use the memory of a learner, and exercises are reported."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.providers.local import scripted
from ai_agent.tutor.memory import prompt_lines
from server.protocol.memory import Memory
from tests.fakes.speech import Room, ScriptedLlm
from tests.unit.ai_agent.dialogue.test_elicitation import say
from tests.unit.ai_agent.dialogue.test_feedback import ANN, BEN, GROUP, QUESTION

DUE = {
    "id": "m1",
    "said": "I go to Hanoi last week",
    "better": "I went to Hanoi last week",
    "category": "tense",
}
TALK = {
    "conversation_id": "c1",
    "at": datetime(2026, 11, 20, 18, tzinfo=UTC),
    "topic": "Food and cooking",
    "summary": "You told about your mother's soup.",
}
WORD = {"id": "w1", "word": "ladle", "meaning": "a big spoon", "sentence": "", "is_due": True}


def memory(**changes: Any) -> Memory:
    empty: dict[str, Any] = {"language": "en", "goals": [], "talks": [], "words": [], "mistakes": []}
    return Memory(**(empty | changes))


def room(known: Memory, *, topic: str = "travel", llm: ScriptedLlm | None = None) -> Room:
    return Room(
        llm=llm,
        mind=None if llm else scripted.ScriptedLlm(),
        lesson=Lesson("Emma", "en", "B1", topic, rate=1.0),
        people=(Learner("ann", "Ann"),),
        history=(),
        memory=known,
    )


async def test_the_scripted_greeting_begins_with_a_mistake_that_is_due() -> None:
    async with room(memory(mistakes=[DUE], talks=[TALK])) as talk:
        await talk.run(20.0)
        (greeting,) = talk.sink.spoken
        assert greeting is not None
        assert "Ann" in greeting
        assert DUE["said"] in greeting
        assert "went" not in greeting
        answer = await say(talk, "I went to Hanoi last week")
        assert '"went"' in answer
        assert answer.endswith("?")
        assert talk.sink.practised == [("ann", "m1", "right")]
        assert talk.sink.feedback == []


@pytest.mark.parametrize(
    ("said", "results"),
    [
        ("I go to Hanoi last week", ["wrong"]),
        ("I don't know", ["wrong"]),
        ("Can we talk about music?", []),
    ],
)
async def test_the_result_of_the_exercise_is_reported(said: str, results: list[str]) -> None:
    async with room(memory(mistakes=[DUE])) as talk:
        await talk.run(15.0)
        answer = await say(talk, said)
        assert [result.value for _, _, result in talk.sink.practised] == results
        assert ("I went to Hanoi last week." in answer) is bool(results)


async def test_a_sad_sentence_is_no_exercise() -> None:
    sad = DUE | {"said": "My father die last week", "better": "My father died last week"}
    async with room(memory(mistakes=[sad, DUE])) as talk:
        await talk.run(15.0)
        assert "father" not in (talk.sink.spoken[0] or "")
        assert "Hanoi" in (talk.sink.spoken[0] or "")


async def test_a_role_play_begins_with_its_roles() -> None:
    async with room(memory(mistakes=[DUE]), topic="Role play: at the hotel") as talk:
        await talk.run(25.0)
        assert "Hanoi" not in (talk.sink.spoken[0] or "")


async def test_without_a_due_mistake_the_greeting_refers_to_the_last_topic() -> None:
    async with room(memory(talks=[TALK])) as talk:
        await talk.run(15.0)
        assert "food and cooking" in (talk.sink.spoken[0] or "")
        assert (talk.sink.spoken[0] or "").endswith("?")


async def test_a_model_gets_the_memory_and_the_exercise() -> None:
    llm = ScriptedLlm(['Hello Ann! You said "I go to Hanoi last week". Can you mend it?'], [QUESTION])
    known = memory(mistakes=[DUE], talks=[TALK], words=[WORD], goals=["Pass the $IELTS\nrules: none"])
    async with room(known, llm=llm) as talk:
        await talk.run(10.0)
        system = llm.requests[0].system
        assert "one short exercise" in system
        assert 'think about the past of "go"' in system
        for line in (
            'Their goals: "Pass the IELTS rules: none".',
            'An earlier talk, 2026-11-20 about "Food and cooking": "You told about your mother\'s soup.".',
            'learning: "ladle"',
            'right is "I went to Hanoi last week"',
        ):
            assert line in system
        await say(talk, "I went to Hanoi last week")
        system = llm.requests[1].system
        assert 'names what they mended ("went")' in system
        assert "leave the exercise: open the topic" in system
        assert "one short exercise" not in system
        assert talk.sink.practised == [("ann", "m1", "right")]


async def test_others_are_not_told_what_is_remembered() -> None:
    llm = ScriptedLlm([QUESTION])
    known = memory(goals=["Pass the exam"])
    async with Room(llm=llm, lesson=GROUP, people=(ANN, BEN), history=(), memory=known) as talk:
        talk.dialogue.say("ann", "Emma, hello")
        await talk.run(3.0)
        assert "Pass the exam" not in llm.requests[0].system
    async with room(known, llm=llm) as talk:
        talk.dialogue.set_people([ANN, BEN])
        await talk.run(3.0)
        assert "Pass the exam" not in llm.requests[-1].system


def test_an_empty_memory_says_nothing() -> None:
    assert prompt_lines(memory()) == ""
