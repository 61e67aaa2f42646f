"""How many talks workers carry: sessions join step by step until answers come too late."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping

import aiohttp

from ai_agent.turns.endpointing import DELAY_S
from server.common.tasks import cancel_and_wait
from tests.bench.figures import Row
from tests.bench.stats import percentiles
from tests.bench.voice_ws.clients import FluxClient, Measured
from tests.bench.voice_ws.cores import spent

STEP = 10
SETTLE_S = 8.0
"""After new sessions have joined: their first turns, and the end of what joining costs."""
P95_MS, P99_MS = 800.0, 1_500.0
"""Without the pause that ends a turn: 0.9 s at the level of these sessions, since learners look for words."""
PAUSE_MS = 1_000 * DELAY_S["B1"]
_EVEN_S = 4.0
"""Sessions join over this time, so that their turns do not end together."""


async def carry(
    http: aiohttp.ClientSession,
    url: str,
    clip: bytes,
    processes: Mapping[str, int],
    *,
    most: int,
    seconds: float,
) -> list[Row]:
    """Measures for `seconds` after each STEP of sessions, up to `most` of them, or until both limits are
    missed or a session is lost. One turn in five is said over the answer."""
    measured, rows = Measured(), list[Row]()
    talks: set[asyncio.Task[None]] = set()
    until = time.monotonic() + 3_600
    try:
        while len(talks) < most:
            for number in range(len(talks), min(most, len(talks) + STEP)):
                client = FluxClient(f"{url}/v2/flux/carry-{number}", clip, measured, interrupts=5)
                talks.add(asyncio.create_task(client.run(http, until)))
                await asyncio.sleep(_EVEN_S / STEP)
            await asyncio.sleep(SETTLE_S)
            measured.voice_to_voice.clear()
            found = await _step(processes, len(talks), seconds, measured)
            ended = [talk for talk in talks if talk.done()]
            rows += [*found, Row(f"{len(talks)} sessions: lost", len(ended), "sessions")]
            if ended or (_p(measured, "p95") > P95_MS and _p(measured, "p99") > P99_MS):
                break
    finally:
        await cancel_and_wait(*talks, log_errors=False)
    return rows


async def _step(processes: Mapping[str, int], sessions: int, seconds: float, measured: Measured) -> list[Row]:
    everyone = {**processes, "clients": os.getpid()}
    before = {name: spent(pid) for name, pid in everyone.items()}
    began = time.monotonic()
    await asyncio.sleep(seconds)
    span = time.monotonic() - began
    of = f"{sessions} sessions: "
    rows = [
        Row(f"{of}answers", len(measured.voice_to_voice), ""),
        Row(f"{of}voice to voice without the pause, p50", _p(measured, "p50"), "ms"),
        Row(f"{of}voice to voice without the pause, p95", _p(measured, "p95"), "ms", P95_MS),
        Row(f"{of}voice to voice without the pause, p99", _p(measured, "p99"), "ms", P99_MS),
    ]
    for name, pid in everyone.items():
        used, waited = (now - then for now, then in zip(spent(pid), before[name], strict=True))
        share = sessions / sum(other.startswith("worker") for other in processes)
        each = share if name.startswith("worker") else sessions
        rows.append(Row(f"{of}{name}, CPU for a session", 1_000 * used / span / each, "ms/s"))
        rows.append(Row(f"{of}{name}: share of a core", 100 * used / span, "%"))
        rows.append(Row(f"{of}{name}: ready and waited for a core", 100 * waited / span, "% of time"))
    return rows


def _p(measured: Measured, which: str) -> float:
    return percentiles(measured.voice_to_voice).get(which, float("nan")) - PAUSE_MS
