"""Periodic work of several servers on one database: each run is done by one of them.

There is no leader: the server whose timer ends first does it. The work must be idempotent, since the lock
ends with the connection to the database, and the time of the last run may fail to be stored.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

Lock = Callable[[str], AbstractAsyncContextManager[bool]]
"""Whether this server alone holds the lock of that name while the block runs. Never waits for another one."""


class StoredValues(Protocol):
    """Values in the store, so that a restart and other servers know when the last run was."""

    async def get(self, name: str, default: Any = None) -> Any: ...

    async def put(self, name: str, value: Any) -> None: ...


class SharedRuns:
    """`clock` is seconds since the epoch."""

    def __init__(self, lock: Lock, values: StoredValues, clock: Callable[[], float]) -> None:
        self._lock = lock
        self._values = values
        self._clock = clock

    async def run(self, name: str, every_s: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work, unless another server is doing it or some server has done it in the last `every_s`.
        Raises what the work raises, and Unavailable."""
        async with self._lock(name) as is_alone:
            if not is_alone:
                return
            since = self._clock() - float(await self._values.get(name, 0.0))
            if 0 <= since < every_s:  # a time in the future is that of a clock which was wrong
                return
            await work()
            await self._values.put(name, self._clock())
