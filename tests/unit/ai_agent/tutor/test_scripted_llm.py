"""The scripted tutor as an LLM engine."""

from __future__ import annotations

from typing import Literal

from ai_agent.providers.local.scripted import ScriptedLlm
from ai_agent.providers.ports import ChatMessage, ChatRequest, LessonFacts, TextDelta, ToolCall
from ai_agent.tutor.feedback_tool import GIVE_FEEDBACK, checked_feedback


async def said(
    text: str, purpose: Literal["reply", "feedback"] = "reply", language: str = "en"
) -> list[TextDelta | ToolCall]:
    request = ChatRequest(
        system="",
        messages=(ChatMessage("tutor", "What did you do?"), ChatMessage("learner", text, "Linh")),
        lesson=LessonFacts(language, "A2", "travel", "Linh", None, purpose),
        tools=(GIVE_FEEDBACK,),
    )
    return [part async for part in ScriptedLlm().stream(request)]


async def test_a_mistake_becomes_feedback_and_the_answer_repeats_it_corrected() -> None:
    call, text = await said("i goed to the beach with my brother")
    assert isinstance(call, ToolCall)
    feedback = checked_feedback(call.arguments)
    assert feedback.corrected == "I went to the beach with my brother"
    assert isinstance(text, TextDelta)
    assert "you went to the beach with your brother" in text.text.lower()


async def test_a_correct_sentence_gets_only_an_answer() -> None:
    assert [type(part) for part in await said("i went to the beach")] == [TextDelta]


async def test_feedback_on_request_has_no_text() -> None:
    assert [type(part) for part in await said("she don't know", "feedback")] == [ToolCall]
    assert await said("she doesn't know", "feedback") == []


async def test_the_scripted_tutor_serves_only_languages_with_a_bank() -> None:
    card = ScriptedLlm.card
    assert [card.serves(tag) for tag in ("en", "en-GB", "vi", "de", "pt-BR")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert [card.can_correct(tag) for tag in ("en", "en-GB", "vi")] == [True, True, False]


async def test_languages_without_rules_are_not_corrected() -> None:
    assert [type(part) for part in await said("tôi đi chợ", language="vi")] == [TextDelta]
