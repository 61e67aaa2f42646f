"""The target that an attack is given, and the attack's process: `python -m tests.attack.target MODULE
FUNCTION JSON`.

The process has the lowest CPU priority: on a machine with few cores the attack must reach the server through
the network, not by taking its core.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import uvloop

Facts = dict[str, Any]
"""The attack's results, as JSON: counts of answers by status, for example."""


@dataclass(frozen=True, slots=True)
class Target:
    """`source`: the loopback address that the attacker has; no honest person shares it, but for IPv6, which
    has only one. `seconds`: how long to attack."""

    url: str
    udp_port: int
    source: str
    seconds: float
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def http(self) -> aiohttp.ClientSession:
        """Requests from `source`, any number at a time."""
        connector = aiohttp.TCPConnector(local_addr=(self.source, 0), limit=0)
        return aiohttp.ClientSession(self.url, connector=connector)

    async def repeat(self, action: Callable[[], Awaitable[object]], at_once: int) -> None:
        """`at_once` loops of `action` until the attack's time is over."""
        end = asyncio.get_running_loop().time() + self.seconds

        async def loop() -> None:
            while asyncio.get_running_loop().time() < end:
                await action()

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(loop())


Attack = Callable[[Target], Awaitable[Facts]]


def main(module: str, function: str, target: str) -> None:
    os.nice(19)
    attack: Attack = getattr(importlib.import_module(module), function)

    async def run() -> Facts:
        return await attack(Target(**json.loads(target)))

    print(json.dumps(uvloop.run(run())), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
