"""Measures what processes use of a core, and how long they wait for one: what a busy machine does to a
figure."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from tests.bench.figures import Row


class Cores:
    """From its creation to `rows`. `processes`: by name."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = {**processes, "clients": os.getpid()}
        self._began = time.monotonic()
        self._before = {name: spent(pid) for name, pid in self._processes.items()}

    def rows(self) -> list[Row]:
        span = time.monotonic() - self._began
        rows: list[Row] = []
        for name, pid in self._processes.items():
            used, waited = (now - then for now, then in zip(spent(pid), self._before[name], strict=True))
            rows.append(Row(f"{name}: share of a core", 100 * used / span, "%"))
            rows.append(Row(f"{name}: ready and waited for a core", 100 * waited / span, "% of time"))
        return rows


def spent(pid: int) -> tuple[float, float]:
    """Seconds of CPU of all threads, and seconds in which the main one waited for a core (Linux alone)."""
    try:
        waited = int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        waited = 0.0
    return sum(psutil.Process(pid).cpu_times()[:2]), waited
