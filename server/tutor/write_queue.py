"""Writes to the store, one after the other in the order in which they were asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from server.errors import NotFound, ParlorError

Write = Callable[[], Awaitable[object]]
_MAX_WAITING = 2_000
_ATTEMPTS = 3
_PAUSE_S = 1.0
_TIMEOUT_S = 10.0
_log = logging.getLogger(__name__)


class WriteQueue:
    """`post` from anywhere; `start` in the loop, `aclose` lets what waits be written for `within_s`."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Write] = asyncio.Queue(_MAX_WAITING)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work(), name="writes")

    def post(self, write: Write) -> None:
        """In its turn. Never blocks or raises: where the store is down for long, writes are dropped."""
        try:
            self._queue.put_nowait(write)
        except asyncio.QueueFull:
            _log.error("what people said is not kept: too much waits for the store")

    async def settled(self) -> None:
        """Until all that was posted so far is written or given up."""
        done = asyncio.Event()

        async def reached() -> None:
            done.set()

        await self._queue.put(reached)
        await done.wait()

    async def aclose(self, within_s: float = 3.0) -> None:
        """Idempotent."""
        task, self._task = self._task, None
        if task is None:
            return
        try:
            async with asyncio.timeout(within_s):
                await self._queue.join()
        except TimeoutError:
            _log.error("%d writes were given up at the end", self._queue.qsize())
        task.cancel()
        await asyncio.wait([task])

    async def _work(self) -> None:
        while True:
            write = await self._queue.get()
            try:
                await self._done(write)
            finally:
                self._queue.task_done()

    async def _done(self, write: Write) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    await write()
            except (ParlorError, TimeoutError) as error:
                if isinstance(error, NotFound) or attempt == _ATTEMPTS - 1:
                    _log.error("what was said is not kept: %s", getattr(error, "code", "timeout"))
                    return
            except Exception:  # noqa: BLE001 - one write's failure must not end all that follow
                _log.exception("what was said is not kept")
                return
            else:
                return
            await asyncio.sleep(_PAUSE_S)
