"""Prometheus metrics of voice sessions."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge


class VoiceMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._connections = Gauge("parlor_voice_connections", "Voice clients connected", registry=registry)
        self._places = Gauge(
            "parlor_voice_places_free", "Voice sessions that the workers could still take", registry=registry
        )
        self._arriving = Gauge(
            "parlor_voice_bytes_arriving",
            "Bytes of voice clients' messages that no worker has yet",
            registry=registry,
        )
        self._refusals = Counter(
            "parlor_voice_refusals", "Voice clients refused, by reason", ["code"], registry=registry
        )

    def connections_from(self, count: Callable[[], float]) -> None:
        """`count` is called at each scrape."""
        self._connections.set_function(count)

    def places_from(self, count: Callable[[], float]) -> None:
        """`count` is called at each scrape."""
        self._places.set_function(count)

    def arriving_from(self, count: Callable[[], float]) -> None:
        """`count` is called at each scrape."""
        self._arriving.set_function(count)

    def refused(self, code: str) -> None:
        """`code`: one of the server's own words."""
        self._refusals.labels(code).inc()
