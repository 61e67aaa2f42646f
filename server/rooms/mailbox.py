"""One room does one thing at a time, and no room waits for another.

Operations on a room run one by one in the room's own task, whole: a caller who goes away does not cut one
short between its effects. One that has not begun by then is not begun: its caller was told that it failed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from server.errors import ParlorError, RoomNotFound, Unavailable

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Item:
    operation: Callable[[], Awaitable[Any]]
    result: asyncio.Future[Any] | None
    participant_id: str | None = None


class Mailbox:
    """Owns a task from construction (needs a running loop) until `aclose`, or until told to `stop`."""

    def __init__(self, name: str) -> None:
        self._queue: asyncio.Queue[_Item] = asyncio.Queue()
        self._stopped = False
        self._name = name
        self._task = asyncio.create_task(self._work(), name=f"room {name}")

    async def run(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Wait for the operation's turn and give what it gives. Raises RoomNotFound once stopped."""
        if self._stopped:
            raise RoomNotFound
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Item(operation, result))
        return await result

    def post(self, operation: Callable[[], Awaitable[None]], participant_id: str | None = None) -> None:
        """Let the operation run in its turn; dropped once stopped. The participant is for the log."""
        if not self._stopped:
            self._queue.put_nowait(_Item(operation, None, participant_id))

    def stop(self, refusal: type[ParlorError] = RoomNotFound) -> None:
        """End after the operation that is running: those that wait are refused."""
        self._stopped = True
        while not self._queue.empty():
            _refuse(self._queue.get_nowait().result, refusal())
        self._queue.put_nowait(_Item(_nothing, None))

    async def aclose(self) -> None:
        """Cancel what runs, and wait for its end; callers get Unavailable. Not from inside an operation."""
        self.stop(Unavailable)
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _work(self) -> None:
        while not self._stopped or not self._queue.empty():
            item = await self._queue.get()
            result = item.result
            if result is not None and result.cancelled():
                continue
            try:
                value = await item.operation()
            except asyncio.CancelledError:
                _refuse(result, Unavailable())
                raise
            except Exception as error:  # noqa: BLE001 - one operation's failure must not end the room
                self._failed(error, item)
            else:
                if result is not None and not result.done():
                    result.set_result(value)

    def _failed(self, error: Exception, item: _Item) -> None:
        if item.result is None:
            whose = {"room_id": self._name, "participant_id": item.participant_id}
            _log.error("room operation failed", exc_info=error, extra=whose)
        _refuse(item.result, error)


def _refuse(result: asyncio.Future[Any] | None, error: Exception) -> None:
    if result is not None and not result.done():
        result.set_exception(error)


async def _nothing() -> None:
    pass
