"""Percentiles."""

from __future__ import annotations

import math


def percentiles(values: list[float]) -> dict[str, float]:
    """n, p50, p95, p99 and max, by nearest rank; empty for no values."""
    if not values:
        return {"n": 0}
    ordered = sorted(values)
    found: dict[str, float] = {"n": len(ordered)}
    for percent in (50, 95, 99):
        found[f"p{percent}"] = ordered[math.ceil(percent / 100 * len(ordered)) - 1]
    found["max"] = ordered[-1]
    return found
