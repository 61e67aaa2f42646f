"""A trace of each turn: a line in the log, and spans where OpenTelemetry is installed and configured.

`opentelemetry-instrument python -m ai_agent` (package opentelemetry-distro) configures it from OTEL_*
variables; without that the spans are dropped. They hold engine names and times, and no words of people.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ai_agent.dialogue.ports import TurnTimes

try:
    from opentelemetry import trace
except ImportError:
    tracer: Any = None
else:
    tracer = trace.get_tracer("parlor.tutor")

_log = logging.getLogger(__name__)
_NS_PER_MS = 1_000_000


def trace_turn(job_id: str, turn_id: str, times: TurnTimes) -> None:
    """Call it when the turn is over. Never raises: a turn must not fail because of its trace."""
    began = time.time_ns() - round(times.began_ms_ago * _NS_PER_MS)
    known = {
        name: round(v, 1) if isinstance(v, float) else v
        for name, v in asdict(times).items()
        if v is not None and name != "began_ms_ago"
    }
    attributes = {"job_id": job_id, "turn_id": turn_id, **known}
    _log.info("turn", extra=attributes)
    if tracer is None:
        return
    try:
        _record_spans(began, times, attributes)
    except Exception:  # noqa: BLE001 - whatever an exporter or a span processor raises
        _log.exception("turn not traced")


def _record_spans(began: int, times: TurnTimes, attributes: dict[str, Any]) -> None:
    parts = list(_parts(times))
    whole = max([times.voice_to_voice_ms or 0.0, *(end for _, _, end in parts)])
    turn = tracer.start_span("turn", start_time=began, attributes=attributes)
    context = trace.set_span_in_context(turn)
    for name, start, end in parts:
        span = tracer.start_span(name, context=context, start_time=began + round(start * _NS_PER_MS))
        span.end(end_time=began + round(end * _NS_PER_MS))
    turn.end(end_time=began + round(whole * _NS_PER_MS))


def _parts(times: TurnTimes) -> Iterator[tuple[str, float, float]]:
    """(name, start, end) in ms from the end of the learner's speech, one after the other.

    Only recognition overlaps: it ends with the pause that ends the turn.
    """
    at = times.endpointing_ms or 0.0
    if times.endpointing_ms is not None:
        yield "endpointing", 0.0, at
    if times.stt_final_ms is not None:
        yield f"stt {times.stt}", max(0.0, at - times.stt_final_ms), at
    for name, took in (
        (f"llm {times.llm}", times.llm_first_token_ms),
        (f"tts {times.tts}", times.tts_first_byte_ms),
    ):
        if took is not None:
            yield name, at, at + took
            at += took
