"""Readiness on virtual time."""

from __future__ import annotations

import asyncio

import pytest

from server.errors import Unavailable
from server.readiness import Readiness


class Store:
    def __init__(self) -> None:
        self.now = 0.0
        self.asked = 0
        self.is_down = False
        self.gate: asyncio.Event | None = None

    async def probe(self) -> None:
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.is_down:
            raise Unavailable

    def clock(self) -> float:
        return self.now


async def test_many_callers_cost_one_probe_a_second() -> None:
    store = Store()
    readiness = Readiness(store.probe, store.clock)
    await asyncio.gather(*(readiness.check() for _ in range(100)))
    await readiness.check()
    assert store.asked == 1
    store.now += 1.0
    await readiness.check()
    assert store.asked == 2
    await readiness.aclose()


async def test_a_failure_is_kept_for_a_second_and_then_asked_again() -> None:
    store = Store()
    store.is_down = True
    readiness = Readiness(store.probe, store.clock)
    for _ in range(3):
        with pytest.raises(Unavailable, match="does not take a write"):
            await readiness.check()
    assert store.asked == 1
    store.is_down = False
    store.now += 1.0
    await readiness.check()
    await readiness.aclose()


async def test_a_probe_that_hangs_is_answered_without_a_second_one_and_ends_with_its_owner() -> None:
    store = Store()
    store.gate = asyncio.Event()
    readiness = Readiness(store.probe, store.clock)
    first = asyncio.create_task(readiness.check())
    await asyncio.sleep(0)
    store.now += 2.0  # its callers have waited long enough
    for _ in range(3):
        with pytest.raises(Unavailable, match="does not answer in time"):
            await readiness.check()
    assert store.asked == 1
    store.gate.set()
    await first
    await readiness.check()
    store.gate.clear()
    store.now += 1.0
    last = asyncio.create_task(readiness.check())
    await asyncio.sleep(0)
    await readiness.aclose()
    with pytest.raises(Unavailable):
        await last
