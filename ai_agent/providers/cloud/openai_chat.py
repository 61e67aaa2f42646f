"""LLM: OpenAI, or any server with its `/chat/completions` (Ollama, llama.cpp, vLLM)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from openai import AsyncOpenAI, omit

from ai_agent.config import Settings
from ai_agent.errors import InvalidResponse
from ai_agent.providers.cloud.chat import CallCollector, Messages, stream_answer, words_of
from ai_agent.providers.cloud.openai_api import openai_card, timeouts, translate
from ai_agent.providers.cloud.vendor_errors import as_provider_errors
from ai_agent.providers.ports import ChatMessage, ChatRequest, TextDelta, ToolCall


def build(settings: Settings) -> OpenAiChat:
    return OpenAiChat(
        settings.openai_api_key.get_secret_value(), settings.openai_model, settings.openai_base_url
    )


class OpenAiChat:
    """Without a `base_url` requests go to OpenAI. A compatible server may need no key."""

    def __init__(self, key: str, model: str, base_url: str = "") -> None:
        self.card = openai_card(model, base_url)
        self._model = model
        self._is_compatible = bool(base_url)
        self._client = AsyncOpenAI(
            api_key=key or "none", base_url=base_url or None, max_retries=0, timeout=timeouts()
        )

    def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        messages = [{"role": "system", "content": request.system}, *map(message, request.messages)]
        return stream_answer(request, messages, self._answer, tool_results)

    async def aclose(self) -> None:
        await self._client.close()

    async def _answer(
        self, request: ChatRequest, messages: Messages, calls: CallCollector | None
    ) -> AsyncGenerator[str, None]:
        with as_provider_errors(self.card.name, translate(self.card.name)):
            stream: Any = await self._client.chat.completions.create(
                model=self._model,
                messages=messages,  # type: ignore[arg-type]
                tools=[tool(spec) for spec in request.tools] if request.tools else omit,  # type: ignore[misc]
                tool_choice="none" if calls is None and request.tools else omit,
                max_tokens=request.max_tokens if self._is_compatible else omit,
                max_completion_tokens=omit if self._is_compatible else request.max_tokens,
                stream=True,
            )
            finished = False
            async with stream:
                async for chunk in stream:
                    for choice in chunk.choices or ():
                        finished = finished or choice.finish_reason is not None
                        if choice.delta is None:
                            continue
                        for part in choice.delta.tool_calls or ():
                            collect(calls, part)
                        if choice.delta.content:
                            yield choice.delta.content
            if not finished:
                raise InvalidResponse(self.card.name, "the answer was cut off")


def collect(calls: CallCollector | None, part: Any) -> None:
    if calls is not None and part.function is not None:
        calls.add(
            part.index,
            id=part.id or "",
            name=part.function.name or "",
            arguments=part.function.arguments or "",
        )


def message(said: ChatMessage) -> dict[str, Any]:
    if said.role == "tutor":
        return {"role": "assistant", "content": said.text}
    return {"role": "user", "content": words_of(said)}


def tool(spec: Any) -> dict[str, Any]:
    function = {"name": spec.name, "description": spec.description, "parameters": dict(spec.schema)}
    return {"type": "function", "function": function}


def tool_results(calls: CallCollector) -> Messages:
    made = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in calls.calls.values()
    ]
    results = [
        {"role": "tool", "tool_call_id": call.id, "content": call.result} for call in calls.calls.values()
    ]
    return [{"role": "assistant", "tool_calls": made}, *results]
