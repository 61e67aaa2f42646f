"""Calls a function every 20 ms, on deadlines that do not drift."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from ai_agent.room.track import AUDIO

MAX_BURST = 2
"""Deadlines made up for when the loop was late. The rest is skipped, because late speech in one burst is
useless."""

OnTick = Callable[[float, int], None]
"""Gets `now` and the number of periods that the call covers."""


class Deadlines:
    """Decides which calls are due. Pure. `due`: time of the next one."""

    def __init__(self, start: float) -> None:
        self.due = start

    def take(self, now: float) -> list[int]:
        """For each call to make now, the number of periods that it covers."""
        if now < self.due:
            return []
        passed = int((now - self.due) / AUDIO.frame_s) + 1
        self.due += passed * AUDIO.frame_s
        if passed <= MAX_BURST:
            return [1] * passed
        return [passed - MAX_BURST + 1, *[1] * (MAX_BURST - 1)]


async def pace(on_tick: OnTick) -> None:
    """Runs until cancelled."""
    # not the loop's clock: uvloop's has steps of 1 ms and does not advance while a callback runs
    deadlines = Deadlines(time.monotonic())
    while True:
        for periods in deadlines.take(time.monotonic()):
            on_tick(time.monotonic(), periods)
        await asyncio.sleep(max(0.0, deadlines.due - time.monotonic()))
