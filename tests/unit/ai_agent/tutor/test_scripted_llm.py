"""The scripted tutor as an engine."""

from __future__ import annotations

from typing import Literal

from ai_agent.providers.local.scripted import ScriptedLlm
from ai_agent.providers.ports import ChatMessage, ChatRequest, Teaching, TextDelta, ToolCall
from ai_agent.tutor.feedback import GIVE_FEEDBACK, checked_feedback


async def said(
    text: str, purpose: Literal["reply", "feedback"] = "reply", language: str = "en"
) -> list[TextDelta | ToolCall]:
    request = ChatRequest(
        system="",
        messages=(ChatMessage("tutor", "What did you do?"), ChatMessage("learner", text, "Linh")),
        teaching=Teaching(language, "A2", "travel", "Linh", None, purpose),
        tools=(GIVE_FEEDBACK,),
    )
    return [part async for part in ScriptedLlm().stream(request)]


async def test_a_mistake_becomes_feedback_and_is_said_back_rightly() -> None:
    call, text = await said("i goed to the beach with my brother")
    assert isinstance(call, ToolCall)
    feedback = checked_feedback(call.arguments)
    assert feedback.corrected == "i went to the beach with my brother"
    assert isinstance(text, TextDelta)
    assert "you went to the beach with your brother" in text.text.lower()


async def test_a_right_sentence_gets_an_answer_alone() -> None:
    assert [type(part) for part in await said("i went to the beach")] == [TextDelta]


async def test_feedback_on_request_says_nothing_aloud() -> None:
    assert [type(part) for part in await said("she don't know", "feedback")] == [ToolCall]
    assert await said("she doesn't know", "feedback") == []


async def test_it_serves_the_languages_that_it_has_questions_in_and_no_other() -> None:
    card = ScriptedLlm.card
    assert [card.serves(tag) for tag in ("en", "en-GB", "vi", "de", "pt-BR")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert [card.can_correct(tag) for tag in ("en", "en-GB", "vi")] == [True, True, False]


async def test_languages_that_it_has_no_rules_for_are_not_corrected() -> None:
    assert [type(part) for part in await said("tôi đi chợ", language="vi")] == [TextDelta]
