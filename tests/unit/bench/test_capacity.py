"""The capacity bench reads its figures: threads of a process, quantiles of a histogram, rows of the table."""

from __future__ import annotations

import math
import os
import threading
import time
from dataclasses import replace

import pytest

from tests.bench.sfu.capacity import Held, capacity_rows, cpu_by_thread, quantile

ONE = Held(
    people=1000,
    rooms=84,
    cpu={"event loop": 0.2, "parlor-media": 0.5},
    lag_p50_ms=1.0,
    lag_p99_ms=21.0,
    lag_samples=100,
    joining_lag_p99_ms=90.0,
    memory=300_000_000,
    packets_per_s=100_000,
    lost=0.0,
    delay_p50_ms=0.1,
    delay_p99_ms=1.0,
    client_load=0.5,
    stolen=0.0,
)


COUNTS = {0.001: 90.0, 0.01: 90.0, 0.02: 100.0, math.inf: 100.0}


@pytest.mark.parametrize(("share", "seconds"), [(0.45, 0.0005), (0.9, 0.001), (0.95, 0.015), (0.99, 0.019)])
def test_a_quantile_is_interpolated_within_its_bucket(share: float, seconds: float) -> None:
    assert quantile(COUNTS, share) == pytest.approx(seconds)


def test_a_quantile_above_the_last_limit_is_that_limit() -> None:
    assert quantile({0.01: 1.0, 1.0: 1.0, math.inf: 100.0}, 0.99) == 1.0


def test_the_first_thread_is_the_event_loop_and_unnamed_threads_are_not_listed() -> None:
    before = cpu_by_thread(os.getpid())
    until = time.process_time() + 0.05
    work = threading.Thread(target=lambda: [None for _ in iter(lambda: time.process_time() < until, False)])
    work.start()
    work.join()
    after = cpu_by_thread(os.getpid())
    assert list(after) == ["event loop", "parlor-media"]
    assert after["event loop"] - before["event loop"] < 0.04


def test_only_the_first_thousand_is_judged_and_the_next_one_is_printed_as_a_difference() -> None:
    two = replace(
        ONE, people=2000, rooms=168, cpu={"event loop": 0.5, "parlor-media": 0.9}, memory=500_000_000
    )
    rows = list(capacity_rows([ONE, replace(ONE, lag_p99_ms=19.0), replace(ONE, lag_p99_ms=30.0), two]))
    values = {row.name: row.value for row in rows}
    assert values["  1,000 people more: server CPU"] == pytest.approx(70)
    assert values["  memory of each"] == pytest.approx(200)
    assert [(row.name.strip(), row.value) for row in rows if not row.is_met] == [
        ("lag of the event loop, p99", 21.0)
    ]
