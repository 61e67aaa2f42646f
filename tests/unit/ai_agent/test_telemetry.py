from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from ai_agent import telemetry
from ai_agent.dialogue.ports import TurnTimes

TIMES = TurnTimes(
    stt="pocketsphinx",
    llm="scripted tutor",
    tts="espeak-ng",
    endpointing_ms=800.0,
    stt_final_ms=200.0,
    llm_first_token_ms=5.0,
    tts_first_byte_ms=40.0,
    voice_to_voice_ms=870.0,
    began_ms_ago=9_000.0,
)


@dataclass
class _Span:
    name: str
    start_ms: float
    attributes: dict[str, Any]
    end_ms: float = 0.0

    def end(self, end_time: int) -> None:
        self.end_ms = end_time / 1e6

    def get_span_context(self) -> None:
        return None


@dataclass
class _Tracer:
    spans: list[_Span] = field(default_factory=list)

    def start_span(
        self, name: str, *, start_time: int, attributes: dict[str, Any] | None = None, context: Any = None
    ) -> _Span:
        self.spans.append(_Span(name, start_time / 1e6, attributes or {}))
        return self.spans[-1]


def test_a_turn_becomes_spans_that_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    tracer = _Tracer()
    monkeypatch.setattr(telemetry, "tracer", tracer)
    telemetry.trace_turn("job1", "turn1", TIMES)
    turn, *parts = tracer.spans
    assert time.time() * 1000 - turn.start_ms == pytest.approx(9_000, abs=1_000), "it was spoken for 8 s more"
    assert turn.end_ms - turn.start_ms == pytest.approx(870, abs=0.01)
    assert turn.attributes["voice_to_voice_ms"] == 870.0
    assert not {"barge_in_stop_ms", "began_ms_ago"} & set(turn.attributes)
    shown = [(p.name, round(p.start_ms - turn.start_ms), round(p.end_ms - turn.start_ms)) for p in parts]
    assert shown == [
        ("endpointing", 0, 800),
        ("stt pocketsphinx", 600, 800),
        ("llm scripted tutor", 800, 805),
        ("tts espeak-ng", 805, 845),
    ]


def test_without_opentelemetry_a_turn_is_only_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "tracer", None)
    telemetry.trace_turn("job1", "turn1", TurnTimes())


def test_a_tracer_that_fails_does_not_fail_the_turn(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def start_span(self, *_: object, **__: object) -> None:
            raise RuntimeError("exporter is gone")

    monkeypatch.setattr(telemetry, "tracer", Broken())
    telemetry.trace_turn("job1", "turn1", TIMES)
    telemetry.trace_turn("job1", "turn2", TIMES)
    assert caplog.text.count("exporter is gone") >= 2
