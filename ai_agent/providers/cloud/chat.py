"""What chat engines share: an answer, and one more where the model only called a tool."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from ai_agent.providers.cloud.tools import CallCollector
from ai_agent.providers.ports import ChatRequest, TextDelta, ToolCall

Messages = list[dict[str, Any]]
"""In the vendor's words."""
Ask = Callable[[ChatRequest, Messages, CallCollector | None], AsyncGenerator[str, None]]
"""Texts; tool calls go to the collector. None: no tool may be called."""


async def conversed(
    request: ChatRequest, messages: Messages, ask: Ask, tool_results: Callable[[CallCollector], Messages]
) -> AsyncGenerator[TextDelta | ToolCall, None]:
    """A model that only called a tool is asked once more, so that there is something to say."""
    calls, spoke = CallCollector(), False
    async with aclosing(ask(request, messages, calls)) as texts:
        async for text in texts:
            spoke = True
            yield TextDelta(text)
    for call in calls.parsed():
        yield call
    if calls.calls and not spoke and request.teaching.purpose != "feedback":
        async with aclosing(ask(request, [*messages, *tool_results(calls)], None)) as texts:
            async for text in texts:
                yield TextDelta(text)
