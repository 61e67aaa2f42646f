"""Whether the server can serve, for load balancers: asks the store to write, however many ask this."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from server.common.tasks import TaskSet
from server.errors import ParlorError, Unavailable

_FRESH_S = 1.0
"""Age up to which a result is given again."""
_WITHIN_S = 2.0
"""Time after which a caller gets the answer that the store is not ready. The probe goes on."""


class Readiness:
    """`probe` writes to the store and raises Unavailable. `clock` is monotonic, in seconds.

    One probe runs at a time, and at most one in `_FRESH_S`: more callers wait for the same one.
    """

    def __init__(self, probe: Callable[[], Awaitable[None]], clock: Callable[[], float]) -> None:
        self._probe = probe
        self._clock = clock
        self._tasks = TaskSet()
        self._running: asyncio.Task[None] | None = None
        self._started_at = 0.0
        self._ended_at: float | None = None
        self._is_failing = False

    async def check(self) -> None:
        """Raises Unavailable, at the latest after `_WITHIN_S`."""
        now = self._clock()
        if self._running is None and (self._ended_at is None or now - self._ended_at >= _FRESH_S):
            self._started_at = now
            self._running = self._tasks.spawn(self._run(), "readiness probe")
        running = self._running
        if running is not None:
            left = self._started_at + _WITHIN_S - now
            await asyncio.wait({running}, timeout=max(0.0, left))
            if not running.done() or running.cancelled():
                raise Unavailable("The server is not ready: its database does not answer in time.")
        if self._is_failing:
            raise Unavailable("The server is not ready: its database does not take a write.")

    async def aclose(self) -> None:
        """Idempotent."""
        await self._tasks.aclose()

    async def _run(self) -> None:
        try:
            await self._probe()
            self._is_failing = False
        except ParlorError:
            self._is_failing = True
        except Exception:
            self._is_failing = True
            raise
        finally:
            self._ended_at, self._running = self._clock(), None
