from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvloop

from server.sfu.scheduler import Scheduler

SHORTEST_S = 0.001
NEVER_S = 3600.0


@asynccontextmanager
async def _running(tick: Callable[[float], float]) -> AsyncIterator[Scheduler]:
    scheduler = Scheduler(tick, SHORTEST_S, time.monotonic)
    scheduler.start()
    try:
        yield scheduler
    finally:
        await scheduler.aclose()


async def test_tick_is_called_repeatedly_while_something_is_due() -> None:
    called = asyncio.Semaphore(0)

    def tick(now: float) -> float:
        called.release()
        return now

    async with asyncio.timeout(10), _running(tick):
        for _ in range(3):
            await called.acquire()


async def test_wake_calls_tick_long_before_it_is_due() -> None:
    called = asyncio.Semaphore(0)

    def tick(now: float) -> float:
        called.release()
        return now + NEVER_S

    async with asyncio.timeout(10), _running(tick) as scheduler:
        await called.acquire()
        scheduler.wake()
        await called.acquire()


async def test_wake_from_within_tick_is_not_lost() -> None:
    called = asyncio.Semaphore(0)

    def tick(now: float) -> float:
        if called.locked():
            scheduler.wake()
        called.release()
        return now + NEVER_S

    async with asyncio.timeout(10), _running(tick) as scheduler:
        await called.acquire()
        await called.acquire()


def test_nothing_is_called_before_it_is_due() -> None:
    early: list[float] = []

    async def main() -> None:
        due: list[float] = [0.0]
        enough = asyncio.Event()

        def tick(now: float) -> float:
            early.append(due[-1] - now)
            if len(early) == 30:
                enough.set()
            due.append(now + SHORTEST_S + 0.0004)
            return due[-1]

        async with asyncio.timeout(10), _running(tick):
            await enough.wait()

    uvloop.run(main())
    assert max(early) <= 0


async def test_an_error_does_not_stop_the_scheduler() -> None:
    called = asyncio.Semaphore(0)

    def tick(_now: float) -> float:
        called.release()
        raise ZeroDivisionError

    async with asyncio.timeout(10), _running(tick):
        await called.acquire()
        await called.acquire()


async def test_after_its_end_nothing_is_called() -> None:
    calls: list[float] = []

    def tick(now: float) -> float:
        calls.append(now)
        return now

    async with _running(tick) as scheduler:
        pass
    seen = len(calls)
    scheduler.wake()
    await asyncio.sleep(0)
    assert len(calls) == seen
    await scheduler.aclose()
