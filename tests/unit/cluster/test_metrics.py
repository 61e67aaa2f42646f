from __future__ import annotations

from prometheus_client import CollectorRegistry

from server.cluster.beats import BeatLog
from server.cluster.metrics import RETURNING_FOR_S, ClusterMetrics
from server.cluster.nodes import NodeInfo, Seen
from server.cluster.verdicts import SILENT_AFTER_S, Verdict


class World:
    def __init__(self) -> None:
        self.now = 100.0
        self.registry = CollectorRegistry()
        self.metrics = ClusterMetrics(self.registry, lambda: self.now)

    def value(self, name: str, **labels: str) -> float:
        value = self.registry.get_sample_value(f"parlor_cluster_{name}", labels)
        assert value is not None
        return value


def test_a_return_lasts_from_the_takeover_to_the_media_and_counts_while_seats_are_held() -> None:
    world = World()
    world.metrics.connected("r1")
    world.metrics.taken_over("r1")
    world.now += 0.8
    world.metrics.connected("r1")
    world.metrics.connected("r2")
    world.now += RETURNING_FOR_S
    world.metrics.connected("r1")
    assert world.value("return_seconds_count") == 1
    assert 0.79 < world.value("return_seconds_sum") < 0.81


def test_takeovers_of_long_ago_are_forgotten() -> None:
    world = World()
    for i in range(1_000):
        world.metrics.taken_over(f"r{i}")
        world.now += 1.0
    assert len(world.metrics._taken_at) <= RETURNING_FOR_S + 1


def test_beats_are_read_at_each_scrape() -> None:
    world = World()
    log = BeatLog(world.now)
    world.metrics.beats_from(log)
    infos = [NodeInfo(f"n{i}-a", "", "", "f", "draining" if i == 3 else "ok") for i in (1, 2, 3)]
    log.landed(
        [Seen(info, age_s) for info, age_s in zip(infos, (0.1, SILENT_AFTER_S + 1, 0.2), strict=True)],
        world.now,
    )
    world.now += 0.3
    assert 0.29 < world.value("beat_age_seconds") < 0.31
    assert world.value("nodes", status="ok") == 1
    assert world.value("nodes", status="draining") == 1
    assert world.value("nodes", status="starting") == 0


def test_what_has_not_happened_yet_is_shown_as_zero() -> None:
    world = World()
    assert [world.value("verdicts_total", verdict=verdict) for verdict in Verdict] == [0.0] * len(Verdict)
    world.metrics.ownership("claim_lost")
    world.metrics.moved(0.2, has_moved=False)
    assert world.value("ownership_total", event="claim_lost") == 1
    assert world.value("ownership_total", event="write_refused") == 0
    assert world.value("move_seconds_count", outcome="stayed") == 1
