"""Several servers as processes on one PostgreSQL and one Redis."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp

from server.cluster.verdicts import TRUSTED_AFTER_S
from server.common.tasks import cancel_and_wait
from tests.fakes.rtc import RestClient
from tests.fakes.server_process import ServerProcess

ANSWER_WITHIN_S = 2.5
HEALTH_EVERY_S = HEALTH_WITHIN_S = 0.5
"""As in the example of a proxy's settings."""
_TRUST_WITHIN_S = 30.0
_BEATING = "parlor_cluster_beating_seconds"


class Cluster:
    """`async with Cluster(folder, database_url, redis_url) as cluster`: servers n1, n2, and so on."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        redis_url: str,
        *,
        size: int = 3,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._stack = AsyncExitStack()
        shared = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET": "s" * 32,
            "AGENT_TOKEN": "a" * 32,
            **(settings or {}),
        }
        self._down: set[str] = set()
        names = [f"n{i + 1}" for i in range(size)]
        self.nodes = {name: ServerProcess(folder / name, {**shared, "NODE_NAME": name}) for name in names}

    async def __aenter__(self) -> Cluster:
        try:
            for node in self.nodes.values():  # one by one: each has a limit of time
                self._stack.push_async_callback(node.stop)
                await node.start()
            self._stack.push_async_callback(cancel_and_wait, asyncio.create_task(self._check_health()))
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def trust(self) -> None:
        """Wait until every server judges the others by their beats, which it does only once its own have
        landed for long enough. Raises TimeoutError."""
        async with asyncio.timeout(_TRUST_WITHIN_S):
            for node in self.nodes.values():
                while (await node.metrics())[_BEATING] < TRUSTED_AFTER_S:  # noqa: ASYNC110 - of a process
                    await asyncio.sleep(0.05)

    def url_of(self, name: str) -> str:
        return self.nodes[name].url

    def base(self, url: str) -> str:
        """The address of a node's Socket.IO, as a proxy that routes `/n/{name}/` by its path finds it."""
        return f"{self.nodes[url.rsplit('/', 1)[1]].url}{url}"

    async def ask(self, method: str, path: str, token: str, body: object = None) -> Any:
        """The answer of a healthy server, as of a proxy that tries the next one if one refuses. Raises
        RestError, TimeoutError."""
        names = [name for name in self.nodes if name not in self._down]
        random.shuffle(names)
        async with asyncio.timeout(ANSWER_WITHIN_S):
            for name in names:
                try:
                    async with RestClient(self.nodes[name].url) as rest:
                        return await rest.request(method, path, token, body)
                except aiohttp.ClientError:
                    continue
        raise TimeoutError(f"no server answers {method} {path}")

    async def _check_health(self) -> None:
        """As a proxy does."""
        timeout = aiohttp.ClientTimeout(total=HEALTH_WITHIN_S)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            while True:
                await asyncio.gather(*(self._check(http, name) for name in self.nodes))
                await asyncio.sleep(HEALTH_EVERY_S)

    async def _check(self, http: aiohttp.ClientSession, name: str) -> None:
        try:
            async with http.get(f"{self.nodes[name].url}/healthz") as response:
                is_up = response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            is_up = False
        (self._down.discard if is_up else self._down.add)(name)
