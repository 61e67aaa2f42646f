"""One clock for many publishers: each sends every 20 ms, spread evenly over the period."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tests.fakes.rtc.publisher import Publisher

PERIOD_S = 0.02
_SLOTS = 20


class Pacer:
    """`async with Pacer() as pacer: pacer.add(publisher)`. Late ticks are made up for, never skipped, so that
    the number of packets follows the clock. `latest_s`: how late the latest tick was; set it to 0 to begin
    again."""

    def __init__(self) -> None:
        self._slots: list[list[Publisher]] = [[] for _ in range(_SLOTS)]
        self._task: asyncio.Task[None] | None = None
        self.latest_s = 0.0

    async def __aenter__(self) -> Pacer:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def add(self, publisher: Publisher) -> None:
        min(self._slots, key=len).append(publisher)

    def discard(self, publisher: Publisher) -> None:
        for slot in self._slots:
            if publisher in slot:
                slot.remove(publisher)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        beat = 0
        while True:
            self.latest_s = max(self.latest_s, loop.time() - due)
            for publisher in list(self._slots[beat % _SLOTS]):
                publisher.send_next()
            beat += 1
            due += PERIOD_S / _SLOTS
            # Also with a delay of 0, so that sockets and signalling are served.
            await asyncio.sleep(max(0.0, due - loop.time()))
