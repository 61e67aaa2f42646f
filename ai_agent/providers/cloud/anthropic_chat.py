"""LLM: Anthropic's `/v1/messages`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any

import anthropic
import httpx2
from anthropic import AsyncAnthropic, omit

from ai_agent.config import Settings
from ai_agent.errors import (
    AuthRefused,
    EngineTimeout,
    EngineUnavailable,
    InvalidResponse,
    ProviderError,
    RateLimited,
    RequestRefused,
)
from ai_agent.providers.cloud.chat import CallCollector, Messages, stream_answer, words_of
from ai_agent.providers.cloud.vendor_errors import Translate, as_provider_errors, of_status
from ai_agent.providers.ports import ChatMessage, ChatRequest, EngineCard, TextDelta, ToolCall, ToolSpec

CONNECT_S = 3.0
READ_S = 20.0
BEGIN = "(The learner is here. Speak first.)"
"""The API requires a first message from the user; this one is used before the learner has said anything."""
ERROR_TYPES: dict[str, type[ProviderError]] = {
    "authentication_error": AuthRefused,
    "billing_error": AuthRefused,
    "permission_error": AuthRefused,
    "rate_limit_error": RateLimited,
    "overloaded_error": EngineUnavailable,
    "api_error": EngineUnavailable,
    "timeout_error": EngineTimeout,
    "invalid_request_error": RequestRefused,
}


def build(settings: Settings) -> AnthropicChat:
    return AnthropicChat(
        settings.anthropic_api_key.get_secret_value(),
        settings.anthropic_model,
        settings.anthropic_base_url,
    )


class AnthropicChat:
    def __init__(self, key: str, model: str, base_url: str = "") -> None:
        self.card = EngineCard(model[:80], "Anthropic", is_cloud=True)
        self._model = model
        self._client = AsyncAnthropic(
            api_key=key,
            base_url=base_url or None,
            max_retries=0,
            timeout=httpx2.Timeout(READ_S, connect=CONNECT_S),
        )

    def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        messages = conversation(request.messages)
        return stream_answer(request, messages, self._answer, tool_results)

    async def aclose(self) -> None:
        await self._client.close()

    async def _answer(
        self, request: ChatRequest, messages: Messages, calls: CallCollector | None
    ) -> AsyncGenerator[str, None]:
        with as_provider_errors(self.card.name, translate(self.card.name)):
            stream: Any = await self._client.messages.create(
                model=self._model,
                system=request.system or omit,
                messages=messages,  # type: ignore[arg-type]
                tools=[tool(spec) for spec in request.tools] if request.tools else omit,  # type: ignore[misc]
                tool_choice={"type": "none"} if calls is None and request.tools else omit,
                max_tokens=request.max_tokens,
                stream=True,
            )
            finished = False
            async with stream:
                async for event in stream:
                    finished = finished or event.type == "message_stop"
                    collect(calls, event)
                    if event.type == "content_block_delta" and event.delta.type == "text_delta":
                        yield event.delta.text
            if not finished:
                raise InvalidResponse(self.card.name, "the answer was cut off")


def collect(calls: CallCollector | None, event: Any) -> None:
    if calls is None:
        return
    if event.type == "content_block_start" and event.content_block.type == "tool_use":
        calls.add(event.index, id=event.content_block.id, name=event.content_block.name)
    elif event.type == "content_block_delta" and event.delta.type == "input_json_delta":
        calls.add(event.index, arguments=event.delta.partial_json)


def conversation(messages: Sequence[ChatMessage]) -> Messages:
    said = list(turns(messages))
    if not said or said[0]["role"] == "assistant":
        said.insert(0, {"role": "user", "content": BEGIN})
    if said[-1]["role"] == "assistant":  # newer models refuse a conversation that ends with their own message
        said.append({"role": "user", "content": "(Nobody has said anything since.)"})
    return said


def turns(messages: Sequence[ChatMessage]) -> Iterator[dict[str, Any]]:
    for said in messages:
        if not said.text.strip():
            continue
        text = words_of(said) if said.role == "learner" else said.text
        yield {"role": "user" if said.role == "learner" else "assistant", "content": text.rstrip()}


def tool(spec: ToolSpec) -> dict[str, Any]:
    return {"name": spec.name, "description": spec.description, "input_schema": dict(spec.schema)}


def tool_results(calls: CallCollector) -> Messages:
    uses, results = [], []
    for call in calls.calls.values():
        uses.append({"type": "tool_use", "id": call.id, "name": call.name, "input": call.parsed or {}})
        results.append({"type": "tool_result", "tool_use_id": call.id, "content": call.result})
    return [{"role": "assistant", "content": uses}, {"role": "user", "content": results}]


def translate(engine: str) -> Translate:
    def of(error: Exception) -> ProviderError | None:
        if isinstance(error, anthropic.APIStatusError):
            if error.status_code >= 400:
                return of_status(engine, error.status_code, error.response.headers)
            return of_type(engine, error.body)  # an error event within a stream, whose status was 200
        if isinstance(error, anthropic.APITimeoutError | httpx2.TimeoutException):
            return EngineTimeout(engine, type(error).__name__)
        if isinstance(error, anthropic.APIConnectionError | httpx2.HTTPError):
            return EngineUnavailable(engine, type(error).__name__)
        return None

    return of


def of_type(engine: str, body: object) -> ProviderError:
    """`{"type": "error", "error": {"type": "overloaded_error", ...}}`"""
    inner = body.get("error") if isinstance(body, dict) else None
    kind = inner.get("type") if isinstance(inner, dict) else None
    name = kind if isinstance(kind, str) else "error"
    return ERROR_TYPES.get(name, EngineUnavailable)(engine, name[:80])
