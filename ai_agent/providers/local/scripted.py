"""The scripted tutor as an engine: no key, no model, nothing leaves this machine."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from ai_agent.providers.ports import ChatRequest, EngineCard, TextDelta, ToolCall
from ai_agent.tutor.scripted.conversation import answer


class ScriptedLlm:
    card = EngineCard("scripted tutor", "local", is_cloud=False)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        yield TextDelta(answer(request))

    async def aclose(self) -> None:
        pass
