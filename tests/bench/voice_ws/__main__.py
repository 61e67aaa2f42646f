"""`python -m tests.bench.voice_ws [--sessions N] [--seconds S] [--workers W] [FIGURE ...]`

Server, worker and clients are separate processes; the engines have a known latency, the VAD is the real one.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import numpy as np
import psutil
import uvloop

from tests.bench.figures import Row, parlor
from tests.bench.voice_ws.carry import carry
from tests.bench.voice_ws.clients import FluxClient, Measured, echo
from tests.bench.voice_ws.cores import Cores
from tests.fakes.rtc.clips import speech_pcm
from tests.fakes.voice import TOKEN

START_S = 60.0
_WARM_S = 10.0
"""Until memory is read for the first time: all sessions are open by then."""
_QUIET = 600
"""Of the clip's samples of 16 bits."""


@dataclass(frozen=True, slots=True)
class Options:
    sessions: int
    seconds: float
    workers: int


@asynccontextmanager
async def scene(workers: int) -> AsyncIterator[tuple[dict[str, int], str, aiohttp.ClientSession]]:
    """Ids of the processes by name, the server's address, and a client's session."""
    started: list[asyncio.subprocess.Process] = []
    async with parlor(AGENT_TOKEN=TOKEN, VOICE_CONNECTIONS="2000") as server:
        try:
            for _ in range(workers):
                command = (sys.executable, "-m", "tests.bench.voice_ws.worker", server.url)
                started.append(await asyncio.create_subprocess_exec(*command))
            async with asyncio.timeout(START_S):
                while (await server.metrics()).get("parlor_tutor_workers", 0) < workers:  # noqa: ASYNC110 - a metric
                    await asyncio.sleep(0.1)
            processes = {f"worker {n}": process.pid for n, process in enumerate(started, 1)}
            connector = aiohttp.TCPConnector(limit=0)
            async with aiohttp.ClientSession(connector=connector) as http:
                yield {"server": server.process.pid, **processes}, server.url, http
        finally:
            for process in started:
                process.terminate()
                await process.wait()


def p(values: list[float], percent: float) -> float:
    return float(np.percentile(values, percent)) if values else float("nan")


def _memory(processes: dict[str, int]) -> float:
    """Of all processes, in MB."""
    return float(sum(psutil.Process(pid).memory_full_info().uss for pid in processes.values()) / 1e6)


async def echo_figure(options: Options) -> list[Row]:
    measured, sessions = Measured(), options.sessions
    async with scene(options.workers) as (processes, url, http):
        cores = Cores(processes)
        running = asyncio.gather(
            *(echo(http, f"{url}/v2/echo/{n}", options.seconds, measured) for n in range(sessions))
        )
        await asyncio.sleep(min(_WARM_S, options.seconds / 2))
        first = _memory(processes)
        await asyncio.sleep(max(0.0, options.seconds - 2 * _WARM_S))
        last = _memory(processes)
        await running
        used = cores.rows()
    return [
        Row(f"echo, {sessions} sessions: messages", len(measured.echo), ""),
        Row("echo: lost or reordered", measured.lost, "messages", 0),
        Row("echo: all at once open within", p(measured.opening, 100), "ms"),
        Row("echo: added round trip, p50", p(measured.echo, 50), "ms"),
        Row("echo: added round trip, p99", p(measured.echo, 99), "ms", 150),
        Row("echo: server and workers, memory at the start", first, "MB"),
        Row("echo: server and workers, memory at the end", last, "MB"),
        *used,
    ]


def _clip() -> bytes:
    """A sentence that ends in a sound."""
    pcm = speech_pcm("I went to the market and bought a big red apple")[::3]
    return pcm[: np.flatnonzero(np.abs(pcm) > _QUIET)[-1]].astype("<i2").tobytes()


async def carry_figure(options: Options) -> list[Row]:
    async with scene(options.workers) as (processes, url, http):
        return await carry(http, url, _clip(), processes, most=options.sessions, seconds=options.seconds)


async def latency_figure(options: Options) -> list[Row]:
    measured, clip, seconds = Measured(), _clip(), options.seconds
    async with scene(options.workers) as (processes, url, http):
        until = time.monotonic() + seconds
        clients = [FluxClient(f"{url}/v2/flux/{n}", clip, measured) for n in range(options.sessions)]
        running = asyncio.gather(*(client.run(http, until) for client in clients))
        await asyncio.sleep(seconds / 3)
        cores, first = Cores(processes), _memory(processes)
        await asyncio.sleep(seconds / 3)
        used, second = cores.rows(), _memory(processes)
        await running
    return [
        Row(f"flux, {options.sessions} sessions: replies", measured.replies, ""),
        Row("partial after its audio, beyond the STT, p95", p(measured.partial, 95), "ms", 300),
        Row("first token after the turn, beyond the LLM, p95", p(measured.first_token, 95), "ms", 200),
        Row("last sound after barge-in, p50", p(measured.silence, 50), "ms"),
        Row("last sound after barge-in, p95", p(measured.silence, 95), "ms", 200),
        *used,
        Row("server and workers: memory", second, "MB"),
        Row("their growth of memory in a third of the time", second - first, "MB"),
    ]


async def interruptions_figure(options: Options) -> list[Row]:
    measured = Measured()
    async with scene(1) as (_, url, http):
        client = FluxClient(f"{url}/v2/flux/one", _clip(), measured)
        await client.run(http, time.monotonic() + max(options.seconds, 600), 50)
    return [Row("interruptions in a row", measured.interruptions, "", 50, at_most=False)]


FIGURES: dict[str, Callable[[Options], Coroutine[Any, Any, list[Row]]]] = {
    "echo": echo_figure,
    "latency": latency_figure,
    "interruptions": interruptions_figure,
    "carry": carry_figure,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", nargs="*", help=f"any of: {', '.join(FIGURES)}; all if none is named")
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    unknown = set(given.figures) - set(FIGURES)
    if unknown:
        parser.error(f"there is no figure {', '.join(sorted(unknown))}")
    options = Options(given.sessions, given.seconds, given.workers)
    is_met = True
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for name in given.figures or FIGURES:
            for row in runner.run(FIGURES[name](options)):
                print(row.line, flush=True)
                is_met = is_met and row.is_met
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
