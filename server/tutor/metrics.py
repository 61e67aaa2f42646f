"""Prometheus metrics of tutors."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0)
_MAX_ENGINES = 50


class TutorMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._parts = Histogram(
            "parlor_tutor_part_seconds",
            "Duration of the parts of a turn, by engine",
            ["part", "engine"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._counts = Counter(
            "parlor_tutor_events", "False interruptions and dropped feedback", ["kind"], registry=registry
        )
        self._fallbacks = Counter(
            "parlor_tutor_fallbacks",
            "Engines that failed and were replaced by another",
            ["kind", "engine"],
            registry=registry,
        )
        self._workers = Gauge("parlor_tutor_workers", "Connected workers", registry=registry)
        self._jobs = Gauge("parlor_tutor_jobs", "Jobs by state", ["state"], registry=registry)
        self._engines: set[str] = set()

    def tutor_part(self, part: str, engine: str, seconds: float) -> None:
        """`engine` is empty for a part that no engine serves."""
        self._parts.labels(part, self._label(engine)).observe(max(0.0, seconds))

    def tutor_counted(self, what: str, count: int) -> None:
        if count > 0:
            self._counts.labels(what).inc(count)

    def tutor_fell_back(self, kind: str, engine: str) -> None:
        """`kind`: stt, llm or tts. `engine`: the one that failed."""
        self._fallbacks.labels(kind, self._label(engine)).inc()

    def workers_from(self, count: Callable[[], float]) -> None:
        """`count` is called at each scrape."""
        self._workers.set_function(count)

    def jobs_from(self, state: str, count: Callable[[], float]) -> None:
        """`count` is called at each scrape."""
        self._jobs.labels(state).set_function(count)

    def _label(self, engine: str) -> str:
        """The engine, or `other` once there are _MAX_ENGINES names: workers choose them."""
        if engine not in self._engines and len(self._engines) >= _MAX_ENGINES:
            return "other"
        self._engines.add(engine)
        return engine
