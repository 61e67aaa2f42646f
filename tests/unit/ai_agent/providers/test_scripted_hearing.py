"""The scripted tutor corrects only what the recogniser surely heard."""

from __future__ import annotations

import asyncio

import pytest

from ai_agent.providers.local.scripted import ScriptedLlm
from ai_agent.providers.ports import ChatMessage, ChatRequest, LessonFacts, TextDelta, ToolCall
from ai_agent.tutor.corrector import Judgement, Outcome
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


class SlowChecker:
    """Answers when two judgements are asked for at the same time."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._both = asyncio.Event()

    async def warm_up(self) -> None: ...

    async def judge(
        self, text: str, *, spoken: bool = False, confidence: float = 1.0, native: str | None = None
    ) -> Judgement:
        del spoken, confidence, native
        self.asked.append(text)
        if len(self.asked) == 2:
            self._both.set()
        await self._both.wait()
        return Judgement(Outcome.UNSURE)

    async def aclose(self) -> None: ...


async def test_a_short_answer_and_the_sentence_before_are_judged_at_the_same_time() -> None:
    checker = SlowChecker()
    said = (ChatMessage("learner", "I play football every Saturday"), ChatMessage("learner", "midfielder"))
    request = ChatRequest("", said, LessonFacts("en", "A2", "food"), (GIVE_FEEDBACK,))
    async with asyncio.timeout(5):
        parts = [part async for part in ScriptedLlm(checker).stream(request)]
    assert parts
    assert set(checker.asked) == {"I play football every Saturday", "midfielder"}


async def test_the_mistakes_of_a_talk_are_those_of_the_learner_who_asks() -> None:
    said = (
        ChatMessage("learner", IRREGULAR, "Linh"),
        ChatMessage("learner", "he go to school every day", "Minh"),
        ChatMessage("learner", "she like rice", "Linh", spoken=True, confidence=Confidence.LOW),
        ChatMessage("learner", "which mistakes did i make?", "Linh"),
    )
    request = ChatRequest("", said, LessonFacts("en", "A2", "food"), (GIVE_FEEDBACK,))
    parts = [part async for part in ScriptedLlm().stream(request)]
    text = "".join(part.text for part in parts if isinstance(part, TextDelta))
    assert f'You said "{IRREGULAR}". Better: "She has two brothers".' in text
    assert "school" not in text
    assert "she like rice" not in text
    assert not any(isinstance(part, ToolCall) for part in parts)
