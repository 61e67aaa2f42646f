"""The scripted tutor as an engine: no key, no model, nothing leaves this machine."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from ai_agent.providers.ports import ChatRequest, EngineCard, TextDelta, ToolCall
from ai_agent.tutor.corrector import Correction, correct
from ai_agent.tutor.scripted.conversation import answer

_AT_ONCE = 2
"""Corrections of one turn: more than that discourages, and nobody remembers them."""


class ScriptedLlm:
    """It corrects English alone. What it corrected it says back rightly in its answer."""

    card = EngineCard("scripted tutor", "local", is_cloud=False)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        corrections = _corrections(request)
        if request.tools:
            for correction in corrections[:_AT_ONCE]:
                yield ToolCall("give_feedback", _arguments(correction))
        if request.teaching.purpose != "feedback":
            corrected = corrections[-1].corrected if corrections else None
            yield TextDelta(answer(request, corrected=corrected))

    async def aclose(self) -> None:
        pass


def _corrections(request: ChatRequest) -> list[Correction]:
    teaching, messages = request.teaching, request.messages
    if teaching.purpose not in ("reply", "feedback") or teaching.language.split("-", maxsplit=1)[0] != "en":
        return []
    said = next((m.text for m in reversed(messages) if m.role == "learner"), "")
    return correct(said)


def _arguments(correction: Correction) -> dict[str, object]:
    return {
        "originalSentence": correction.original,
        "correctedSentence": correction.corrected,
        "explanation": " ".join(correction.reasons),
        "category": correction.categories[0],
    }
