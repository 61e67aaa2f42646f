"""aiohttp's protocol of one connection, which can also say what its client keeps the server waiting for.

aiohttp ends idle connections, but waits without limit for the rest of a request's headers or body, and for a
client that does not read. The only file that uses its private members, as of aiohttp 3.14 (the version is
capped in pyproject.toml):
- `_waiter`: pending while the protocol waits for the headers of a request.
- `_request_count`: increases with each request whose headers are complete.
- `_current_request`: the request whose handler runs.
- `_upgraded`: the connection is a WebSocket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from aiohttp import web

from server.common.token_bucket import TokenBucket
from server.http.limits import HttpLimits, Transfer

SOCKET_BYTES_PER_S, SOCKET_BYTES_BURST = 1 << 20, 24 << 20
"""Limits of what one WebSocket receives. Limits on its messages do not see fragments without an end. A client
of the voice tutor sends a whole recording in one message of up to 20 MB."""
_OVERHEAD_BYTES, _OVERHEAD_FACTOR = 64 << 10, 8
"""Of a body in chunks: what a client may send that is not the body, such as sizes of chunks, their extensions
and trailers (RFC 9112 section 7.1). A chunk of one byte takes six."""
UNWANTED_BYTES = 8 << 20
"""Of a body whose request was answered before its end. Many clients read the answer only once they have sent
it all, so that some is read on and dropped: more than the largest upload that the server takes."""
LAGGING_S = 10.0
"""A client that has not read up with its answer for so long gives up its place if one is needed."""


class HttpConnection(web.RequestHandler):
    """Made by `HttpListener` for each connection that it accepts, at `opened_at`. `lost` is called at its
    end."""

    __slots__ = (
        "_body",
        "_body_bytes",
        "_head_since",
        "_limits",
        "_lost",
        "_overhead",
        "_own_transport",
        "_socket_bytes",
        "_unread",
        "_unread_size",
        "_unwanted_bytes",
        "active_at",
        "address",
        "is_evicted",
        "is_lagging",
        "opening",
    )

    def __init__(
        self,
        server: web.Server,
        loop: asyncio.AbstractEventLoop,
        limits: HttpLimits,
        address: str,
        opened_at: float,
        lost: Callable[[HttpConnection], None],
    ) -> None:
        """The parser does not decompress bodies: `server.api` refuses compressed ones by their header, and a
        few kilobytes of them would take a core."""
        # server.api logs requests itself; aiohttp's log would repeat them, with the invites in their queries.
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=limits.idle_s,
            access_log=None,  # type: ignore[arg-type]  # aiohttp documents None
            auto_decompress=False,
            # Time for the rest of a body that was answered before its end.
            lingering_time=min(limits.stall_s, 10.0),
        )
        self._limits = limits
        self._lost = lost
        self._own_transport: asyncio.Transport | None = None  # aiohttp forgets its own when it closes it
        self._head_since: float | None = opened_at
        self._body: Transfer | None = None
        self._body_bytes = self._overhead = 0
        self._socket_bytes = TokenBucket(SOCKET_BYTES_PER_S, SOCKET_BYTES_BURST)
        self._unread: Transfer | None = None
        self._unread_size = self._unwanted_bytes = 0
        self.address = address
        """As a key of limits."""
        self.active_at = opened_at
        """Time of the client's last bytes."""
        self.opening: asyncio.Task[None] | None = None
        """The TLS handshake, while it runs."""
        self.is_evicted = False
        self.is_lagging = False
        """Whether the client has not read up with its answer for LAGGING_S."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._own_transport = cast("asyncio.Transport", transport)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._own_transport = None
        super().connection_lost(exc)
        self._lost(self)

    def data_received(self, data: bytes) -> None:
        now = self._loop.time()
        if self._upgraded and self._socket_bytes.take(now, len(data)) > 0:
            self.abort()
            return
        requests = self._request_count
        super().data_received(data)
        if data:
            self.active_at = now
        if self._request_count != requests:
            self._head_since, self._body = None, Transfer(now)
            self._body_bytes = self._overhead = self._unwanted_bytes = 0
        elif self._owes_body:
            self._measure_body(len(data), now)
        elif self._current_request is None and not self.is_waiting:
            self._unwanted_bytes += len(data)
            if self._unwanted_bytes > UNWANTED_BYTES:
                self.abort()
        if data and self.is_waiting and self._head_since is None:
            self._head_since = now

    def _measure_body(self, received: int, now: float) -> None:
        """Only bytes of the body itself are progress: an extension of a chunk may have no end."""
        request = self._current_request
        if request is None or self._body is None:
            return
        body = request.content.total_bytes
        gained, self._body_bytes = body - self._body_bytes, body
        if gained:
            self._body.advance(gained, now)
        self._overhead += max(0, received - gained)
        if self._overhead > _OVERHEAD_BYTES + _OVERHEAD_FACTOR * body:
            self.abort()

    @property
    def is_waiting(self) -> bool:
        """Whether there is no request: the client may send one, or the rest of its headers."""
        return self._waiter is not None and not self._waiter.done()

    @property
    def can_be_evicted(self) -> bool:
        """Whether little is lost but the client's time if the connection ends now."""
        return self.opening is not None or self.is_waiting or self._owes_body or self.is_lagging

    @property
    def _owes_body(self) -> bool:
        request = self._current_request
        return request is not None and not request.content.is_eof()

    def overdue(self, now: float) -> str | None:
        """Return the duty that the client neglects: `headers`, `body` or `reading`."""
        limits = self._limits
        if self._head_since is not None and now - self._head_since > limits.head_s:
            return "headers"
        if self._body is not None and self._owes_body and self._body.is_late(limits.stall_s, now):
            return "body"
        self._measure_reading(now)
        # A WebSocket is not a download that its client can begin again: signalling limits those.
        lasts = self._unread.lasts(now) if self._unread is not None else 0.0
        self.is_lagging = lasts > LAGGING_S and not self._upgraded
        if self._unread is not None and self._unread.is_late(limits.stall_s, now):
            return "reading"
        return None

    def _measure_reading(self, now: float) -> None:
        """Only bytes that leave the buffer show that the client reads: it may also grow meanwhile."""
        transport = self._own_transport
        size = transport.get_write_buffer_size() if transport is not None else 0
        if size == 0:
            self._unread = None
        elif self._unread is None:
            self._unread = Transfer(now)
        elif size < self._unread_size:
            self._unread.advance(self._unread_size - size, now)
        self._unread_size = size

    def abort(self) -> None:
        """Close it without waiting for the client to read what was sent."""
        self.is_evicted = True
        if self._own_transport is not None:
            self._own_transport.abort()
        elif self.opening is not None:
            self.opening.cancel()
