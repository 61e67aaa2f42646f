"""Prometheus metrics of servers that share their rooms."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from server.cluster.beats import BeatLog
from server.cluster.bus_messages import Dropped
from server.cluster.placement import Placed
from server.cluster.redis_limits import Outcome
from server.cluster.verdicts import Verdict

RETURNING_FOR_S = 30.0
"""After a takeover seats are held for this long, and a person who connects counts as returned."""
_STATUS = ("starting", "ok", "draining")
_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
_LAG = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)


class ClusterMetrics:
    """Made only for servers with Redis. `clock` is monotonic, in seconds."""

    def __init__(self, registry: CollectorRegistry, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._taken_at: dict[str, float] = {}
        self._beat_age = Gauge(
            "parlor_cluster_beat_age_seconds", "Time since Redis took this server's beat", registry=registry
        )
        self._beating = Gauge(
            "parlor_cluster_beating_seconds",
            "Time for which this server's beats have landed without a gap: it judges others from 3.2 s on",
            registry=registry,
        )
        self._nodes = Gauge(
            "parlor_cluster_nodes", "Servers whose beats are fresh, by status", ["status"], registry=registry
        )
        self._verdicts = Counter(
            "parlor_cluster_verdicts", "Verdicts on other servers", ["verdict"], registry=registry
        )
        self._ownership = Counter(
            "parlor_cluster_ownership",
            "Claims of rooms that were won or lost, and writes refused to a former owner",
            ["event"],
            registry=registry,
        )
        self._moves = Histogram(
            "parlor_cluster_move_seconds",
            "Time in which a room that is handed over has no owner to serve it",
            ["outcome"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._returns = Histogram(
            "parlor_cluster_return_seconds",
            "Time from a takeover of a room to each returned person's media",
            buckets=_SECONDS,
            registry=registry,
        )
        self._bus_lag = Histogram(
            "parlor_cluster_bus_lag_seconds",
            "Time from publishing a message to reading it back from Redis",
            buckets=_LAG,
            registry=registry,
        )
        self._dropped = Counter(
            "parlor_cluster_bus_dropped",
            "Messages of the bus that were not delivered, by reason",
            ["reason"],
            registry=registry,
        )
        self._limits = Counter(
            "parlor_cluster_limits",
            "Requests that count over all servers, by outcome; alone: decided here, without Redis",
            ["outcome"],
            registry=registry,
        )
        self._load = Gauge("parlor_cluster_load", "How busy this server is; 1 is full", registry=registry)
        self._placements = Counter(
            "parlor_cluster_placements",
            "Requests for new rooms: opened here, elsewhere, refused by another server, or all are full",
            ["outcome"],
            registry=registry,
        )
        for placed in Placed:
            self._placements.labels(placed)
        for limited in Outcome:
            self._limits.labels(limited)
        for reason in Dropped:
            self._dropped.labels(reason)
        for verdict in Verdict:
            self._verdicts.labels(verdict)
        for event in ("claim_won", "claim_lost", "write_refused"):
            self._ownership.labels(event)
        for outcome in ("moved", "stayed"):
            self._moves.labels(outcome)

    def beats_from(self, log: BeatLog) -> None:
        """`log` is read at each scrape."""
        self._beat_age.set_function(lambda: max(0.0, self._clock() - log.landed_at))
        self._beating.set_function(lambda: self._beating_s(log))
        for status in _STATUS:
            self._nodes.labels(status).set_function(partial(self._live, log, status))

    def _beating_s(self, log: BeatLog) -> float:
        return 0.0 if log.own_since is None else self._clock() - log.own_since

    def _live(self, log: BeatLog, status: str) -> float:
        return sum(info.status == status for info in log.live(self._clock()))

    def load_from(self, load: Callable[[], float]) -> None:
        """`load` is called at each scrape."""
        self._load.set_function(load)

    def placed(self, outcome: Placed) -> None:
        self._placements.labels(outcome).inc()

    def judged(self, verdict: Verdict) -> None:
        self._verdicts.labels(verdict).inc()

    def ownership(self, event: str) -> None:
        """`event`: claim_won, claim_lost or write_refused."""
        self._ownership.labels(event).inc()

    def moved(self, seconds: float, *, has_moved: bool) -> None:
        self._moves.labels("moved" if has_moved else "stayed").observe(seconds)

    def taken_over(self, room_id: str) -> None:
        now = self._clock()
        self._taken_at = {i: at for i, at in self._taken_at.items() if now - at <= RETURNING_FOR_S}
        self._taken_at[room_id] = now

    def connected(self, room_id: str) -> None:
        """Somebody's media is connected."""
        taken_at = self._taken_at.get(room_id)
        if taken_at is not None and self._clock() - taken_at <= RETURNING_FOR_S:
            self._returns.observe(self._clock() - taken_at)

    def bus_lag(self, seconds: float) -> None:
        self._bus_lag.observe(max(0.0, seconds))

    def bus_dropped(self, reason: Dropped) -> None:
        self._dropped.labels(reason).inc()

    def limited(self, outcome: Outcome) -> None:
        self._limits.labels(outcome).inc()
