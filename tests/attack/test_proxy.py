"""Attacks on the proxy of `docker/`: a real Caddy in front of the server."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.attack.arena import Arena
from tests.attack.attacks import idle, requests, sockets
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.server_process import ROOT


@pytest.fixture
def settings() -> dict[str, str]:
    return {"TRUSTED_PROXIES": "1", "HTTP_STALL_TIMEOUT_S": "2"}


@asynccontextmanager
async def caddy(server: str, folder: Path) -> AsyncIterator[str]:
    """The address of a Caddy with the Caddyfile of `docker/` in front of `server`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    own = {"DOMAIN": url, "SERVER": server, "CADDY_ADMIN": "off", "HEAD_TIMEOUT": "2s", "BODY_TIMEOUT": "4s"}
    process = await asyncio.create_subprocess_exec(
        *("caddy", "run", "--adapter", "caddyfile", "--config", str(ROOT / "docker" / "Caddyfile")),
        env={**os.environ, **own, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _listening(url)
        yield url
    finally:
        process.kill()
        await process.wait()


async def _listening(url: str) -> None:
    async with asyncio.timeout(20):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
                writer.close()
                return
            await asyncio.sleep(0.1)


async def test_idle_and_slow_connections_to_the_proxy_are_cut(own_arena: Arena, tmp_path: Path) -> None:
    """A person's socket through the proxy outlives its time limits."""
    async with (
        caddy(own_arena.server.url, tmp_path) as url,
        RestClient(url) as rest,
        RtcClient(url, await rest.guest("Ann")) as ann,
    ):
        facts = await own_arena.unharmed_by(idle.idle_connections, url=url, connections=400, seconds=8)
        await ann.call("ping")
    assert facts == {"opened": 400, "open": 0}
    assert own_arena.complaints() == []


async def test_floods_through_the_proxy_harm_nobody_in_another_room(own_arena: Arena, tmp_path: Path) -> None:
    async with caddy(own_arena.server.url, tmp_path) as url:
        refused = await own_arena.unharmed_by(requests.refused_requests, url=url, seconds=3)
        joins = await own_arena.unharmed_by(sockets.join_flood, url=url, seconds=3)
    assert "500" not in refused
    assert "502" not in refused
    assert joins["join"] > 5
    assert own_arena.complaints() == []
