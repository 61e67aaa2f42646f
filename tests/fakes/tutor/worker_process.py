"""The worker as a process: `python -m ai_agent`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import deque
from contextlib import suppress

import psutil

from tests.fakes.server_process import ROOT
from tests.fakes.vendors.keys import VENDOR_KEYS

START_WITHIN_S = 90.0


class WorkerProcess:
    """`async with WorkerProcess(server_url, token) as worker`: once it has loaded its engines, which are the
    local ones. `settings`: fields of Settings in capitals."""

    def __init__(self, server_url: str, token: str, **settings: str) -> None:
        own = {"SERVER_URL": server_url, "TOKEN": token, "LOG_FORMAT": "json", "INSPECTABLE": "1"}
        self._settings = {**own, **settings}
        self.lines: deque[str] = deque(maxlen=5_000)
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._has_loaded = asyncio.Event()

    async def __aenter__(self) -> WorkerProcess:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()

    async def start(self) -> None:
        """Raises TimeoutError."""
        self._has_loaded.clear()
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PARLOR_") and k not in VENDOR_KEYS}
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ai_agent"),
            cwd=ROOT,
            env=kept | {f"PARLOR_TUTOR_{name}": value for name, value in self._settings.items()},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 20,
        )
        self._reader = asyncio.create_task(self._read(self._process))
        try:
            await asyncio.wait_for(self._has_loaded.wait(), START_WITHIN_S)
        except BaseException:
            await self.end(signal.SIGKILL)
            raise

    async def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Idempotent."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.kill(process.pid, how)
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._reader is not None:
            await self._reader

    def has_job(self) -> bool:
        """Whether it has a seat in a room."""
        assert self._process is not None
        return bool(psutil.Process(self._process.pid).net_connections("udp"))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for raw in process.stdout:
            line = raw.decode(errors="replace").rstrip()
            self.lines.append(line)
            if '"loaded"' in line:
                self._has_loaded.set()
