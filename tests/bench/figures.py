"""The figures of the benchmark, each from its own run. Every function returns rows of the report."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.bench.outside import load
from tests.fakes.server_process import ROOT, ServerProcess

SEATS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `limit` None: printed, not judged. `at_most` False: the limit is a floor."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_most: bool = True

    @property
    def is_met(self) -> bool:
        if self.limit is None:
            return True
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    @property
    def line(self) -> str:
        asked = "" if self.limit is None else f"{'≤' if self.at_most else '≥'} {self.limit:g}"
        verdict = "" if self.is_met else "  MISSED"
        return f"{self.name:<52} {self.value:>10,.1f} {self.unit:<12} {asked:>9}{verdict}"


@asynccontextmanager
async def parlor(**settings: str) -> AsyncIterator[ServerProcess]:
    with tempfile.TemporaryDirectory() as folder:
        async with ServerProcess(Path(folder), {"LOG_LEVEL": "warning", **settings}) as server:
            yield server


async def full_room(seconds: float) -> list[Row]:
    async with parlor() as server:
        found = await load("full_room", server.process, url=server.url, seats=SEATS, seconds=seconds)
    delay, direct = found["delay_ms"], found["direct_ms"]
    return [
        Row("forwarded packets", found["packets_per_s"], "/s", 6_534, at_most=False),
        Row("packets lost", found["expected"] - found["received"], "packets", 0),
        Row("server CPU per forwarded packet", found["cpu_s"] / found["received"] * 1e6, "µs", 30),
        Row("server CPU", found["cpu_s"] / seconds * 100, "% of a core"),
        Row("delay added by the server, p50", delay["p50"] - direct["p50"], "ms"),
        Row("delay added by the server, p99", delay["p99"] - direct["p50"], "ms", 10),
        Row("delay of the direct path, p99", direct["p99"], "ms"),
    ]


async def relay_room(seconds: float) -> list[Row]:
    """The MediaRelay baseline."""
    command = (sys.executable, "-m", "tests.bench.mediarelay_server", str(SEATS))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
        if not re.match("http://", url):
            raise RuntimeError("the baseline did not start")
        server = psutil.Process(process.pid)
        found = await load("relay_room", server, url=url, seats=SEATS, seconds=seconds)
    finally:
        process.kill()
        await process.wait()
    return [
        Row("MediaRelay: forwarded packets", found["packets_per_s"], "/s"),
        Row("MediaRelay: packets that arrive", 100 * found["received"] / found["expected"], "%"),
        Row("MediaRelay: CPU per forwarded packet", found["cpu_s"] / max(1, found["received"]) * 1e6, "µs"),
    ]


async def join_time(times: int) -> list[Row]:
    rows: list[Row] = []
    async with parlor() as server:
        for loss, limit in ((0.0, 200.0), (0.1, None)):
            found = await load(
                "join_time",
                server.process,
                url=server.url,
                udp_port=server.udp_port,
                times=times,
                loss=loss,
                seed=1,
            )
            name = "join to first audio packet" + (f", {loss:.0%} loss" if loss else "")
            rows.append(Row(f"{name}, p50", found["join_ms"].get("p50", 0), "ms"))
            rows.append(Row(f"{name}, p95", found["join_ms"].get("p95", 0), "ms", limit))
            rows.append(Row(f"{name}: never", found["never"], "times", 0))
    return rows


async def silent_peers(peers: int) -> list[Row]:
    async with parlor() as server:
        found = await load("silent_peers", server.process, url=server.url, peers=peers)
    return [Row("memory of a silent peer", found["memory"] / peers / 1000, "KB", 250)]


async def speaking(words: int) -> list[Row]:
    async with parlor() as server:
        found: dict[str, Any] = await load("speaking", server.process, url=server.url, words=words)
    return [
        Row("speech to speaking event, p50", found["speaking_ms"]["p50"], "ms"),
        Row("speech to speaking event, p95", found["speaking_ms"]["p95"], "ms", 100),
        Row("words with flicker", found["flickers"], f"of {found['words']}", 0),
    ]
