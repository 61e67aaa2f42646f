"""A model's answer that is far above the learner's level is shortened, or asked for again, without delay."""

from __future__ import annotations

import pytest

from ai_agent.dialogue.levelled import LevelGate
from ai_agent.dialogue.ports import Lesson
from ai_agent.errors import EngineUnavailable
from ai_agent.providers.ports import ChatRequest, LessonFacts
from tests.fakes.speech import Part, Room, ScriptedLlm
from tests.unit.ai_agent.dialogue.test_elicitation import found, shown

A1 = Lesson("Emma", "en", "A1", "food", rate=1.0)
HARD = "Gastronomic authenticity presupposes culinary heritage. "
EASY = "You like good food. Do you cook?"
REQUEST = ChatRequest("", (), LessonFacts("en", "A1", "food"))


async def answered(*answers: list[Part], said: str = "I like rice") -> Room:
    room = Room(llm=ScriptedLlm(*answers), lesson=A1)
    async with room:
        room.dialogue.say("ann", said)
        await room.run(9.0)
    return room


async def test_an_answer_at_the_level_is_said_as_it_is() -> None:
    room = await answered(["You like rice. ", "Do you cook it?"])
    assert room.sink.spoken == ["You like rice. Do you cook it?"]
    assert len(room.llm.requests) == 1


async def test_after_a_first_sentence_that_is_too_hard_an_easy_end_is_asked_for_once() -> None:
    room = await answered([HARD, "Consequently we might deliberate."], [EASY])
    assert room.sink.spoken == [f"{HARD}{EASY}"]
    first, second = room.llm.requests
    assert HARD.strip() in second.system
    assert "level A1" in second.system
    assert second.tools == ()
    assert second.messages == first.messages


async def test_a_later_sentence_that_is_too_hard_is_not_said() -> None:
    room = await answered(["You like rice. ", HARD, "Do you agree?"], [EASY])
    assert room.sink.spoken == [f"You like rice. {EASY}"]


async def test_an_answer_that_has_asked_already_is_only_shortened() -> None:
    room = await answered(["You like rice. Do you cook it? ", HARD])
    assert room.sink.spoken == ["You like rice. Do you cook it?"]
    assert len(room.llm.requests) == 1


@pytest.mark.parametrize("second", [[HARD], [EngineUnavailable("mind", retry_after_s=1)], ["<think>"]])
async def test_a_second_answer_that_is_no_better_is_left_out(second: list[Part]) -> None:
    room = await answered([HARD], second)
    assert room.sink.spoken == [HARD.strip()]


async def test_the_first_sentence_is_heard_while_the_second_answer_is_awaited() -> None:
    room = Room(llm=ScriptedLlm([HARD], [EASY]), lesson=A1)
    async with room:
        room.dialogue.say("ann", "I like rice")
        await room.run(0.1)
        assert room.heard_s > 0


async def test_a_correction_after_text_that_is_left_out_is_shown() -> None:
    call = found("He like rice", "He likes rice", "")
    room = await answered(["He is right. Is he here? ", HARD, call], said="He like rice")
    assert shown(room) == [("He likes rice", None)]


async def test_after_an_answer_above_the_level_the_model_is_told() -> None:
    room = Room(llm=ScriptedLlm([HARD], [EASY], [EASY]), lesson=A1)
    async with room:
        for said in ("I like rice", "And you?"):
            room.dialogue.say("ann", said)
            await room.run(9.0)
    assert "was too hard for the learner's level" not in room.llm.requests[0].system
    assert "was too hard for the learner's level" in room.llm.requests[-1].system


@pytest.mark.parametrize("size", [1, 3, 7, 500])
def test_how_the_stream_is_cut_makes_no_difference(size: int) -> None:
    text = f"Hello, Ann. You like rice! {HARD} Do you cook?"
    gate = LevelGate(REQUEST)
    pieces = [gate.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join([*pieces, gate.finish()]) == gate.said == "Hello, Ann. You like rice!"
    assert gate.fault is not None


def test_the_first_sentence_passes_letter_by_letter() -> None:
    gate = LevelGate(REQUEST)
    assert [gate.feed(letter) for letter in "You like rice"] == list("You like rice")
