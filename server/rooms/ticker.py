"""Calls at intervals, by one task with an owner."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from server.pace import to_next

_log = logging.getLogger(__name__)


class Ticker:
    def __init__(self, interval_s: float, jobs: Sequence[Callable[[], None]]) -> None:
        self._interval = interval_s
        self._jobs = jobs
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="rooms ticker")

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(to_next(self._interval, loop.time()))
            for job in self._jobs:
                try:
                    job()
                except Exception:  # noqa: BLE001 - time must go on for the other jobs
                    _log.exception("a periodic job failed; it is tried again at the next tick")
