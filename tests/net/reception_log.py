"""Runs the companion as a process and logs which audio of the browser it receives."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from itertools import pairwise

from tests.fakes.server_process import ROOT

_SILENCE_MS = 250
"""A longer pause is a gap. Jitter is below this here."""


@dataclass(slots=True)
class ReceptionLog:
    """`async with ReceptionLog(wrap, url) as log`: `log.room_id` and the packets received in that room."""

    wrap: tuple[str, ...]
    url: str
    room_id: str = ""
    arrivals: list[float] = field(default_factory=list)
    packets: int = 0
    lost: int = 0
    _process: asyncio.subprocess.Process | None = None
    _reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> ReceptionLog:
        command = (*self.wrap, sys.executable, "-m", "tests.net.companion", self.url)
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        first = await asyncio.wait_for(self._process.stdout.readline(), 30)
        self.room_id = json.loads(first)["room"]
        self._reader = asyncio.create_task(self._read(self._process.stdout))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._reader is not None
        self._process.kill()
        await self._process.wait()
        await self._reader

    def back_after(self, moment: float) -> float | None:
        """ms from `moment` to the end of the last gap since then; 0 without a gap, None during a gap."""
        return back_after(self.arrivals, moment, _SILENCE_MS)

    async def _read(self, lines: asyncio.StreamReader) -> None:
        async for line in lines:
            report = json.loads(line)
            self.arrivals.append(report["at"])
            self.packets, self.lost = report["packets"], report["lost"]


def back_after(arrivals: list[float], moment: float, silence_ms: float) -> float | None:
    """See ReceptionLog. During a gap nothing arrived after `moment` except packets already in transit."""
    late = [at for at in arrivals if at > moment - silence_ms]
    if not late or late[-1] < moment + silence_ms:
        return None
    gaps = [after for before, after in pairwise(late) if after - before > silence_ms]
    return max(0.0, gaps[-1] - moment) if gaps else 0.0
