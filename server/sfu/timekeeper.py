"""Calls something by the time that it asks for, so that whoever has nothing due costs no wake-ups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

log = structlog.get_logger(__name__)

EARLY_S = 0.002
"""uvloop counts in milliseconds, from the one that has begun and with the wait rounded: a timer may fire
1.5 ms before its time, and find nothing due."""


class Timekeeper:
    """`tick(now)` returns when it wants to be called next, in seconds of `clock`: `shortest_s` later at the
    soonest, and not at all if that is infinite.

    `start` in the running event loop, `aclose` at the end.
    """

    def __init__(self, tick: Callable[[float], float], shortest_s: float, clock: Callable[[], float]) -> None:
        self._tick = tick
        self._shortest_s = shortest_s
        self._clock = clock
        self._stirred = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    def stir(self) -> None:
        """Something may fall due sooner than the last tick knew."""
        self._stirred.set()

    async def aclose(self) -> None:
        """Idempotent."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self) -> None:
        while True:
            self._stirred.clear()
            now = self._clock()
            due = now
            try:
                due = self._tick(now)
            except Exception:
                # Nothing in there is known to raise; if something does, time goes on.
                log.exception("tick_failed")
            await self._rest(max(self._shortest_s, due - now + EARLY_S))

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
            await asyncio.sleep(self._shortest_s)  # not once for each of many who stir
