"""A vendor's server on a free port of loopback, with scripted faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(slots=True)
class Fault:
    """`status`: sent at once instead of the answer. `pieces`: how many are sent before `then`: `cut` drops
    the connection, `silence` keeps it without sending more, `end` ends the response. `byte_by_byte`: each
    byte is sent separately. `pause_s`: before each piece, or each byte. `insert`: bytes sent before each
    piece, such as an unknown message. `content_type`: replaces the right one.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    pieces: int | None = None
    then: str = "end"
    byte_by_byte: bool = False
    pause_s: float = 0.0
    insert: bytes = b""
    content_type: str = ""


@dataclass(slots=True)
class Call:
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Vendor:
    """`calls`: requests so far. `faults`: of the next requests, in order; without one a request succeeds."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    async def next_fault(self, request: web.Request) -> Fault:
        self.calls.append(
            Call(request.path, list(request.query.items()), request.headers, await request.read())
        )
        return self.faults.pop(0) if self.faults else Fault()

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws", 1)


@asynccontextmanager
async def serving(vendor: Vendor, routes: Iterable[web.AbstractRouteDef]) -> AsyncIterator[None]:
    app = web.Application(client_max_size=10 << 20)
    app.add_routes(routes)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.05)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        vendor.url = f"http://{host}:{port}"
        yield
    finally:
        await runner.cleanup()


async def stream(
    request: web.Request, fault: Fault, pieces: Iterable[bytes], content_type: str
) -> web.StreamResponse:
    """Answers piece by piece, with the fault."""
    if fault.status != 200:
        return web.Response(
            status=fault.status, body=fault.body, headers=fault.headers, content_type="application/json"
        )
    response = web.StreamResponse(headers={"Content-Type": fault.content_type or content_type})
    await response.prepare(request)
    for number, piece in enumerate(pieces):
        if fault.pieces is not None and number >= fault.pieces:
            return await _fail(request, response, fault)
        if fault.insert:
            await response.write(fault.insert)
        for part in _parts(piece, byte_by_byte=fault.byte_by_byte):
            await asyncio.sleep(fault.pause_s)
            await response.write(part)
    if fault.pieces is not None:
        return await _fail(request, response, fault)
    await response.write_eof()
    return response


async def _fail(request: web.Request, response: web.StreamResponse, fault: Fault) -> web.StreamResponse:
    if fault.then == "silence":
        await asyncio.Event().wait()  # until the client disconnects
    if fault.then == "cut" and request.transport is not None:
        request.transport.abort()
        return response
    await response.write_eof()
    return response


def _parts(piece: bytes, *, byte_by_byte: bool) -> Iterable[bytes]:
    return (piece[i : i + 1] for i in range(len(piece))) if byte_by_byte else (piece,)
