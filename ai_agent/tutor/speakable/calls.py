"""Tool calls that a model wrote as text, or with wrong names: found, repaired, or given up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import json_repair

from ai_agent.providers.ports import ToolCall
from ai_agent.tutor.feedback_tool import GIVE_FEEDBACK, GIVE_FEEDBACK_OR_HINT
from ai_agent.tutor.speakable.steps import OTHER, WAIT

_NAME_KEYS = ("name", "tool", "tool_name", "function_name", "action")
_ARGUMENT_KEYS = ("arguments", "parameters", "args", "input", "params", "action_input")
_SPEECH_KEYS = ("response", "reply", "answer", "message", "text", "content", "speech", "say")
_ALIASES: Mapping[str, str] = {
    "original": "originalSentence",
    "originaltext": "originalSentence",
    "corrected": "correctedSentence",
    "correctedtext": "correctedSentence",
    "correction": "correctedSentence",
    "reason": "explanation",
    "type": "category",
    "tryagain": "hint",
    "tryagainhint": "hint",
}
_KEYS = {name.lower(): name for name in GIVE_FEEDBACK_OR_HINT.schema["properties"]}  # type: ignore[attr-defined]
_KEYWORD = re.compile(r"(\w+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", re.DOTALL)
_TOOL = re.compile(r"(?:functions?\.)?(give_?feedback)\s*(?:with\s*|:\s*)?(?=[({])", re.IGNORECASE)
_TOOL_STARTS = ("give_feedback", "givefeedback", "functions.give_feedback", "function.give_feedback")
_TOOL_BEGUN = re.compile(r"(?:functions?\.)?give_?feedback\s*(?:w|wi|wit|with|:)?\s*")
MAX_CHARS = 20_000


def repaired(call: ToolCall) -> ToolCall:
    """With the names that the tool has: `give_feedback`, `originalSentence`. Others are left as they are."""
    arguments = {_argument_name(key): value for key, value in call.arguments.items()}
    return ToolCall(_tool_name(call.name), arguments)


def written(buffer: str, final: bool) -> tuple[int, str, str]:
    """JSON, or a function with its brackets, at the beginning of a text that may go on. Return its length,
    which is as in `steps`, the part to be searched for calls, and the function's name."""
    tool = _TOOL.match(buffer)
    at = tool.end() if tool else 0
    if not tool and buffer[0] != "{":
        plain = buffer.lower()
        may_begin = "_" in plain and any(start.startswith(plain) for start in _TOOL_STARTS)
        waits = not final and (may_begin or _TOOL_BEGUN.fullmatch(plain))
        return WAIT if waits else OTHER, "", ""
    end = _balanced(buffer, at)
    if end < 0 and not final and len(buffer) < MAX_CHARS:
        return WAIT, "", ""
    end = end if end > 0 else len(buffer)
    return end, buffer[at:end], tool[1] if tool else ""


def found_in(text: str, name: str = "") -> list[ToolCall]:
    """Calls in JSON, or in Python's form if `name` is the function before the brackets. Empty: none."""
    if name and (pairs := _KEYWORD.findall(text)):
        return [repaired(ToolCall(name, {key: value[1:-1] for key, value in pairs}))]
    return [repaired(call) for call in _calls(_parsed(text), name)]


def speech_in(text: str) -> str | None:
    """Return what to say, if a model wrapped its answer in JSON: {"response": "Hello!"}."""
    value = _parsed(text)
    if isinstance(value, dict):
        found = [value[key] for key in _SPEECH_KEYS if isinstance(value.get(key), str)]
        return found[0] if found else None
    return None


def _parsed(text: str) -> Any:
    """None if there is no JSON."""
    start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    if start < 0:
        return None
    try:
        return json_repair.loads(text[start : start + MAX_CHARS])
    except (ValueError, RecursionError):
        return None


def _calls(value: Any, name: str) -> Iterator[ToolCall]:  # noqa: C901 - one branch for each shape that models write
    if isinstance(value, list):
        for item in value:
            yield from _calls(item, name)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("tool_calls"), list):
        yield from _calls(value["tool_calls"], name)
        return
    inner = value.get("function")
    if isinstance(inner, dict):
        yield from _calls(inner, name)
        return
    called = next((value[k] for k in (*_NAME_KEYS, "function") if isinstance(value.get(k), str)), name)
    given = next((value[k] for k in _ARGUMENT_KEYS if k in value), None)
    if isinstance(given, str):
        given = _parsed(given)
    if called and isinstance(given, dict):
        yield ToolCall(called, given)
        return
    for key, arguments in value.items():
        if _tool_name(key) == GIVE_FEEDBACK.name and isinstance(arguments, dict):
            yield ToolCall(key, arguments)
            return
    names = {_argument_name(key) for key in value}
    if {"originalSentence", "correctedSentence"} <= names:
        yield ToolCall(GIVE_FEEDBACK.name, value)


def _tool_name(name: str) -> str:
    letters = re.sub(r"[^a-z]", "", name.rpartition(".")[2].lower())
    return GIVE_FEEDBACK.name if letters == GIVE_FEEDBACK.name.replace("_", "") else name


def _argument_name(key: str) -> str:
    letters = re.sub(r"[^a-z]", "", key.lower())
    return _KEYS.get(letters) or _ALIASES.get(letters, key)


def _balanced(text: str, start: int) -> int:
    """Index after the bracket that closes the one at `start`, strings left out; -1: it is still open."""
    pairs = {"{": "}", "[": "]", "(": ")"}
    expected: list[str] = []
    quote = ""
    at = start
    while at < len(text):
        char = text[at]
        if quote:
            at += char == "\\"
            quote = "" if char == quote else quote
        elif char == '"':
            quote = char
        elif char in pairs:
            expected.append(pairs[char])
        elif char in pairs.values():
            if not expected or expected.pop() != char:
                return at + 1
            if not expected:
                return at + 1
        at += 1
    return -1
