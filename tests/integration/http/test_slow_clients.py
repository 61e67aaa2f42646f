"""Clients that keep the server waiting are cut, and do not keep others out."""

from __future__ import annotations

import asyncio
import datetime as dt
import errno
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.http import connection as connection_module
from server.http import listener as listener_module
from server.http.limits import HttpLimits
from server.http.listener import HttpListener

NEVER = 1e6
PATIENT = HttpLimits(head_s=NEVER, idle_s=NEVER, stall_s=NEVER, connect_rate=0)
HEAD = b"GET / HTTP/1.1\r\nHost: parlor\r\n"
Start = Callable[..., Awaitable["Site"]]


@dataclass
class Site:
    listener: HttpListener
    port: int
    clients: AsyncExitStack

    async def client(
        self, said: bytes = b"", *, source: str = "127.0.0.1", tls: ssl.SSLContext | None = None
    ) -> Client:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, ssl=tls, local_addr=(source, 0), limit=1 << 10
        )
        self.clients.callback(writer.close)
        writer.write(said)
        return Client(reader, writer)

    async def until(self, connections: int) -> None:
        async with asyncio.timeout(10):
            while self.listener.connections != connections:  # noqa: ASYNC110 - there is no event
                await asyncio.sleep(0.005)


@dataclass
class Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def is_cut(self) -> bool:
        """Waits for the end of the connection."""
        async with asyncio.timeout(10):
            try:
                while await self.reader.read(1 << 16):
                    pass
            except ConnectionError:
                pass
        return True

    async def status(self, request: bytes = HEAD + b"\r\n") -> int:
        self.writer.write(request)
        async with asyncio.timeout(10):
            head = await self.reader.readuntil(b"\r\n\r\n")
            size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await self.reader.readexactly(size)
        return int(head.split()[1])


async def _answer(request: web.Request) -> web.Response:
    body = await request.read()
    return web.Response(text=f"{len(body)}")


async def _refuse(_request: web.Request) -> web.Response:
    return web.Response(status=413, text="too large")


async def _large(_request: web.Request) -> web.Response:
    return web.Response(body=bytes(32 << 20))


async def _socket(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for _ in socket:
        pass
    return socket


@pytest.fixture
async def start(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    monkeypatch.setattr(listener_module, "SWEEP_S", 0.02)
    monkeypatch.setattr(listener_module, "REPORT_S", 0.0)
    async with AsyncExitStack() as stack:

        async def make(limits: HttpLimits, tls: ssl.SSLContext | None = None) -> Site:
            application = web.Application()
            application.router.add_route("*", "/", _answer)
            application.router.add_get("/large", _large)
            application.router.add_post("/refused", _refuse)
            application.router.add_get("/socket", _socket)
            runner = web.AppRunner(application, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            listener = HttpListener(runner, limits, tls)
            stack.push_async_callback(listener.aclose)
            await listener.start("127.0.0.1", 0)
            clients = await stack.enter_async_context(AsyncExitStack())
            return Site(listener, listener.port, clients)

        yield make


@pytest.mark.parametrize("said", [b"", b"GET / HT", HEAD], ids=["silent", "request line", "headers"])
async def test_a_client_that_does_not_finish_its_headers_is_cut(start: Start, said: bytes) -> None:
    site = await start(replace(PATIENT, head_s=0.1))
    assert await (await site.client(said)).is_cut()
    await site.until(0)


async def test_a_byte_of_a_header_now_and_then_gains_no_time(start: Start) -> None:
    site = await start(replace(PATIENT, head_s=0.2))
    client = await site.client(HEAD + b"X-Slow: ")
    cut = asyncio.ensure_future(client.is_cut())
    async with asyncio.timeout(10):
        while not cut.done():
            client.writer.write(b"1")
            await asyncio.sleep(0.02)
    assert await cut


async def test_headers_of_a_later_request_have_the_same_time(start: Start) -> None:
    site = await start(replace(PATIENT, head_s=0.2))
    client = await site.client()
    assert await client.status() == 200
    client.writer.write(HEAD)
    assert await client.is_cut()


async def test_a_connection_is_kept_between_requests_for_the_idle_time(start: Start) -> None:
    site = await start(replace(PATIENT, head_s=0.1, idle_s=0.5))
    client = await site.client()
    assert await client.status() == 200
    await asyncio.sleep(0.25)  # longer than the time for headers
    assert await client.status() == 200
    assert await client.is_cut()
    await site.until(0)


async def test_a_client_that_does_not_send_its_body_is_cut(start: Start) -> None:
    site = await start(replace(PATIENT, stall_s=0.1))
    client = await site.client(HEAD.replace(b"GET", b"POST") + b"Content-Length: 9\r\n\r\nhalf")
    assert await client.is_cut()
    await site.until(0)


CHUNKED = HEAD.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n"


async def test_an_extension_of_a_chunk_without_an_end_gains_no_time(start: Start) -> None:
    site = await start(replace(PATIENT, stall_s=0.3))
    client = await site.client(CHUNKED + b"4\r\nhalf\r\n4;")
    cut = asyncio.ensure_future(client.is_cut())
    async with asyncio.timeout(10):
        while not cut.done():
            client.writer.write(b"x" * 100)
            await asyncio.sleep(0.02)
    assert await cut


async def test_much_more_around_a_body_than_in_it_is_cut_at_once(start: Start) -> None:
    site = await start(PATIENT)
    client = await site.client(CHUNKED + b"4\r\nhalf\r\n4;")
    await asyncio.sleep(0.1)  # so that the server has begun to read the body
    client.writer.write(b"x" * 200_000)
    assert await client.is_cut()


async def test_a_body_in_chunks_of_a_byte_is_read(start: Start) -> None:
    site = await start(PATIENT)
    client = await site.client()
    assert await client.status(CHUNKED + b"1\r\nx\r\n" * 50_000 + b"0\r\n\r\n") == 200


async def test_a_client_that_was_answered_before_the_end_of_its_body_is_cut(start: Start) -> None:
    site = await start(replace(PATIENT, stall_s=0.2))
    client = await site.client(b"POST /nothing HTTP/1.1\r\nHost: parlor\r\nContent-Length: 9\r\n\r\nhalf")
    assert await client.is_cut()
    await site.until(0)


@pytest.mark.parametrize("path", [b"/nothing", b"/refused"])
async def test_a_client_that_sends_a_body_without_end_after_its_answer_is_cut(
    start: Start, path: bytes
) -> None:
    site = await start(PATIENT)
    client = await site.client(
        HEAD.replace(b"GET /", b"POST " + path) + b"Content-Length: 9999999999\r\n\r\n"
    )
    sent, limit = 0, connection_module.UNWANTED_BYTES + (16 << 20)  # with what the buffers of sockets hold
    with suppress(ConnectionError):
        while sent < limit:
            client.writer.write(bytes(1 << 16))
            await client.writer.drain()
            sent += 1 << 16
    assert connection_module.UNWANTED_BYTES <= sent < limit
    await site.until(0)


async def test_a_body_that_ends_soon_after_its_answer_costs_no_connection(start: Start) -> None:
    site = await start(PATIENT)
    client = await site.client()
    size = 5 << 20
    head = HEAD.replace(b"GET /", b"POST /nothing") + b"Content-Length: %d\r\n\r\n" % size
    assert await client.status(head + bytes(size)) == 404
    assert await client.status() == 200


async def test_a_client_that_does_not_read_its_answer_is_cut(start: Start) -> None:
    site = await start(replace(PATIENT, stall_s=0.3))
    client = await site.client(HEAD.replace(b"/", b"/large", 1) + b"\r\n")
    client.writer.transport.pause_reading()  # type: ignore[attr-defined]  # it is a ReadTransport too
    await site.until(1)
    await site.until(0)


async def test_a_client_that_reads_steadily_gets_its_whole_answer(start: Start) -> None:
    site = await start(replace(PATIENT, stall_s=0.3))
    client = await site.client()
    client.writer.write(HEAD.replace(b"/", b"/large", 1) + b"\r\n")
    size = 0
    async with asyncio.timeout(30):
        await client.reader.readuntil(b"\r\n\r\n")
        while size < 32 << 20:
            size += len(await client.reader.read(1 << 16))
            if size % (1 << 20) < 1 << 10:
                await asyncio.sleep(0.01)
    assert await client.status() == 200


def _tls(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of the server, with a certificate of its own, and of a client that does not check it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "parlor")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(pem))
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(file)
    client_side = ssl.create_default_context()
    client_side.check_hostname, client_side.verify_mode = False, ssl.CERT_NONE
    return server_side, client_side


async def test_a_websocket_that_sends_fragments_without_an_end_is_cut(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "SOCKET_BYTES_BURST", 100_000)
    site = await start(PATIENT)
    upgrade = (
        b"GET /socket HTTP/1.1\r\nHost: parlor\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    client = await site.client(upgrade)
    await client.reader.readuntil(b"\r\n\r\n")
    client.writer.write(b"\x01\x80\0\0\0\0" + b"\x00\x80\0\0\0\0" * (1 << 20))
    assert await client.is_cut()
    await site.until(0)


async def test_a_connection_that_begins_no_tls_is_cut_and_counts(start: Start, tmp_path: Path) -> None:
    server_side, client_side = _tls(tmp_path)
    site = await start(replace(PATIENT, head_s=1.0, connections=2), server_side)
    silent = await site.client()
    await site.until(1)
    assert await (await site.client(tls=client_side)).status() == 200
    assert await (await site.client(tls=client_side)).status() == 200  # in place of one of the other two
    assert await silent.is_cut()


async def test_new_connections_of_an_address_replace_its_idle_ones(start: Start) -> None:
    site = await start(replace(PATIENT, per_address=2))
    idle = [await site.client() for _ in range(2)]
    await site.until(2)
    assert await (await site.client()).status() == 200
    assert await idle[0].is_cut()
    assert await idle[1].status() == 200


async def test_an_address_that_takes_all_places_keeps_nobody_out(start: Start) -> None:
    site = await start(replace(PATIENT, connections=40))
    honest = await site.client(source="127.0.0.3")
    assert await honest.status() == 200
    greedy = [await site.client(HEAD, source="127.0.0.2") for _ in range(80)]
    for _ in range(5):
        assert await (await site.client(source="127.0.0.4")).status() == 200
    assert await honest.status() == 200
    assert site.listener.connections <= 40
    assert await greedy[0].is_cut()


async def test_connections_in_use_are_not_ended_for_new_ones(start: Start) -> None:
    site = await start(replace(PATIENT, per_address=1))
    reading = await site.client(HEAD.replace(b"/", b"/large", 1) + b"\r\n")
    await reading.reader.readuntil(b"\r\n\r\n")
    assert await (await site.client()).is_cut()
    assert await reading.reader.readexactly(32 << 20) == bytes(32 << 20)


async def test_slow_readers_keep_nobody_of_their_address_out(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "LAGGING_S", 0.1)
    site = await start(replace(PATIENT, per_address=1))
    slow = await site.client(HEAD.replace(b"/", b"/large", 1) + b"\r\n")
    await slow.reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(0.3)  # reads nothing
    assert await (await site.client()).status() == 200
    assert await slow.is_cut()


async def test_an_address_that_connects_too_often_is_refused_and_others_are_not(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener_module, "CONNECTS_PER_S", 0.001)
    monkeypatch.setattr(listener_module, "CONNECTS_BURST", 3.0)
    site = await start(replace(PATIENT, connect_rate=1.0))
    clients = [await site.client(source="127.0.0.2") for _ in range(4)]
    assert await clients[3].is_cut()
    assert await (await site.client(source="127.0.0.3")).status() == 200


async def test_a_process_without_file_descriptors_logs_it_and_serves_on(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(listener_module, "PAUSE_S", 0.01)
    site = await start(PATIENT)
    idle = await site.client()
    await site.until(1)
    accept, failures = socket.socket.accept, [OSError(errno.EMFILE, "Too many open files")] * 3

    def failing(listening: socket.socket) -> tuple[socket.socket, object]:
        if failures:
            raise failures.pop()
        return accept(listening)

    monkeypatch.setattr(socket.socket, "accept", failing)
    assert await (await site.client()).status() == 200
    assert await idle.is_cut()
    async with asyncio.timeout(5):
        while _logged(caplog, "EMFILE") < 3:  # noqa: ASYNC110 - there is no event
            await asyncio.sleep(0.01)


def _logged(caplog: pytest.LogCaptureFixture, reason: str) -> int:
    """How many times lines of the log report this reason, all together."""
    return sum(r.count for r in caplog.records if getattr(r, "reason", "") == reason)  # type: ignore[attr-defined]


async def test_a_compressed_body_is_not_decompressed(start: Start) -> None:
    site = await start(PATIENT)
    async with aiohttp.ClientSession() as http:
        packed = b"\x1f\x8b not gzip"
        headers = {"Content-Encoding": "gzip"}
        async with http.post(f"http://127.0.0.1:{site.port}/", data=packed, headers=headers) as answer:
            assert await answer.text() == str(len(packed))
