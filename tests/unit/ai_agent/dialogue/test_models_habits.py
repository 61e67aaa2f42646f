"""Models that are slow, say nothing, or write more than words, in whole conversations on virtual time."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from ai_agent.audio import OUTPUT_HZ
from ai_agent.dialogue.answer import MAX_SENTENCES
from ai_agent.dialogue.notices import notices
from ai_agent.dialogue.ports import Lesson
from ai_agent.errors import EngineUnavailable
from ai_agent.providers.ports import ChatRequest, EngineCard, TextDelta, ToolCall
from tests.fakes.speech import Room, ScriptedLlm, ScriptedTts
from tests.unit.ai_agent.dialogue.test_conversation_flow import QUESTION

THINKING = notices("en").thinking


async def test_a_slow_model_is_waited_for_with_a_word_that_is_no_answer() -> None:
    llm = ScriptedLlm([QUESTION])
    llm.gate.clear()
    async with Room(llm=llm) as room:
        room.dialogue.say("ann", "Hello?")
        await room.run(1.8)
        assert room.heard_s == 0
        await room.run(10.0)
        assert THINKING in room.sink.texts.values()
        assert room.heard_s > 0
        llm.gate.set()
        await room.run(4.0)
        assert room.sink.spoken[-1] == QUESTION
        kept = room.sink.kept[-1]
        assert kept.text == QUESTION
        assert kept.audio is not None
        assert len(kept.audio) / OUTPUT_HZ < (len(QUESTION) + 2) * 0.06
        assert list(room.sink.texts.values()).count(THINKING) == 1


async def test_a_quick_model_needs_no_such_word() -> None:
    async with Room(llm=ScriptedLlm([QUESTION])) as room:
        room.dialogue.say("ann", "Hello?")
        await room.run(5.0)
        assert THINKING not in room.sink.texts.values()


async def test_an_answer_of_reasoning_alone_is_asked_for_once_more_without_tools() -> None:
    async with Room(llm=ScriptedLlm(["<think>The user says", " hello"], [QUESTION])) as room:
        room.dialogue.say("ann", "Hello?")
        await room.run(3.0)
        assert [bool(request.tools) for request in room.llm.requests] == [True, False]
        assert room.sink.spoken == [QUESTION]


async def test_a_model_without_a_word_is_apologised_for() -> None:
    async with Room(llm=ScriptedLlm(["<think>"])) as room:
        room.dialogue.say("ann", "Hello?")
        await room.run(8.0)
        assert len(room.llm.requests) == 2
        assert room.sink.spoken == [notices("en").cannot_answer]
        assert [kept.role for kept in room.sink.kept] == ["learner"]


async def test_marks_reach_neither_the_voice_nor_the_page() -> None:
    tts = ScriptedTts()
    answer = ["**Great", "!** You ate 2 kg", " of rice. 😊\n- What", " else?"]
    async with Room(llm=ScriptedLlm(answer), tts=tts) as room:
        room.dialogue.say("ann", "I ate rice")
        await room.run(8.0)
        assert room.sink.spoken == ["Great! You ate 2 kg of rice. What else?"]
        said = " ".join(request.text.strip() for request in tts.requests)
        assert said == "Great! You ate two kilograms of rice. What else?"


async def test_a_correction_that_is_written_as_text_reaches_the_learner() -> None:
    arguments = (
        '{"original_sentence": "She like rice", "corrected_sentence": "She likes rice",'
        ' "explanation": "An s.", "category": "agreement",}'
    )
    call = f'<tool_call>{{"name": "give_feedback", "arguments": {arguments}}}</tool_call>'
    async with Room(llm=ScriptedLlm([call[:40], call[40:], QUESTION])) as room:
        room.dialogue.say("ann", "She like rice")
        await room.run(3.0)
        assert [item.corrected_sentence for _, item in room.sink.feedback] == ["She likes rice"]
        assert room.sink.spoken == [QUESTION]


async def test_a_correction_that_cannot_be_read_is_counted_as_dropped() -> None:
    async with Room(llm=ScriptedLlm(["<tool_call>{oh</tool_call>", QUESTION])) as room:
        room.dialogue.say("ann", "She like rice")
        await room.run(3.0)
        assert room.sink.times[-1].feedback_dropped == 1
        assert room.sink.spoken == [QUESTION]


async def test_half_a_sentence_of_a_broken_stream_is_not_spoken() -> None:
    llm = ScriptedLlm(["I like it a lot. ", "And then I we", EngineUnavailable("mind")])
    async with Room(llm=llm) as room:
        room.dialogue.say("ann", "Hello?")
        await room.run(4.0)
        assert room.sink.spoken == ["I like it a lot."]


async def test_a_model_that_rambles_is_cut_at_its_level_and_a_scripted_text_is_not() -> None:
    text = "You like rice very much. " * 9
    lesson = Lesson("Emma", "en", "A1", "food")
    async with Room(llm=ScriptedLlm([text]), lesson=lesson) as room:
        room.dialogue.say("ann", "Hello?")
        await room.run(40.0)
        assert (room.sink.spoken[0] or "").count(".") == MAX_SENTENCES["A1"]
    scripted = ScriptedLlm([text])
    scripted.card = EngineCard("scripted", "test", is_cloud=False, is_scripted=True)
    async with Room(llm=scripted, lesson=lesson) as room:
        room.dialogue.say("ann", "Hello?")
        await room.run(40.0)
        assert (room.sink.spoken[0] or "").count(".") == 9


async def test_a_foreign_phrase_is_spoken_in_its_own_language() -> None:
    tts = ScriptedTts()
    async with Room(llm=ScriptedLlm(["We say cảm ơn bạn nhiều here."]), tts=tts) as room:
        room.dialogue.say("ann", "How?")
        await room.run(5.0)
        assert [(r.text.strip(), r.language) for r in tts.requests] == [
            ("We say", "en"),
            ("cảm ơn bạn nhiều", "vi"),
            ("here.", "en"),
        ]
        assert room.sink.spoken == ["We say cảm ơn bạn nhiều here."]


class ChangingLlm:
    """Its card is another from the second answer on."""

    def __init__(self) -> None:
        self.card = EngineCard("first", "test", is_cloud=False)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        yield TextDelta("I see. ")

    async def aclose(self) -> None: ...


async def test_another_engine_in_the_middle_of_a_talk_is_said_openly() -> None:
    llm = ChangingLlm()
    async with Room(mind=llm) as room:
        room.dialogue.say("ann", "I like rice")
        await room.run(3.0)
        llm.card = EngineCard("second", "test", is_cloud=False)
        room.dialogue.say("ann", "And now?")
        await room.run(12.0)
        room.dialogue.say("ann", "And then?")
        await room.run(3.0)
        assert room.sink.spoken == ["I see.", f"{notices('en').engine_changed} I see.", "I see."]
