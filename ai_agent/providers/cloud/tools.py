"""Tool calls as they stream: a name, then its arguments as pieces of JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from ai_agent.providers.ports import ToolCall

MAX_ARGUMENTS = 20_000
MAX_CALLS = 8
GO_ON = "Shown to the learner."
"""What a tool answers: models that only called a tool are asked once more, for what they say aloud."""


@dataclass(slots=True)
class PendingCall:
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class CallCollector:
    """By the index that the vendor gives each call of an answer."""

    calls: dict[int, PendingCall] = field(default_factory=dict)

    def add(self, index: int, *, id: str = "", name: str = "", arguments: str = "") -> None:  # noqa: A002
        if index not in self.calls and len(self.calls) >= MAX_CALLS:
            return
        call = self.calls.setdefault(index, PendingCall())
        call.id = id or call.id
        call.name = name or call.name
        if len(call.arguments) + len(arguments) <= MAX_ARGUMENTS:
            call.arguments += arguments

    def parsed(self) -> list[ToolCall]:
        """Those whose arguments are an object of JSON; the others are dropped."""
        found = []
        for call in self.calls.values():
            try:
                arguments = json.loads(call.arguments or "{}")
            except (ValueError, RecursionError):
                continue
            if call.name and isinstance(arguments, dict):
                found.append(ToolCall(call.name, arguments))
        return found
