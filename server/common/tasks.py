"""Tasks that have an owner: each helper starts tasks and ends them in `aclose`, which is idempotent.

`BackgroundTask` runs one coroutine for as long as its owner lives, `Ticker` calls functions at intervals,
`TaskSet` holds tasks that come and go.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

_log = logging.getLogger(__name__)

RESTART_AFTER_S = 1.0
"""A background task that failed starts again after this, so that a permanent error does not spin."""


async def cancel_and_wait(*tasks: asyncio.Task[Any] | None, log_errors: bool = True) -> None:
    """Cancel the tasks and wait until they have ended. An error that ended one of them is logged.

    If the caller is cancelled meanwhile, its own CancelledError is raised; the tasks still end. `log_errors`:
    False if the caller reports the errors, or if their texts must not be in the log.
    """
    pending = {task for task in tasks if task is not None}
    if not pending:
        return
    for task in pending:
        task.cancel()
    await asyncio.wait(pending)
    for task in pending:
        if log_errors:
            _log_failure(task)
        elif not task.cancelled():
            task.exception()  # retrieved so that asyncio does not log it


class BackgroundTask:
    """Runs `work` from `start` to `aclose`.

    `work` may return when there is nothing left to do. If it raises, the error is logged and `work` starts
    again `restart_after_s` later.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], Coroutine[Any, Any, None]],
        *,
        restart_after_s: float = RESTART_AFTER_S,
    ) -> None:
        self._name = name
        self._work = work
        self._restart_after_s = restart_after_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Needs a running event loop. Does nothing while the task runs."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name=self._name)

    async def aclose(self) -> None:
        task, self._task = self._task, None
        await cancel_and_wait(task)

    async def _run(self) -> None:
        while True:
            try:
                await self._work()
            except asyncio.CancelledError:
                if is_cancelling():
                    raise
                _log.exception("%s was cancelled from inside, restarting", self._name)
            except Exception:
                if is_cancelling():
                    raise
                _log.exception("%s failed, restarting", self._name)
            else:
                return
            await asyncio.sleep(self._restart_after_s)


class Ticker:
    """Calls `jobs` one after the other every `interval_s`, at the ticks that `aligned_delay` gives.

    A job may be a coroutine function; the next job waits for it. A job's error is logged, and the job is
    called again at the next tick. `at_start`: call the jobs once at `start`, too.
    """

    def __init__(
        self,
        name: str,
        interval_s: float,
        *jobs: Callable[[], Awaitable[object] | None],
        at_start: bool = False,
    ) -> None:
        self._name = name
        self._interval_s = interval_s
        self._jobs = jobs
        self._at_start = at_start
        self._background = BackgroundTask(name, self._run)

    def start(self) -> None:
        self._background.start()

    async def aclose(self) -> None:
        await self._background.aclose()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        if self._at_start:
            await self._tick()
        while not is_cancelling():
            await asyncio.sleep(aligned_delay(self._interval_s, loop.time()))
            await self._tick()

    async def _tick(self) -> None:
        for job in self._jobs:
            try:
                result = job()
                if inspect.isawaitable(result):
                    await result
            except Exception:  # noqa: BLE001 - the other jobs and the next tick must not suffer
                _log.exception("%s: a job failed, it is called again at the next tick", self._name)


class TaskSet:
    """Tasks that end by themselves or in `aclose`. An error that ends one is logged."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def wait(self) -> None:
        """Wait until all tasks have ended by themselves, those that start meanwhile included."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def aclose(self) -> None:
        """Cancel all tasks and wait until they have ended."""
        await cancel_and_wait(*self._tasks, log_errors=False)  # `_ended` logs them

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        _log_failure(task)


def aligned_delay(interval_s: float, now: float) -> float:
    """Seconds until the next multiple of `interval_s` on the clock of `now`.

    All periodic work that uses the same clock wakes the process together. The delay is at least half an
    interval: a timer may fire a little early and would be set for the same multiple again.
    """
    delay = interval_s - now % interval_s
    return delay if delay >= interval_s / 2 else delay + interval_s


def is_cancelling() -> bool:
    """Whether the current task has been cancelled.

    A loop that catches errors must check this: a library may turn the CancelledError into an error of its
    own, as SQLAlchemy does if the rollback fails, and the loop would then never end.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("%s failed", task.get_name(), exc_info=error)
