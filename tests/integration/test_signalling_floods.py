"""Clients that flood a socket with packets of any kind, or do not read, are cut; others notice nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from server.signalling import SignallingOptions
from tests.fakes.signalling_server import SignallingServer, eventually, signalling_server

WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
POLLING = "/socket.io/?EIO=4&transport=polling"
SEPARATOR = "\x1e"
Socket = aiohttp.ClientWebSocketResponse
UNLIMITED = SignallingOptions(
    rate_limit=0,
    max_queued=1 << 20,
    max_queued_bytes=1 << 30,
    unread_s=1e6,
    ping_interval_s=1e6,
    ping_timeout_s=1e6,
)


@asynccontextmanager
async def _raw(server: SignallingServer, user: str) -> AsyncIterator[Socket]:
    """A WebSocket in `/rooms` on which the test writes the packets itself."""
    await server.client(user, "/lobby")  # so that the user exists
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(server.url + WEBSOCKET, autoping=False) as raw,
    ):
        await raw.receive_str()
        await raw.send_str(f'40/rooms,{{"token":"token:{user}"}}')
        await raw.receive_str()
        yield raw


async def _pong(raw: Socket) -> None:
    await raw.send_str("3")


async def _control_ping(raw: Socket) -> None:
    await raw.ping(b"x")


async def _control_pong(raw: Socket) -> None:
    await raw.pong(b"x")


async def _upgrade(raw: Socket) -> None:
    await raw.send_str("5")


@pytest.mark.parametrize("send", [_pong, _control_ping, _control_pong, _upgrade])
async def test_a_flood_of_packets_that_are_no_events_is_cut(
    send: Callable[[Socket], Awaitable[None]],
) -> None:
    async with signalling_server(options=SignallingOptions()) as server:
        honest = await server.client("ben")
        async with _raw(server, "ann") as raw:
            await eventually(lambda: server.signalling.connection_count == 2)
            with pytest.raises((ConnectionError, RuntimeError)):
                await _repeat(5_000, lambda: send(raw))
            await eventually(lambda: server.signalling.connection_count == 1)
        assert "time" in await honest.call("ping")


async def _repeat(times: int, send: Callable[[], Awaitable[None]]) -> None:
    for _ in range(times):
        await send()
        await asyncio.sleep(0)


async def test_pongs_at_the_pace_of_pings_are_not_cut() -> None:
    async with signalling_server(options=SignallingOptions()) as server, _raw(server, "ann") as raw:
        for _ in range(50):
            await _pong(raw)
            await _control_pong(raw)
        await raw.send_str('42/rooms,7["ping",{}]')
        assert "time" in await raw.receive_str()


@pytest.mark.parametrize("body", ["", "3", SEPARATOR.join(["3"] * 16)], ids=["empty", "one", "sixteen"])
async def test_a_flood_of_requests_of_a_polling_client_is_cut(body: str) -> None:
    async with signalling_server(options=SignallingOptions()) as server, aiohttp.ClientSession() as http:
        async with http.get(server.url + POLLING) as opened:
            sid = (await opened.text()).split('"sid":"')[1].split('"')[0]
        statuses = []
        for _ in range(3_000):
            async with http.post(f"{server.url}{POLLING}&sid={sid}", data=body) as answer:
                statuses.append(answer.status)
            if statuses[-1] != 200:
                break
        assert statuses[-1] in (400, 429)
        assert statuses.count(200) < 60 or len(body) < 2


async def test_a_client_that_begins_by_polling_is_upgraded() -> None:
    async with signalling_server(options=SignallingOptions()) as server:
        client = await server.client("ann", transports=["polling", "websocket"])
        assert client.socket.transport() == "websocket"
        assert "time" in await client.call("ping")


async def test_requests_without_a_socket_are_limited_by_address() -> None:
    addresses = {"greedy": "192.0.2.1", "honest": "192.0.2.2"}
    async with (
        signalling_server(
            options=SignallingOptions(), client_ip=lambda request: addresses[request.headers["X-Test"]]
        ) as server,
        aiohttp.ClientSession() as http,
    ):

        async def status(who: str, query: str) -> int:
            async with http.get(server.url + POLLING + query, headers={"X-Test": who}) as answer:
                return answer.status

        seen = {await status("greedy", "&sid=unknown") for _ in range(900)}
        assert seen == {400, 429}
        assert await status("honest", "") == 200


@pytest.mark.parametrize("answers_pings", [False, True])
async def test_a_websocket_that_does_not_read_is_cut(answers_pings: bool) -> None:
    """Its writer waits for it, so the server could wait without end."""
    unread_s, ping_s = (0.5, 1e6) if answers_pings else (1e6, 0.2)
    options = replace(UNLIMITED, unread_s=unread_s, ping_interval_s=ping_s, ping_timeout_s=ping_s)
    async with signalling_server(options=options) as server, _stuck(server) as stuck:
        await _fill(server)
        await eventually(lambda: server.signalling.connection_count == 0, within_s=15)
        await eventually(lambda: _is_closed(stuck), within_s=15)


async def test_bytes_that_wait_for_a_client_are_limited() -> None:
    options = replace(UNLIMITED, max_queued_bytes=100_000)
    async with signalling_server(options=options) as server, _stuck(server) as stuck:
        await _fill(server)
        await eventually(lambda: _is_closed(stuck))


async def test_a_polling_client_that_does_not_fetch_is_cut() -> None:
    options = replace(UNLIMITED, unread_s=0.2)
    async with signalling_server(options=options) as server, aiohttp.ClientSession() as http:
        await server.client("ann", "/lobby")
        async with http.get(server.url + POLLING) as opened:
            sid = (await opened.text()).split('"sid":"')[1].split('"')[0]
        async with http.post(f"{server.url}{POLLING}&sid={sid}", data='40/rooms,{"token":"token:ann"}'):
            pass
        await eventually(lambda: server.signalling.connection_count == 1)
        await eventually(lambda: server.signalling.connection_count == 0, within_s=15)


@asynccontextmanager
async def _stuck(server: SignallingServer) -> AsyncIterator[socket.socket]:
    """A client in `/rooms` with a small receive buffer, from which nothing is read any more."""
    await server.client("ann", "/lobby")
    port = int(server.url.rsplit(":", 1)[1])
    loop = asyncio.get_running_loop()
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        await loop.sock_connect(sock, ("127.0.0.1", port))
        await loop.sock_sendall(
            sock,
            f"GET {WEBSOCKET} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode(),
        )
        while b"upgrades" not in await loop.sock_recv(sock, 4096):
            pass
        await loop.sock_sendall(sock, _frame('40/rooms,{"token":"token:ann"}'))
        await eventually(lambda: server.signalling.connection_count == 1)
        yield sock


async def _fill(server: SignallingServer) -> None:
    """Send more to everyone in `/rooms` than the buffers of both sides hold."""
    connections = server.signalling._connections
    for _ in range(2_000):
        connections.server.send("/rooms", connections.rooms.ids(), "pad", {"text": "x" * 10_000})
        await asyncio.sleep(0)


def _is_closed(stuck: socket.socket) -> bool:
    """Whether the server reset the connection: nothing was read, so its end alone would not show."""
    try:
        stuck.send(_frame("3"))
    except BlockingIOError:
        return False
    except OSError:
        return True
    return False


def _frame(text: str) -> bytes:
    """A masked text frame (RFC 6455 section 5.2) whose mask is zero."""
    data = text.encode()
    assert len(data) < 126
    return bytes([0x81, 0x80 | len(data), 0, 0, 0, 0]) + data
