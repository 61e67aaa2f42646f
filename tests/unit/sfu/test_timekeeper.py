from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvloop

from server.sfu.timekeeper import Timekeeper

SHORTEST_S = 0.001
NEVER_S = 3600.0


@asynccontextmanager
async def _kept(tick: Callable[[float], float]) -> AsyncIterator[Timekeeper]:
    keeper = Timekeeper(tick, SHORTEST_S, time.monotonic)
    keeper.start()
    try:
        yield keeper
    finally:
        await keeper.aclose()


async def test_what_falls_due_at_once_is_called_again_and_again() -> None:
    called = asyncio.Semaphore(0)

    def tick(now: float) -> float:
        called.release()
        return now

    async with asyncio.timeout(10), _kept(tick):
        for _ in range(3):
            await called.acquire()


async def test_what_is_stirred_is_called_long_before_it_falls_due() -> None:
    called = asyncio.Semaphore(0)

    def tick(now: float) -> float:
        called.release()
        return now + NEVER_S

    async with asyncio.timeout(10), _kept(tick) as keeper:
        await called.acquire()
        keeper.stir()
        await called.acquire()


async def test_a_stir_from_within_the_call_is_not_lost() -> None:
    called = asyncio.Semaphore(0)

    def tick(now: float) -> float:
        if called.locked():
            keeper.stir()
        called.release()
        return now + NEVER_S

    async with asyncio.timeout(10), _kept(tick) as keeper:
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

        async with asyncio.timeout(10), _kept(tick):
            await enough.wait()

    uvloop.run(main())
    assert max(early) <= 0


async def test_an_error_does_not_stop_time() -> None:
    called = asyncio.Semaphore(0)

    def tick(_now: float) -> float:
        called.release()
        raise ZeroDivisionError

    async with asyncio.timeout(10), _kept(tick):
        await called.acquire()
        await called.acquire()


async def test_after_its_end_nothing_is_called() -> None:
    calls: list[float] = []

    def tick(now: float) -> float:
        calls.append(now)
        return now

    async with _kept(tick) as keeper:
        pass
    seen = len(calls)
    keeper.stir()
    await asyncio.sleep(0)
    assert len(calls) == seen
    await keeper.aclose()
