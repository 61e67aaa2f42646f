"""A vendor's server on a free port of loopback, and how it misbehaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(slots=True)
class Bad:
    """`status`: answered at once, before all else. `pieces`: how many get through before `then` happens:
    `cut` drops the connection in mid-answer, `silence` keeps it and says no more, `end` ends it properly.
    `drip`: bytes come one by one. `pause_s`: before each piece, or each byte that drips. `insert`: bytes put
    between the pieces, as an unknown message. `content_type`: in place of the right one.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    pieces: int | None = None
    then: str = "end"
    drip: bool = False
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
    """`calls`: what it was asked. `bad`: how the next ones go, in order; without one they go well."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)

    async def take(self, request: web.Request) -> Bad:
        self.calls.append(
            Call(request.path, list(request.query.items()), request.headers, await request.read())
        )
        return self.bad.pop(0) if self.bad else Bad()

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
    request: web.Request, bad: Bad, pieces: Iterable[bytes], content_type: str
) -> web.StreamResponse:
    """Answers piece by piece, as badly as it is told to."""
    if bad.status != 200:
        return web.Response(
            status=bad.status, body=bad.body, headers=bad.headers, content_type="application/json"
        )
    response = web.StreamResponse(headers={"Content-Type": bad.content_type or content_type})
    await response.prepare(request)
    for number, piece in enumerate(pieces):
        if bad.pieces is not None and number >= bad.pieces:
            return await _misbehave(request, response, bad)
        if bad.insert:
            await response.write(bad.insert)
        for part in _parts(piece, drip=bad.drip):
            await asyncio.sleep(bad.pause_s)
            await response.write(part)
    if bad.pieces is not None:
        return await _misbehave(request, response, bad)
    await response.write_eof()
    return response


async def _misbehave(request: web.Request, response: web.StreamResponse, bad: Bad) -> web.StreamResponse:
    if bad.then == "silence":
        await asyncio.Event().wait()  # until the client goes
    if bad.then == "cut" and request.transport is not None:
        request.transport.abort()
        return response
    await response.write_eof()
    return response


def _parts(piece: bytes, *, drip: bool) -> Iterable[bytes]:
    return (piece[i : i + 1] for i in range(len(piece))) if drip else (piece,)
