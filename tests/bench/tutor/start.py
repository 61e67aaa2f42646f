"""Start of a server with its worker: until the worker has registered, and until the tutor's first word."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.figures import Row
from tests.fakes.rtc import Pacer, RestClient, RtcClient, silence_clip
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.server_process import ServerProcess

POLL_S = 0.02
WITHIN_S = 180.0


async def start(runs: int) -> list[Row]:
    """On a quiet machine, and with twice as many busy processes as it has cores."""
    rows: list[Row] = []
    for name, busy in (("quiet machine", 0), ("busy machine", 2 * (os.cpu_count() or 1))):
        found = [await _one_start(busy) for _ in range(runs)]
        for index, what in enumerate(("registered", "first word of a tutor who was asked for at once")):
            rows.append(Row(f"{name}: {what}, worst of {runs}", max(times[index] for times in found), "s"))
        rows.append(Row(f"{name}: CPU of the worker until then", max(times[2] for times in found), "s"))
    return rows


async def _one_start(busy: int) -> tuple[float, float, float]:
    """Seconds from the server's start."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(busy)]  # noqa: ASYNC220 - before anything is timed
    try:
        return await _times()
    finally:
        for other in others:
            other.kill()
            other.wait()


async def _times() -> tuple[float, float, float]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        began, began_ns = time.monotonic(), time.time_ns()
        server = await stack.enter_async_context(ServerProcess(Path(folder), {"AGENTS": "1"}))
        rest = await stack.enter_async_context(RestClient(server.url))
        pacer = await stack.enter_async_context(Pacer())
        token = await rest.guest("Learner", learningLevel="B1")
        room_id = str((await rest.create_room(token, type="ai"))["id"])
        client = await stack.enter_async_context(RtcClient(server.url, token, ClientOptions(keep=True)))
        await client.join(room_id, clip=silence_clip(120))
        assert client.publisher is not None
        pacer.add(client.publisher)
        registered = asyncio.create_task(_registered(server, began))
        joined = await client.wait_event(
            "participant_joined", lambda d: d["participant"]["kind"] == "tutor", within=WITHIN_S
        )
        slot = await client.wait_slot(joined.data["participant"]["id"])
        async with asyncio.timeout(WITHIN_S):
            while not (loud := [p.arrival_ns for p in slot.kept if len(p.payload) > 3]):  # noqa: ASYNC110 - of a hot path
                await asyncio.sleep(POLL_S)
        worker = server.process.children()[0]
        used = sum(p.cpu_times()[0] for p in (worker, *worker.children(recursive=True)))
        return await registered, (loud[0] - began_ns) / 1e9, used


async def _registered(server: ServerProcess, began: float) -> float:
    async with asyncio.timeout(WITHIN_S):
        while "registered" not in server.output():  # noqa: ASYNC110 - a line of a process
            await asyncio.sleep(POLL_S)
    return time.monotonic() - began
