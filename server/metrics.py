"""Metrics for Prometheus. The composition root owns one `Metrics` for the process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, GCCollector, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from server.common.tasks import BackgroundTask, aligned_delay

CONTENT_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)
_LAG_INTERVAL_S = 0.2


@dataclass(frozen=True, slots=True)
class MediaTotals:
    """Totals since the process started. `dropped` is by reason."""

    packets_in: int = 0
    packets_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._rooms = Gauge("parlor_rooms", "Open rooms", registry=self.registry)
        self._participants = Gauge(
            "parlor_participants", "Participants who have a seat", ["connection"], registry=self.registry
        )
        self._join = Histogram(
            "parlor_join_seconds",
            "Seconds from join to connected media",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._loss = Histogram(
            "parlor_rtcp_loss_ratio",
            "Fraction lost according to receiver reports (RFC 3550 6.4.1)",
            ["direction"],
            buckets=(0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
            registry=self.registry,
        )
        self._jitter = Histogram(
            "parlor_rtcp_jitter_seconds",
            "Interarrival jitter according to receiver reports",
            ["direction"],
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5),
            registry=self.registry,
        )
        self._loop_lag = Histogram(
            "parlor_event_loop_lag_seconds",
            "Delay of the event loop's timers, measured at the ticks that periodic work shares",
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0),
            registry=self.registry,
        )
        self._tasks = Gauge("parlor_event_loop_tasks", "Tasks that have not ended", registry=self.registry)
        self._http = Histogram(
            "parlor_http_request_seconds",
            "Duration of HTTP requests",
            ["method", "route", "status"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._socket = Counter(
            "parlor_socket_events",
            "Client events by outcome: ok or the error's code",
            ["namespace", "event", "outcome"],
            registry=self.registry,
        )

    def render(self) -> bytes:
        """The text exposition format."""
        return generate_latest(self.registry)

    def rooms_from(self, count: Callable[[], float]) -> None:
        """`count` is called at each scrape."""
        self._rooms.set_function(count)

    def participants_from(self, connection: str, count: Callable[[], float]) -> None:
        """`connection`: connecting, connected or disconnected. `count` is called at each scrape."""
        self._participants.labels(connection).set_function(count)

    def media_from(self, read: Callable[[], MediaTotals]) -> None:
        """`read` is called at each scrape, so that the packet path can count in plain integers."""
        self.registry.register(_MediaCollector(read))

    def tasks_from(self, loop: asyncio.AbstractEventLoop) -> None:
        """Counts the loop's tasks at each scrape. A number that only grows is a leak."""
        self._tasks.set_function(lambda: len(asyncio.all_tasks(loop)))

    def joined(self, seconds: float) -> None:
        self._join.observe(seconds)

    def rtcp_report(self, direction: str, loss: float | None, jitter_s: float | None) -> None:
        """`direction`: "up" from people to the server, "down" to people. `loss` is from 0 to 1.

        None means that nothing was reported; it is not counted.
        """
        if loss is not None:
            self._loss.labels(direction).observe(loss)
        if jitter_s is not None:
            self._jitter.labels(direction).observe(jitter_s)

    def loop_lag(self, seconds: float) -> None:
        self._loop_lag.observe(seconds)

    def http_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """`route` is the pattern, not the path: labels must have few values."""
        self._http.labels(method, route, str(status)).observe(seconds)

    def socket_event(self, namespace: str, event: str, outcome: str) -> None:
        """`event` is a declared name or "unknown"; `outcome` is "ok" or an error's code."""
        self._socket.labels(namespace, event, outcome).inc()


class LoopLagSampler:
    """Measures how late the running event loop fires timers, until closed."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._task = BackgroundTask("loop lag", self._sample)

    def start(self) -> None:
        self._task.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._task.aclose()

    async def _sample(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            delay = aligned_delay(_LAG_INTERVAL_S, loop.time())
            due = loop.time() + delay
            await asyncio.sleep(delay)
            self._metrics.loop_lag(max(0.0, loop.time() - due))


class _MediaCollector(Collector):
    def __init__(self, read: Callable[[], MediaTotals]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        totals = self._read()
        for name, help_text, sent, received in (
            ("parlor_media_packets", "Media packets", totals.packets_out, totals.packets_in),
            ("parlor_media_bytes", "Bytes of media packets", totals.bytes_out, totals.bytes_in),
        ):
            family = CounterMetricFamily(name, help_text, labels=["direction"])
            family.add_metric(["in"], received)
            family.add_metric(["out"], sent)
            yield family
        dropped = CounterMetricFamily("parlor_media_dropped", "Media packets dropped", labels=["reason"])
        for reason, count in sorted(totals.dropped.items()):
            dropped.add_metric([reason], count)
        yield dropped
