"""LLM: the scripted tutor. No key, no model, and no data leaves this machine."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from ai_agent.providers.ports import ChatRequest, EngineCard, TextDelta, ToolCall
from ai_agent.tutor.corrector import Examination, SentenceCorrection, examine
from ai_agent.tutor.scripted.bank import languages
from ai_agent.tutor.scripted.conversation import answer

_MAX_CORRECTIONS = 2
"""For one turn: more would discourage, and learners would not remember them."""
_UNCLEAR = "I did not understand all of that well enough to correct it. Try it in shorter sentences."


class ScriptedLlm:
    """Serves the languages that have a bank of texts, and corrects only English. Its answer repeats a
    corrected sentence in its correct form.
    """

    card = EngineCard(
        "scripted tutor", "local", is_cloud=False, languages=languages(), corrects=frozenset({"en"})
    )

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        examination = _examine(self.card, request)
        corrections = examination.corrections
        if request.tools:
            for correction in corrections[:_MAX_CORRECTIONS]:
                yield ToolCall("give_feedback", _arguments(correction))
        if request.lesson.purpose != "feedback":
            corrected = corrections[-1].corrected if corrections else None
            yield TextDelta(answer(request, corrected=corrected))
        elif not corrections and not examination.is_whole:
            yield TextDelta(_UNCLEAR)

    async def aclose(self) -> None:
        pass


def _examine(card: EngineCard, request: ChatRequest) -> Examination:
    lesson, messages = request.lesson, request.messages
    if lesson.purpose not in ("reply", "feedback") or not card.can_correct(lesson.language):
        return Examination((), is_whole=False)
    said = next((m.text for m in reversed(messages) if m.role == "learner"), "")
    return examine(said)


def _arguments(correction: SentenceCorrection) -> dict[str, object]:
    return {
        "originalSentence": correction.original,
        "correctedSentence": correction.corrected,
        "explanation": " ".join(correction.reasons),
        "category": correction.categories[0],
    }
