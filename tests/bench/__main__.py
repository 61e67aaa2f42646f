"""`python -m tests.bench [--quick] [FIGURE ...]`: measures, prints a table, writes JSON beside it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import figures
from tests.bench.figures import Row
from tests.bench.mouth_to_ear import mouth_to_ear
from tests.bench.pages import page_loads
from tests.bench.sfu.figure import capacity_of_a_server, forwarding_compared

RESULTS = Path(__file__).parent / "results"
Figure = Callable[[bool], Awaitable[list[Row]]]

FIGURES: dict[str, Figure] = {
    "room": lambda quick: figures.full_room(5 if quick else 20),
    "relay": lambda quick: figures.relay_room(5 if quick else 15),
    "join": lambda quick: figures.join_time(10 if quick else 60),
    "memory": lambda quick: figures.silent_peers(24 if quick else 96),
    "speaking": lambda quick: figures.speaking(7 if quick else 42),
    "sfu": lambda quick: forwarding_compared(quick=quick),
    "capacity": lambda quick: capacity_of_a_server(quick=quick),
    "mouth-to-ear": lambda quick: mouth_to_ear(5 if quick else 40),
    "pages": lambda quick: page_loads(),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("figures", nargs="*", help=f"any of: {', '.join(FIGURES)}; all if none is named")
    parser.add_argument("--quick", action="store_true", help="short runs, to check that the benchmark works")
    arguments = parser.parse_args()
    if unknown := set(arguments.figures) - set(FIGURES):
        parser.error(f"unknown figure: {', '.join(sorted(unknown))}")
    rows = asyncio.run(_measure(arguments.figures or list(FIGURES), quick=arguments.quick))
    _write(rows)
    return 0 if all(row.is_met for row in rows) else 1


async def _measure(names: list[str], *, quick: bool) -> list[Row]:
    print(", ".join(f"{name} {value}" for name, value in _machine().items()))
    print(f"{'figure':<52} {'value':>10} unit         {'asked':>9}")
    rows: list[Row] = []
    for name in names:
        for row in await FIGURES[name](quick):
            rows.append(row)
            print(row.line, flush=True)
    return rows


def _machine() -> dict[str, str]:
    return {
        "machine": platform.machine(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
    }


def _write(rows: list[Row]) -> None:
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    path = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    table = [
        {"name": r.name, "value": r.value, "unit": r.unit, "limit": r.limit, "met": r.is_met} for r in rows
    ]
    path.write_text(
        json.dumps({"at": now.isoformat(), "machine": _machine(), "figures": table}, indent=2) + "\n"
    )
    print(f"written to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


if __name__ == "__main__":
    sys.exit(main())
