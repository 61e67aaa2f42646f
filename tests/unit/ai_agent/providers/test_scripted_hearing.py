"""The scripted tutor corrects only what the recogniser surely heard."""

from __future__ import annotations

import pytest

from ai_agent.providers.local.scripted import ScriptedLlm
from ai_agent.providers.ports import ChatMessage, ChatRequest, LessonFacts, ToolCall
from ai_agent.tutor.feedback_tool import GIVE_FEEDBACK
from server.protocol.tutor import Confidence

ENDING = "she like it very much"
IRREGULAR = "she have two brothers"


@pytest.mark.parametrize(
    ("said", "spoken", "confidence", "is_corrected"),
    [
        (ENDING, False, None, True),
        (ENDING, True, Confidence.HIGH, True),
        (ENDING, True, None, False),
        (IRREGULAR, True, None, True),
        (IRREGULAR, True, Confidence.MIDDLE, False),
        (IRREGULAR, True, Confidence.LOW, False),
    ],
)
async def test_words_that_may_be_wrong_are_not_corrected(
    said: str, spoken: bool, confidence: Confidence | None, is_corrected: bool
) -> None:
    message = ChatMessage("learner", said, spoken=spoken, confidence=confidence)
    request = ChatRequest("", (message,), LessonFacts("en", "A2", "food"), (GIVE_FEEDBACK,))
    parts = [part async for part in ScriptedLlm().stream(request)]
    assert any(isinstance(part, ToolCall) for part in parts) is is_corrected
