"""Measuring a server from outside while a load process works on it."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import psutil

from tests.fakes.server_process import ROOT


class Reading:
    """CPU (s, user and system, all threads) and memory (bytes, unique to the process) at one moment."""

    def __init__(self, process: psutil.Process) -> None:
        times = process.cpu_times()
        self.cpu_s = float(times.user + times.system)
        self.memory = int(process.memory_full_info().uss)


async def load(scenario: str, server: psutil.Process, **options: Any) -> dict[str, Any]:
    """Run a scenario. Returns its results, with the `cpu_s` and `memory` that the server used from start to
    stop.

    Raises RuntimeError with the output of a load process that failed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.load",
        scenario,
        json.dumps(options),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    stderr = asyncio.create_task(process.stderr.read())
    readings: dict[str, Reading] = {}
    found: dict[str, Any] = {}
    async for line in process.stdout:
        message = json.loads(line)
        readings[message["at"]] = Reading(server)
        found.update(message)
    if await process.wait() or "done" not in readings:
        raise RuntimeError(f"{scenario}: {(await stderr).decode()}")
    await stderr
    found["cpu_s"] = readings["stop"].cpu_s - readings["start"].cpu_s
    found["memory"] = readings["stop"].memory - readings["start"].memory
    return found
