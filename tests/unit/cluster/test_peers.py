"""Requests between servers: whom they reach, and which answers count."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, make_mocked_request

from server.cluster.peers import ADOPT_PATH, PROBE_PATH, TOKEN_HEADER, Peers
from server.cluster.verdicts import Probe
from server.errors import InvalidRequest, Unavailable

SOCKET_PATH = "/n/n1/socket.io/"


class Other:
    """Answers every request with `answer`; `seen` are the paths and tokens that came."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str | None]] = []
        self.answer: Callable[[], web.Response] = lambda: web.Response(text="n1-a")

    async def handle(self, request: web.Request) -> web.Response:
        self.seen.append((request.path, request.headers.get(TOKEN_HEADER)))
        return self.answer()


@pytest.fixture
async def other() -> AsyncIterator[tuple[Other, str]]:
    handler, app = Other(), web.Application()
    app.router.add_route("*", "/{any:.*}", handler.handle)
    async with TestServer(app) as server:
        yield handler, str(server.make_url("")).rstrip("/")


@pytest.fixture
async def peers() -> AsyncIterator[Peers]:
    peers = Peers("token")
    yield peers
    await peers.aclose()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n1-a", Probe.ANSWERED),
        ("n1-b", Probe.OTHER),
        ("n2-a", Probe.SILENT),
        ("<html>Welcome</html>", Probe.SILENT),
        ("", Probe.SILENT),
    ],
)
async def test_only_another_start_of_the_same_server_proves_that_it_ended(
    other: tuple[Other, str], peers: Peers, text: str, expected: Probe
) -> None:
    handler, url = other
    handler.answer = lambda: web.Response(text=text)
    assert await peers.probe(url, "n1-a") is expected


async def test_no_request_follows_a_redirect(other: tuple[Other, str], peers: Peers) -> None:
    handler, url = other

    def redirect() -> web.Response:
        return web.Response(status=307, headers={"Location": f"{url}/elsewhere"})

    handler.answer = redirect
    request = make_mocked_request("GET", SOCKET_PATH)
    assert await peers.probe(url, "n1-a") is Probe.SILENT
    with pytest.raises(Unavailable):
        await peers.adopt(url, "r1", 1)
    with pytest.raises(aiohttp.ClientError):
        await peers.websocket(request, url, 1_000)
    assert (await peers.forward(request, url)).status == 307
    assert [path for path, _ in handler.seen] == [PROBE_PATH, ADOPT_PATH, SOCKET_PATH, SOCKET_PATH]


@pytest.mark.parametrize("target", ["http://elsewhere/n/n1/socket.io/", "x:@elsewhere/n/n1/socket.io/"])
async def test_a_target_that_is_not_a_path_is_refused(
    other: tuple[Other, str], peers: Peers, target: str
) -> None:
    handler, url = other
    request = make_mocked_request("GET", target)
    passed_on: list[Awaitable[object]] = [peers.forward(request, url), peers.websocket(request, url, 1_000)]
    for each in passed_on:
        with pytest.raises(InvalidRequest):
            await each
    assert handler.seen == []
