"""A chat engine that says given words: for what the tutor says without asking a language model."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from ai_agent.providers.ports import ChatRequest, EngineCard, TextDelta, ToolCall


class FixedWords:
    """An `Llm`. `card`: of the engine whose place it takes."""

    def __init__(self, text: str, card: EngineCard) -> None:
        self.card = card
        self._text = text

    async def stream(
        self,
        request: ChatRequest,  # noqa: ARG002 - the answer to any
    ) -> AsyncGenerator[TextDelta | ToolCall, None]:
        yield TextDelta(self._text)

    async def aclose(self) -> None:
        pass
