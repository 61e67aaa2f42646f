"""The tool `change_pace`: the learner asked the tutor to speak more slowly or faster."""

from __future__ import annotations

from collections.abc import Mapping

from ai_agent.providers.ports import ToolCall, ToolSpec

SLOWEST, FASTEST = 0.6, 1.3
"""Of the voice's own rate, whatever the lesson's settings say."""
_STEPS = {"slower": 0.85, "faster": 1 / 0.85}

CHANGE_PACE = ToolSpec(
    "change_pace",
    "Call it when the learner asks you to speak more slowly or faster. It changes your voice at once.",
    {
        "type": "object",
        "properties": {"pace": {"type": "string", "enum": sorted(_STEPS)}},
        "required": ["pace"],
        "additionalProperties": False,
    },
)


def changed_rate(rate: float, call: ToolCall) -> float:
    """The speaking rate after the call, within SLOWEST and FASTEST; unchanged if the call is not valid."""
    step = _STEPS.get(str(call.arguments.get("pace"))) if isinstance(call.arguments, Mapping) else None
    if step is None:
        return rate
    return min(max(rate * step, min(rate, SLOWEST)), max(rate, FASTEST))
