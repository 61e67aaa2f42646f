"""A chain of chat engines."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from ai_agent.providers.chain.members import FallbackChain, Timeouts
from ai_agent.providers.chain.parts import stream_with_fallback
from ai_agent.providers.ports import ChatRequest, EngineCard, Llm, TextDelta, ToolCall

TIMEOUTS = Timeouts(first_s=5.0, gap_s=5.0, behind_s=10.0)
CHARS_PER_S = 14.0
"""Of speech."""


class FallbackLlm:
    def __init__(self, members: FallbackChain[Llm], *, timeouts: Timeouts = TIMEOUTS) -> None:
        self.members = members
        self._timeouts = timeouts

    @property
    def card(self) -> EngineCard:
        """Of the engine that answers now."""
        return self.members.current.card

    def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        """An answer of nothing is an error, but to a request for feedback: there may be none to give. So that
        is asked only of engines that correct the language."""
        teaching = request.teaching
        wants_feedback = teaching.purpose == "feedback"
        return stream_with_fallback(
            self.members,
            lambda llm: llm.stream(request),
            self._timeouts,
            _spoken_s,
            can=lambda llm: not wants_feedback or llm.card.can_correct(teaching.language),
            may_be_empty=wants_feedback,
        )

    async def aclose(self) -> None:
        """The engines belong to the registry."""


def _spoken_s(part: TextDelta | ToolCall) -> float:
    return len(part.text) / CHARS_PER_S if isinstance(part, TextDelta) else 0.0
