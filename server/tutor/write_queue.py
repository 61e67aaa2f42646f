"""Writes to the store, one after the other in the order in which they were posted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from server.common.tasks import BackgroundTask, is_cancelling
from server.errors import NotFound, ParlorError

Write = Callable[[], Awaitable[object]]
_MAX_WAITING = 2_000
_ATTEMPTS = 3
_PAUSE_S = 1.0
"""Between the attempts of one write."""
_TIMEOUT_S = 10.0
"""Time limit of one attempt."""
_log = logging.getLogger(__name__)


class WriteQueue:
    """`start` needs a running event loop; `aclose` waits up to `within_s` for the queued writes."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[Write, Callable[[], None] | None]] = asyncio.Queue(_MAX_WAITING)
        self._work = BackgroundTask("tutor writes", self._write_all)
        self._is_running = False

    def start(self) -> None:
        self._work.start()
        self._is_running = True

    def post(self, write: Write, on_done: Callable[[], None] | None = None) -> None:
        """Queue a write. Never blocks or raises; when the queue is full, the write is dropped.

        `on_done` is called once the write is stored, was given up or was dropped.
        """
        try:
            self._queue.put_nowait((write, on_done))
        except asyncio.QueueFull:
            _log.error("write dropped: %d writes wait for the store", self._queue.qsize())
            if on_done is not None:
                on_done()

    async def flush(self) -> None:
        """Wait until every write posted so far is stored or given up."""
        reached = asyncio.Event()

        async def mark() -> None:
            reached.set()

        await self._queue.put((mark, None))
        await reached.wait()

    async def aclose(self, within_s: float = 3.0) -> None:
        """Idempotent."""
        is_running, self._is_running = self._is_running, False
        if not is_running:
            return
        try:
            async with asyncio.timeout(within_s):
                await self._queue.join()
        except TimeoutError:
            _log.error("%d queued writes given up at shutdown", self._queue.qsize())
        await self._work.aclose()

    async def _write_all(self) -> None:
        while not is_cancelling():
            write, on_done = await self._queue.get()
            try:
                await self._write(write)
            finally:
                self._queue.task_done()
                if on_done is not None:
                    on_done()

    async def _write(self, write: Write) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    await write()
            except (ParlorError, TimeoutError) as error:
                if isinstance(error, NotFound) or attempt == _ATTEMPTS - 1 or is_cancelling():
                    _log.error("write given up: %s", getattr(error, "code", "timeout"))
                    return
            except Exception:  # noqa: BLE001 - the failure of one write must not end those that follow
                _log.exception("write given up")
                return
            else:
                return
            await asyncio.sleep(_PAUSE_S)
