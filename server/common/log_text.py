"""Text of log lines: what a client sent can neither forge a line, steer a terminal, nor fill the disk."""

from __future__ import annotations

import re
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

MAX_VALUE_CHARS = 2_000
MAX_TRACE_CHARS = 20_000
_UNSAFE = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
"""Control characters, line separators, marks of direction (UAX 9), and lone surrogates."""
_CONTROL = re.compile(f"[{_UNSAFE}]")
_CONTROL_IN_TRACE = re.compile(f"(?![\n\t])[{_UNSAFE}]")


def escaped(text: str, pattern: re.Pattern[str] = _CONTROL) -> str:
    """Control characters as `\\uXXXX`, which is JSON's form too."""
    return pattern.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def bound_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: shortens long values. A trace keeps its end, which names the error."""
    for key, value in event.items():
        if key == "exception" and isinstance(value, str):
            event[key] = _end(value)
        elif key != "exc_info" and not isinstance(value, int | float | None):
            text = value if isinstance(value, str) else repr(value)
            if len(text) > MAX_VALUE_CHARS:
                event[key] = f"{text[:MAX_VALUE_CHARS]}... ({len(text)} characters)"
    return event


def escape_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: escapes what the console would print as it is."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = escaped(value)
    return event


def escape_line(_logger: object, _method: str, line: str) -> str:
    """Processor behind the renderer of JSON, which escapes the controls of ASCII alone."""
    return escaped(line)


def plain_trace(out: TextIO, exc_info: Any) -> None:
    """Writes the trace of (type, error, traceback) for a terminal, its line breaks as they are."""
    text = "".join(traceback.format_exception(*exc_info))
    out.write(f"\n{escaped(_end(text).rstrip(), _CONTROL_IN_TRACE)}")


def _end(trace: str) -> str:
    return trace if len(trace) <= MAX_TRACE_CHARS else f"... {trace[-MAX_TRACE_CHARS:]}"
