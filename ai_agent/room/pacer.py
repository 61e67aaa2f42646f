"""A beat every 20 ms, on deadlines that do not drift."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from ai_agent.audio import FRAME_S

MAX_BURST = 2
"""Beats made up for when the loop was late; the rest is skipped: speech that comes in a heap helps nobody."""

Beat = Callable[[float, int], None]
"""`now`, and how many periods this beat stands for."""


class Beats:
    """Which beats are due: pure. `due` is the time of the next one."""

    def __init__(self, start: float) -> None:
        self.due = start

    def take(self, now: float) -> list[int]:
        """For each beat to run now, the periods that it stands for."""
        if now < self.due:
            return []
        passed = int((now - self.due) / FRAME_S) + 1
        self.due += passed * FRAME_S
        if passed <= MAX_BURST:
            return [1] * passed
        return [passed - MAX_BURST + 1, *[1] * (MAX_BURST - 1)]


async def pace(beat: Beat) -> None:
    """Runs until cancelled."""
    # Not the loop's clock: uvloop's has steps of a millisecond and stands still while a callback runs.
    beats = Beats(time.monotonic())
    while True:
        for periods in beats.take(time.monotonic()):
            beat(time.monotonic(), periods)
        await asyncio.sleep(max(0.0, beats.due - time.monotonic()))
