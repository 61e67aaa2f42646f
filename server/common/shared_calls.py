"""Calls whose result all callers share that come while one is running."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from server.common.tasks import cancel_and_wait

Key = TypeVar("Key", bound=Hashable)
T = TypeVar("T")


class SharedCalls(Generic[Key, T]):
    """At most one call a key runs at a time. It goes on if its callers stop waiting. Close it after use."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._running: dict[Key, asyncio.Task[T]] = {}

    async def run(self, key: Key, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of the call of that key that is running, or else of `call`, with its error."""
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(call(), name=f"{self._name} {key}")
            task.add_done_callback(lambda done: self._ended(key, done))
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """Cancel the calls and wait until they have ended. Idempotent."""
        await cancel_and_wait(*self._running.values(), log_errors=False)

    def _ended(self, key: Key, task: asyncio.Task[T]) -> None:
        self._running.pop(key, None)
        if not task.cancelled():
            task.exception()  # retrieved: callers that wait get it, and nobody else is to
