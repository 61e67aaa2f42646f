"""The comparison as a figure of `python -m tests.bench`: each server in turn, a table, JSON and a picture."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.figures import Row
from tests.bench.sfu.capacity import Held, capacity_rows
from tests.bench.sfu.plot import svg
from tests.bench.sfu.report import judged, table
from tests.bench.sfu.results import Measured
from tests.bench.sfu.servers import available
from tests.fakes.server_process import ROOT

RESULTS = Path(__file__).parents[1] / "results"
_ROUNDS = 3
_IN_EACH_ROUND = {"full-room": ("floor", "parlor-c", "janus"), "levels": ("floor", "parlor-c")}
"""Servers that are compared, one right after the other."""
_ONCE = {
    "full-room": ("janus-loops", "parlor-python", "mediarelay"),
    "levels": ("janus", "janus-loops", "parlor-python"),
    "other-rooms": ("floor", "parlor-c", "janus"),
    "spread": ("parlor-c", "parlor-c-2"),
    "joins": ("parlor-c",),
}


async def forwarding_compared(*, quick: bool) -> list[Row]:
    """A measurement that fails leaves its row out; the others continue."""
    print(f"load average before: {', '.join(f'{load:.2f}' for load in os.getloadavg())}")
    failed: list[Row] = []
    rounds = [await _round([_IN_EACH_ROUND, _ONCE], failed, quick=quick)]
    while len(rounds) < (1 if quick else _ROUNDS):
        rounds.append(await _round([_IN_EACH_ROUND], failed, quick=quick))
    for found in rounds:
        for line in table(found):
            print(line)
    _write(rounds)
    return judged(rounds) + failed


async def capacity_of_a_server(*, quick: bool) -> list[Row]:
    """How much a server on one core needs for 1,000 light clients, and for more. Raises RuntimeError."""
    measured = await _measure("parlor-c", "capacity", quick=quick)
    print(f"other processes and the host took {measured.others['capacity']:.0%} of all cores")
    return list(capacity_rows([Held(**fields) for fields in measured.capacity]))


async def _round(
    parts: Sequence[Mapping[str, Sequence[str]]], failed: list[Row], *, quick: bool
) -> dict[str, Measured]:
    found: dict[str, Measured] = {}
    here = available()
    for part, server in (
        (p, s) for some in parts for p, servers in some.items() for s in servers if s in here
    ):
        started = time.monotonic()
        try:
            measured = await _measure(server, part, quick=quick)
        except RuntimeError as problem:
            print(problem, file=sys.stderr)
            failed.append(Row(f"{server}, {part}: not measured", 1, "", 0))
            continue
        print(f"{server}, {part}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
        found.setdefault(server, Measured(server)).merge(measured)
    return {server: found[server] for server in here if server in found}


async def _measure(server: str, part: str, *, quick: bool) -> Measured:
    """Raises RuntimeError with the output of a process that failed."""
    command = [sys.executable, "-m", "tests.bench.sfu.measure", server, part, *(["--quick"] if quick else [])]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=pipe, stderr=pipe, limit=1 << 24
    )
    output, complaints = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{server}, {part}: {complaints.decode()}")
    return Measured.from_json(json.loads(output.splitlines()[-1]))


def _write(rounds: Sequence[Mapping[str, Measured]]) -> None:
    """The first round has all measurements; the picture shows it."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    path = RESULTS / f"{now:%Y%m%dT%H%M%SZ}-sfu.json"
    machine = {"cores": os.cpu_count(), "system": platform.release(), "Python": platform.python_version()}
    measured = [{name: one.to_json() for name, one in found.items()} for found in rounds]
    path.write_text(
        json.dumps({"at": now.isoformat(), "machine": machine, "rounds": measured}, indent=1) + "\n"
    )
    path.with_suffix(".svg").write_text(svg(rounds))
    print(
        f"\nwritten to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path} and .svg"
    )
