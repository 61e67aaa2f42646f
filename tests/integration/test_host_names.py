"""A page of another site whose name leads to this server (DNS rebinding) reaches nothing of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.fakes.server_process import ServerProcess

EVIL = "evil.example:8080"
PLACES = [
    ("POST", "/api/auth/guest"),
    ("GET", "/api/rooms"),
    ("GET", "/socket.io/?EIO=4&transport=polling"),
    ("GET", "/socket.io/?EIO=4&transport=websocket"),
    ("GET", "/v2/echo/x"),
    ("GET", "/metrics"),
    ("GET", "/"),
    ("GET", "/nothing-there"),
]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    async with ServerProcess(tmp_path / "data", {"ALLOWED_HOSTS": "parlor.lan"}) as server:
        yield server


async def test_names_of_others_are_refused_everywhere_and_its_own_are_answered(
    server: ServerProcess,
) -> None:
    async with aiohttp.ClientSession(server.url) as http:
        for method, path in PLACES:
            headers = {"Host": EVIL, "Origin": f"http://{EVIL}"}
            async with http.request(method, path, headers=headers, json={"name": "Ann"}) as refused:
                problem = await refused.json(content_type="application/problem+json")
                assert (refused.status, problem["code"]) == (421, "host_refused"), path
        for host in ("localhost:8080", "192.168.0.4:8080", "parlor.lan", "server"):
            headers = {"Host": host, "Origin": f"http://{host}"}
            async with http.post("/api/auth/guest", headers=headers, json={"name": "Ann"}) as answer:
                assert answer.status == 200, host
            polling = "/socket.io/?EIO=4&transport=polling"
            async with http.get(polling, headers=headers) as answer:
                assert answer.status == 200, host
        with pytest.raises(aiohttp.WSServerHandshakeError) as handshake:
            await http.ws_connect("/socket.io/?EIO=4&transport=websocket", headers={"Host": EVIL})
        assert handshake.value.status == 421
    assert server.complaints() == []
