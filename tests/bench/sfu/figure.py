"""The comparison as a figure of `python -m tests.bench`: each server in turn, a table, JSON and a picture."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.figures import Row
from tests.bench.sfu.plot import svg
from tests.bench.sfu.report import rows, table
from tests.bench.sfu.results import Measured
from tests.bench.sfu.servers import available
from tests.fakes.server_process import ROOT

RESULTS = Path(__file__).parents[1] / "results"
_PARTS = {
    "floor": ("rooms", "levels"),
    "parlor-c": ("rooms", "levels", "joins", "spread"),
    "parlor-c-2": ("spread",),
    "parlor-python": ("rooms", "levels"),
    "janus": ("rooms", "levels"),
    "janus-loops": ("rooms", "levels"),
    "mediarelay": ("rooms",),
}


async def forwarding_compared(*, quick: bool) -> list[Row]:
    """A measurement that fails is a row that is missed; the others go on."""
    print(f"load average before: {', '.join(f'{load:.2f}' for load in os.getloadavg())}")
    found: dict[str, Measured] = {}
    failed: list[Row] = []
    for server in available():
        for part in _PARTS[server]:
            started = time.monotonic()
            try:
                measured = await _measure(server, part, quick=quick)
            except RuntimeError as problem:
                print(problem, file=sys.stderr)
                failed.append(Row(f"{server}, {part}: not measured", 1, "", 0))
                continue
            print(f"{server}, {part}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
            found.setdefault(server, Measured(server)).merge(measured)
    for line in table(found):
        print(line)
    _write(found)
    return rows(found) + failed


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


def _write(found: dict[str, Measured]) -> None:
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    path = RESULTS / f"{now:%Y%m%dT%H%M%SZ}-sfu.json"
    machine = {"cores": os.cpu_count(), "system": platform.release(), "Python": platform.python_version()}
    servers = {name: one.to_json() for name, one in found.items()}
    path.write_text(
        json.dumps({"at": now.isoformat(), "machine": machine, "servers": servers}, indent=1) + "\n"
    )
    path.with_suffix(".svg").write_text(svg(found))
    print(
        f"\nwritten to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path} and .svg"
    )
