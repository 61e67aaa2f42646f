"""The server as a process: `python -m server`."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import aiohttp
import psutil

from tests.fakes.vendors.keys import VENDOR_KEYS

ROOT = Path(__file__).resolve().parents[2]
_URL = re.compile(r"https?://[^\s\"'/]+:(\d+)")
START_TIMEOUT_S = 60.0
MOVE_WITHIN_S = 30.0
"""Limit for the end of a server that lets others take its rooms first."""
_COMPLAINTS = (
    "Traceback",
    '"error"',
    "[error",
    "ERROR",
    "never awaited",
    "never retrieved",
    "ResourceWarning",
)


class ServerProcess:
    """`async with ServerProcess(data_dir) as server`. `settings`: fields of Config in capitals. There is no
    tutor unless they set one, because its worker would use CPU. `keys`: the only keys of vendors, whatever
    the environment has.

    `exit_code` is that of the process that ended last.

    Free ports are chosen at the first start and kept over `restart`. `wrap` is a prefix of the command, for
    example `ip netns exec name`.
    """

    def __init__(
        self,
        data_dir: Path,
        settings: Mapping[str, str] | None = None,
        *,
        keys: Mapping[str, str] | None = None,
        wrap: tuple[str, ...] = (),
        python: str = sys.executable,
        cwd: Path = ROOT,
    ) -> None:
        self.data_dir = data_dir
        own = {"PORT": "0", "UDP_PORT": "0", "RATE_LIMIT": "0", "AGENTS": "0", "INSPECTABLE": "1"}
        own["HOUSE_RULES"] = "0"  # nearly all tests are of people who have been here before
        self.settings = {**own, **(settings or {})}
        self.keys = dict(keys or {})
        self.wrap = wrap
        self.python = python
        self.cwd = cwd
        self.url = ""
        self.lines: deque[str] = deque(maxlen=20_000)
        self.exit_code: int | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def __aenter__(self) -> ServerProcess:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Returns once the server logs its address. Raises RuntimeError with its output if it does not."""
        self._ready.clear()
        env = {k: v for k, v in os.environ.items() if not k.startswith("PARLOR_") and k not in VENDOR_KEYS}
        env |= self.keys
        env |= {f"PARLOR_{name}": value for name, value in self.settings.items()}
        env |= {"PARLOR_DATA_DIR": str(self.data_dir), "PYTHONUNBUFFERED": "1"}
        if self.cwd != ROOT:
            env["PYTHONPATH"] = str(ROOT)
        self._process = await asyncio.create_subprocess_exec(
            *self.wrap,
            self.python,
            "-m",
            "server",
            cwd=self.cwd,
            env=env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 20,
        )
        self._reader = asyncio.create_task(self._read())
        waiter = asyncio.create_task(self._ready.wait())
        await asyncio.wait({waiter, self._reader}, timeout=START_TIMEOUT_S, return_when="FIRST_COMPLETED")
        waiter.cancel()
        if not self._ready.is_set():
            await self.kill()
            raise RuntimeError("the server did not start:\n" + self.output())
        self.settings["PORT"] = self.url.rsplit(":", 1)[1]
        self.settings["UDP_PORT"] = str(self.udp_port)

    async def stop(self) -> None:
        """Stop it with SIGTERM, as a supervisor does."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End it with SIGKILL, without a clean shutdown."""
        await self._end(signal.SIGKILL)

    async def restart(self, *, kill: bool = True) -> None:
        await (self.kill() if kill else self.stop())
        await self.start()

    @property
    def process(self) -> psutil.Process:
        """Of the interpreter, not of the `wrap` command."""
        assert self._process is not None
        process = psutil.Process(self._process.pid)
        while "server" not in process.cmdline()[1:4] and process.children():
            process = process.children()[0]
        return process

    @property
    def udp_port(self) -> int:
        """The UDP port of media, from the kernel."""
        given = int(self.settings["UDP_PORT"])
        if given:
            return given
        return min(int(c.laddr.port) for c in self.process.net_connections("udp") if c.laddr)

    def output(self) -> str:
        return "\n".join(self.lines)

    def complaints(self) -> list[str]:
        """Log lines that no test expects: tracebacks, errors, warnings of the interpreter."""
        return [line for line in self.lines if any(mark in line for mark in _COMPLAINTS)]

    async def metrics(self) -> dict[str, float]:
        """/metrics as a mapping of `name{labels}` to the value."""
        token = self.settings.get("METRICS_TOKEN")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.get(f"{self.url}/metrics") as response,
        ):
            response.raise_for_status()
            text = await response.text()
        rows = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
        return {name: float(value) for name, value in rows}

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for raw in self._process.stdout:
            line = raw.decode(errors="replace").rstrip()
            self.lines.append(line)
            found = _URL.search(line)
            if found and not self._ready.is_set():
                host = self.settings.get("HOST", "")  # of `::1` the log says localhost
                self.url = f"http://[{host}]:{found.group(1)}" if ":" in host else found.group(0)
                self._ready.set()

    async def _end(self, how: signal.Signals) -> None:
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            _signal(process, how)
            try:
                await asyncio.wait_for(process.wait(), MOVE_WITHIN_S if "REDIS_URL" in self.settings else 10)
            except TimeoutError:
                _signal(process, signal.SIGKILL)
                await process.wait()
        self.exit_code = process.returncode
        if self._reader is not None:
            await self._reader
            self._reader = None
        self._process = None


def _signal(process: asyncio.subprocess.Process, how: signal.Signals) -> None:
    """Without the methods of `process`: they ask whether it has ended, and if so take its exit code from the
    thread of asyncio that waits for it, which then reports 255 (python/cpython#87744)."""
    with suppress(ProcessLookupError):
        os.kill(process.pid, how)
