"""Engines that take a known time, and cards of engines that are not called."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence

from ai_agent.providers.catalog import Kind
from ai_agent.providers.ports import (
    ChatRequest,
    EngineCard,
    EngineSet,
    TextDelta,
    ToolCall,
    VoiceCard,
)


class SilentLlm:
    card = EngineCard("scripted tutor", "local", is_cloud=False)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        yield TextDelta("")

    async def aclose(self) -> None:
        pass


class FixedEngines:
    """The same set for every job: what `Resources.engines` takes."""

    def __init__(self, engines: EngineSet | None = None) -> None:
        self.set = engines or EngineSet(stt=None, llm=SilentLlm(), tts=None)
        self.failed: list[str] = []
        self.changed: list[Callable[[], None]] = []
        self.fell_back: list[Callable[[Kind, str], None]] = []

    def engines(
        self, language: str, changed: Callable[[], None], fell_back: Callable[[Kind, str], None]
    ) -> EngineSet:
        self.changed.append(changed)
        self.fell_back.append(fell_back)
        return self.set

    def voices(self, language: str) -> Sequence[VoiceCard]:
        return [VoiceCard("en-us", "American", "en")]

    def fallbacks(self, engines: EngineSet) -> Sequence[str]:
        return self.failed
