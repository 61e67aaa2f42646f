"""Packets that wait for a client, and for how long: a client that does not read them is cut."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any

from engineio.exceptions import QueueEmpty


class Outbox(asyncio.Queue[Any]):
    """In place of the library's queue of a socket. The library takes all packets at once, and the next ones
    only once the client's connection has taken those."""

    waiting_bytes: int

    def is_stuck(self, now: float, unread_s: float) -> bool:
        """Whether a packet has waited for longer than that. `now` is monotonic."""
        return bool(self._packets) and now - self._packets[0][0] > unread_s

    async def taken(self, within_s: float) -> list[Any]:
        """All packets that wait, one at least; none once the socket has ended. Raises QueueEmpty if none
        comes in time. In place of the library's `poll` of a socket, which starts a task for each packet."""
        # Cancellation is passed on, where the library would take it for an empty queue.
        try:
            async with asyncio.timeout(within_s):
                packets = [await self.get()]
        except TimeoutError:
            raise QueueEmpty from None
        self.task_done()
        while packets[-1] is not None and not self.empty():
            packets.append(self.get_nowait())
            self.task_done()
        if packets[-1] is None:
            packets.pop()
            if packets:  # the end is for the next call
                self.put_nowait(None)
        return packets

    # The three methods that asyncio lets subclasses override

    def _init(self, _maxsize: int) -> None:
        self._packets: deque[tuple[float, Any]] = deque()
        self._queue = self._packets  # asyncio counts this
        self.waiting_bytes = 0

    def _put(self, item: Any) -> None:
        self._packets.append((time.monotonic(), item))
        self.waiting_bytes += _size(item)

    def _get(self) -> Any:
        _, item = self._packets.popleft()
        self.waiting_bytes -= _size(item)
        return item


def _size(packet: Any) -> int:
    """Of the end mark, None, 0."""
    data = getattr(packet, "data", None)
    return len(data) if isinstance(data, str | bytes) else 0
