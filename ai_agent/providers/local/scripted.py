"""LLM: the scripted tutor. No key, no model, and no data leaves this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from ai_agent.config import Settings
from ai_agent.providers.local.corrector import Checker, CorrectorProcess, OwnProcessChecker
from ai_agent.providers.ports import ChatMessage, ChatRequest, EngineCard, TextDelta, ToolCall
from ai_agent.tutor.corrector import Judgement, Outcome, SentenceCorrection
from ai_agent.tutor.corrector.hearing import SURE_CONFIDENCE
from ai_agent.tutor.pace_tool import CHANGE_PACE
from ai_agent.tutor.scripted.bank import languages
from ai_agent.tutor.scripted.conversation import (
    answer,
    message_before,
    other_to_judge,
    sentence_to_judge,
    tells,
    wants_mistakes,
)
from server.protocol.tutor import Confidence

_MAX_CORRECTIONS = 2
"""For one turn: more would discourage, and learners would not remember them."""
_MOST_MESSAGES = 20
"""Of a learner who asks for their mistakes; the corrector takes some 10 ms for each."""
_HEARD = {Confidence.LOW: 0.0, Confidence.MIDDLE: 0.0, Confidence.HIGH: 1.0, None: SURE_CONFIDENCE - 0.01}
"""Words that may be wrong are not corrected. Of a recogniser that does not say how sure it is, no articles
and endings are.
"""
_UNCLEAR = "I can't judge that sentence. I can check some mistakes, not all. Try a shorter one."


def build(settings: Settings) -> ScriptedLlm:
    del settings
    return ScriptedLlm(CorrectorProcess())


class ScriptedLlm:
    """Serves the languages that have a bank of texts, and corrects only English. Its answer repeats a
    corrected sentence in its correct form.
    """

    card = EngineCard(
        "scripted tutor",
        "local",
        is_cloud=False,
        languages=languages(),
        corrects=frozenset({"en"}),
        is_scripted=True,
    )

    def __init__(self, checker: Checker | None = None) -> None:
        self._checker = checker or OwnProcessChecker()

    async def warm_up(self) -> None:
        """The corrector may fail to start: then the tutor talks without correcting."""
        await self._checker.warm_up()

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        asked, is_about_all = sentence_to_judge(request), wants_mistakes(request)
        judged = before = None
        if is_about_all:
            judged = await self._all_judged(request)
        elif self.card.can_correct(request.lesson.language):
            judged, before = await self._both_judged(request, asked)
        is_feedback = request.lesson.purpose == "feedback"
        message = None if is_feedback else answer(request, judged=judged, before=before)
        if request.tools and asked is None and not is_about_all and judged is not None:
            for correction in judged.corrections[:_MAX_CORRECTIONS]:
                hint = message.hint if message is not None and correction is message.asked else ""
                yield ToolCall("give_feedback", _arguments(correction) | ({"hint": hint} if hint else {}))
        if message is not None:
            if message.pace is not None:
                yield ToolCall(CHANGE_PACE.name, {"pace": message.pace})
            yield TextDelta(message.text)
        elif judged is None or judged.outcome is Outcome.UNSURE:
            yield TextDelta(_UNCLEAR)

    async def aclose(self) -> None:
        await self._checker.aclose()

    async def _both_judged(
        self, request: ChatRequest, asked: str | None
    ) -> tuple[Judgement | None, Judgement | None]:
        """The judgement, and that of the message before, or of the other sentence that is asked about, if it
        is needed: at the same time, so that a slow checker is waited for once.
        """
        said_before = message_before(request) if asked is None else other_to_judge(request)
        if said_before is None:
            return await self._judged(request, asked), None
        judged, before = await asyncio.gather(self._judged(request, asked), self._checker.judge(said_before))
        return judged, before

    async def _all_judged(self, request: ChatRequest) -> Judgement:
        """Of what the last speaker told before the last message, together. A question may quote a mistake."""
        *before, last = [m for m in request.messages if m.role == "learner"]
        own = [m for m in before if m.name == last.name and tells(request, m.text)][-_MOST_MESSAGES:]
        native = request.lesson.native_language
        judged = await asyncio.gather(*(self._message_judged(message, native) for message in own))
        corrections = tuple(correction for one in judged for correction in one.corrections)
        if corrections:
            return Judgement(Outcome.CORRECTED, corrections)
        is_any = any(one.outcome is Outcome.RIGHT for one in judged)
        return Judgement(Outcome.RIGHT if is_any else Outcome.UNSURE)

    async def _judged(self, request: ChatRequest, asked: str | None) -> Judgement | None:
        """Of the sentence that the learner asks about, else of their last words; None: there are none."""
        if request.lesson.purpose not in ("reply", "feedback"):
            return None
        said = next((m for m in reversed(request.messages) if m.role == "learner"), None)
        if said is not None and asked is not None:
            said = next((m for m in request.messages if m.text == asked), ChatMessage("learner", asked))
        if said is None or not said.text.strip():
            return None
        return await self._message_judged(said, request.lesson.native_language)

    async def _message_judged(self, said: ChatMessage, native: str | None) -> Judgement:
        return await self._checker.judge(
            said.text, spoken=said.spoken, confidence=_HEARD[said.confidence], native=native
        )


def _arguments(correction: SentenceCorrection) -> dict[str, object]:
    return {
        "originalSentence": correction.original,
        "correctedSentence": correction.corrected,
        "explanation": " ".join(correction.reasons),
        "category": correction.categories[0],
    }
