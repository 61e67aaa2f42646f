"""Calls a function at the time it asked for, so that nothing that is idle costs wake-ups."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from server.common.tasks import BackgroundTask

_log = logging.getLogger(__name__)

EARLY_S = 0.002
"""uvloop counts in milliseconds, from the one that has begun and with the wait rounded: a timer may fire
1.5 ms before its time, and find nothing due."""


class Scheduler:
    """`tick(now)` returns when it wants to be called next, in seconds of `clock`. The wait is at least
    `shortest_s`; if it is infinite, only `wake` ends it.

    `start` in the running event loop, `aclose` at the end.
    """

    def __init__(self, tick: Callable[[float], float], shortest_s: float, clock: Callable[[], float]) -> None:
        self._tick = tick
        self._shortest_s = shortest_s
        self._clock = clock
        self._woken = asyncio.Event()
        self._background = BackgroundTask("sfu scheduler", self._run)

    def start(self) -> None:
        self._background.start()

    def wake(self) -> None:
        """Something may be due sooner than the last tick returned."""
        self._woken.set()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._background.aclose()

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            now = self._clock()
            due = now
            try:
                due = self._tick(now)
            except Exception:  # noqa: BLE001  no tick is known to raise; if one does, the timers must continue
                _log.exception("tick_failed")
            await self._wait(max(self._shortest_s, due - now + EARLY_S))

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
            await asyncio.sleep(self._shortest_s)  # one tick for many calls of `wake`
