"""The load clients, in their own process: `python -m tests.bench.load SCENARIO JSON`.

Prints JSON lines for the process that measures the server from outside: `{"at": "start"}` and
`{"at": "stop"}` around the measured time, `{"at": "done", ...}` with the clients' results.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from tests.bench.scenarios import full_room, join_time, relay_room, silent_peers, speaking

Mark = Callable[[str, dict[str, Any]], None]
Scenario = Callable[[dict[str, Any], Mark], Awaitable[None]]

SCENARIOS: dict[str, Scenario] = {
    "full_room": full_room.run,
    "relay_room": relay_room.run,
    "join_time": join_time.run,
    "silent_peers": silent_peers.run,
    "speaking": speaking.run,
}


def mark(at: str, results: dict[str, Any]) -> None:
    print(json.dumps({"at": at, **results}), flush=True)


def main() -> None:
    # Pauses of this process's garbage collector would count as delay of the server.
    gc.disable()
    scenario, options = SCENARIOS[sys.argv[1]], json.loads(sys.argv[2])

    async def run() -> None:
        await scenario(options, mark)

    uvloop.run(run())


if __name__ == "__main__":
    main()
