"""Shared by the cloud LLMs: collecting tool calls from a stream, and a second request if only tools were
called.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import json_repair

from ai_agent.providers.ports import ChatMessage, ChatRequest, TextDelta, ToolCall
from server.protocol.tutor import Confidence

MAX_ARGUMENTS = 20_000
MAX_CALLS = 8
TOOL_RESULT = "Received."
BAD_RESULT = "Error: the arguments are not a JSON object, nothing was done. Go on without the tool."
"""Results of tool calls, for the second request."""

MISHEARD = "[misheard?]"
"""Before words that the recogniser was not sure of. `prompts/base.md` says what it means."""

Messages = list[dict[str, Any]]
"""Messages in the vendor's format."""


def words_of(said: ChatMessage) -> str:
    """A learner's message as a model reads it."""
    marked = said.text
    if said.spoken and said.confidence in {Confidence.LOW, Confidence.MIDDLE}:
        marked = f"{MISHEARD} {marked}"
    return f"{said.name}: {marked}" if said.name else marked


@dataclass(slots=True)
class PendingCall:
    id: str = ""
    name: str = ""
    arguments: str = ""

    @property
    def parsed(self) -> dict[str, Any] | None:
        """None: the arguments are no JSON object, even with small faults repaired."""
        try:
            value = json_repair.loads(self.arguments or "{}")
        except (ValueError, RecursionError):
            return None
        # a stream that was cut in the middle of a value is "repaired" to an empty one
        return value if isinstance(value, dict) and "" not in value.values() else None

    @property
    def result(self) -> str:
        """The result that the model is told."""
        return BAD_RESULT if self.parsed is None else TOOL_RESULT


@dataclass(slots=True)
class CallCollector:
    """Tool calls as they stream: a name, then its arguments as pieces of JSON. By the vendor's index."""

    calls: dict[int, PendingCall] = field(default_factory=dict)

    def add(self, index: int, *, id: str = "", name: str = "", arguments: str = "") -> None:  # noqa: A002 - the vendor's field name
        if index not in self.calls and len(self.calls) >= MAX_CALLS:
            return
        call = self.calls.setdefault(index, PendingCall())
        call.id = id or call.id
        call.name = name or call.name
        if len(call.arguments) + len(arguments) <= MAX_ARGUMENTS:
            call.arguments += arguments

    def parsed(self) -> list[ToolCall]:
        """JSON with small faults is repaired. Calls whose arguments are no object are dropped."""
        read = [(call.name, call.parsed) for call in self.calls.values()]
        return [ToolCall(name, arguments) for name, arguments in read if name and arguments is not None]


Ask = Callable[[ChatRequest, Messages, CallCollector | None], AsyncGenerator[str, None]]
"""Streams text and adds tool calls to the collector. None: no tool may be called."""


async def stream_answer(
    request: ChatRequest, messages: Messages, ask: Ask, tool_results: Callable[[CallCollector], Messages]
) -> AsyncGenerator[TextDelta | ToolCall, None]:
    """If the model only called tools it is asked again with their results, for a text to speak."""
    calls, has_text = CallCollector(), False
    async with aclosing(ask(request, messages, calls)) as texts:
        async for text in texts:
            has_text = True
            yield TextDelta(text)
    for call in calls.parsed():
        yield call
    if calls.calls and not has_text and request.lesson.purpose != "feedback":
        async with aclosing(ask(request, [*messages, *tool_results(calls)], None)) as texts:
            async for text in texts:
                yield TextDelta(text)
