"""Each metric that the dashboard asks for is one that a server has."""

from __future__ import annotations

import json
import re
from pathlib import Path

from prometheus_client import CollectorRegistry

from server.cluster.metrics import ClusterMetrics
from server.metrics import MediaTotals, Metrics
from server.tutor.metrics import TutorMetrics

DASHBOARD = Path(__file__).parents[2] / "docker" / "grafana" / "parlor.json"
_SUFFIXES = {
    "counter": ("_total",),
    "gauge": ("",),
    "histogram": ("_bucket", "_sum", "_count"),
    "info": ("_info",),
}


def names_in(registry: CollectorRegistry) -> set[str]:
    return {family.name + end for family in registry.collect() for end in _SUFFIXES[family.type]}


def test_the_dashboard_asks_for_metrics_that_exist() -> None:
    metrics = Metrics()
    metrics.media_from(MediaTotals)
    ClusterMetrics(metrics.registry, lambda: 0.0)
    TutorMetrics(metrics.registry)
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    queries = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    asked = {name for query in queries for name in re.findall(r"\b(?:parlor|process|python)_\w+", query)}
    assert len(asked) > 15
    assert asked <= names_in(metrics.registry), asked - names_in(metrics.registry)


def test_every_metric_of_a_cluster_is_on_the_dashboard() -> None:
    registry = CollectorRegistry()
    ClusterMetrics(registry, lambda: 0.0)
    text = DASHBOARD.read_text(encoding="utf-8")
    assert [family.name for family in registry.collect() if family.name not in text] == []
