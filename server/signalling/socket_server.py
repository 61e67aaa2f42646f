"""python-socketio with bounds and order. The only file that overrides its private methods.

Why:
- A client may send the reserved events `connect` and `disconnect`, or an event whose name is not a string.
  The library calls handlers with them, or raises where nothing catches the error.
- A packet with binary attachments is collected in memory without a limit.
- Handlers of one connection run concurrently, and an ack may overtake events or fall behind them (`emit`
  starts a task for each receiver).
- The queue of a slow client has no limit, and closing its socket waits for the client to read.
- Only messages reach a handler: pongs, control frames and empty requests are not counted.

Here the events of a connection are handled one by one, acks and events leave through one queue in the order
in which they are sent, the queue is bounded, and a client that breaks the protocol or floods is disconnected.

What each override changes, as of python-socketio 5.18 (the version is capped in pyproject.toml):
- `_handle_eio_connect`: keeps to the limits of sockets; remembers the transport.
- `_handle_eio_disconnect`: forgets them; ends a long poll that would otherwise wait for the ping timeout, and
  the connection of a client that answers no ping: the library waits until it has read what was sent.
- a socket's `receive`: limits the rate of packets of every type. Its `poll`: takes packets without a task.
- `_handle_eio_message`: refuses binary packets; contains the parser's exceptions.
- `_handle_connect`: calls the handler of "ready" once events may be sent on the connection, and not again for
  a client that asks to connect twice. Disconnects a socket that closed during its handshake, which would stay
  connected for ever.
- `_handle_event`: calls the handler of "*" with the event's array, in place of a handler by name.
- the WebSocket class of its aiohttp driver (`websocket.py`), and the queue of a socket (`outbox.py`).
- `handle_request` (public): limits the rate of requests, and the polls of a socket to one at a time;
  remembers the transport of a WebSocket; contains exceptions of the reader.
It replaces the clock of the library's sockets: they measure the ping timeout by the wall clock, whose steps
would disconnect clients.
It also uses `eio.sockets`, a socket's `queue`, and `manager.eio_sid_from_sid` / `sid_from_eio_sid`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

import engineio.async_socket
import engineio.base_socket
import engineio.packet
import socketio
import socketio.packet
from aiohttp import web

from server.common.addresses import limit_key, network_of
from server.common.repeats import Repeats
from server.common.token_bucket import KeyedLimiter, TokenBucket
from server.errors import InvalidRequest, TooManyConnectionsFromNetwork
from server.signalling.outbox import Outbox
from server.signalling.socket_shares import SocketShares
from server.signalling.websocket import PlainWebSocket

Ack = Callable[[Any], None]
OnEvent = Callable[[str, Any, Ack], Awaitable[None]]
"""The handler of "*": connection id, the event's JSON array as received, and how to acknowledge it."""

_log = logging.getLogger(__name__)
_BINARY = ("5", "6")
_PACKETS_PER_S, _PACKETS_BURST = 60.0, 400.0
_BYTES_PER_TOKEN = 4096
_REQUESTS_PER_S, _REQUESTS_BURST = 50.0, 600.0
"""Requests of an address without an open socket: all clients of a class come back at once after a restart."""
_PERIOD_S, _MAX_KEYS = 10.0, 200
"""Of the log of refused sockets: one line for each network and period, then a count."""

_quiet = logging.getLogger("server.signalling.engineio")
_quiet.setLevel(logging.CRITICAL)
_quiet.propagate = False
"""The library's logger. All it logs at `error` is provoked by clients, with stack traces; exceptions of our
own code are caught and logged before."""


class _MonotonicTime:
    """In place of the module `time` in the library's sockets, which call only `time.time`."""

    time = staticmethod(time.monotonic)


engineio.async_socket.time = engineio.base_socket.time = _MonotonicTime


class SocketServer(socketio.AsyncServer):  # type: ignore[misc]  # the library has no types
    def __init__(
        self,
        *,
        client_ip: Callable[[web.Request], str],
        max_sockets: int,
        max_per_address: int,
        max_queued: int,
        max_queued_bytes: int,
        flood_factor: float,
        upgrade_s: float,
        **options: Any,
    ) -> None:
        """`flood_factor` scales the limit on the rate of packets; 0: no limit. `upgrade_s`: longest upgrade
        to a WebSocket, in seconds.

        Register handlers with `on`, for each namespace: `connect` and `disconnect` as the library documents
        them, "ready" (connection id) once events may be sent, "*" (`OnEvent`) for every event.
        """
        super().__init__(async_mode="aiohttp", logger=_quiet, engineio_logger=_quiet, **options)
        self.eio._async = {**self.eio._async, "websocket": partial(PlainWebSocket, self._is_flood, upgrade_s)}
        self.eio.create_queue = Outbox
        self._client_ip = client_ip
        self._max_queued = max_queued
        self._max_queued_bytes = max_queued_bytes
        self._flood_factor = flood_factor
        rate, burst = _REQUESTS_PER_S * flood_factor, _REQUESTS_BURST * flood_factor
        self._requests = KeyedLimiter(rate, burst) if flood_factor else None
        self._sockets: dict[str, _Socket] = {}
        self._shares = SocketShares(max_per_address, max_sockets)
        self._refusals = Repeats[str](period_s=_PERIOD_S, max_keys=_MAX_KEYS)
        self._is_closing = False
        self.doomed: set[str] = set()
        self.wake_reaper = asyncio.Event()

    def trust(self, connection_id: str, namespace: str) -> None:
        """Remove the limit on packets, for a worker."""
        state = self._sockets.get(self.manager.eio_sid_from_sid(connection_id, namespace) or "")
        if state is not None:
            state.bucket = None

    def own(self, connection_id: str, namespace: str, user_id: str, *, is_lobby: bool) -> None:
        """The connection's socket counts as this user's. Raises TooManyConnectionsFromNetwork if their
        address has no place for it."""
        eio_sid = self.manager.eio_sid_from_sid(connection_id, namespace) or ""
        is_open, displaced = self._shares.own(eio_sid, user_id, is_lobby=is_lobby)
        if displaced is not None:
            self._doom(displaced)
        if not is_open:
            raise TooManyConnectionsFromNetwork

    # Sending

    def send(self, namespace: str, connection_ids: Iterable[str], event: str, payload: object) -> None:
        """Queue the event for each connection. One whose queue is full is disconnected."""
        packet = self._encoded(socketio.packet.EVENT, namespace, [event, payload])
        for connection_id in connection_ids:
            eio_sid = self.manager.eio_sid_from_sid(connection_id, namespace)
            if eio_sid is not None:
                self._put(eio_sid, packet)

    def cut(self, namespace: str, connection_id: str) -> None:
        """End the connection without waiting for the client."""
        eio_sid = self.manager.eio_sid_from_sid(connection_id, namespace)
        if eio_sid is not None:
            self._doom(eio_sid)

    def _encoded(self, kind: int, namespace: str, data: object, ack_id: int | None = None) -> Any:
        packet = self.packet_class(kind, namespace=namespace, data=data, id=ack_id, binary=False)
        return engineio.packet.Packet(engineio.packet.MESSAGE, packet.encode())

    def _put(self, eio_sid: str, packet: Any) -> None:
        socket = self.eio.sockets.get(eio_sid)
        if socket is None or socket.closed or socket.closing or eio_sid in self.doomed:
            return
        outbox: Outbox = socket.queue
        if outbox.qsize() >= self._max_queued or outbox.waiting_bytes >= self._max_queued_bytes:
            _log.warning("disconnected a client that reads too slowly")
            self._doom(eio_sid)
            return
        outbox.put_nowait(packet)

    # Ending

    def _doom(self, eio_sid: str) -> None:
        if eio_sid in self.eio.sockets:
            self.doomed.add(eio_sid)
            self.wake_reaper.set()

    async def reap(self, handshake_s: float, unread_s: float) -> None:
        """Close sockets that were cut, that opened no namespace in time, or whose client does not read."""
        now = time.monotonic()
        self._summarize_refusals(now)
        for eio_sid, state in list(self._sockets.items()):
            if now - state.opened_at > handshake_s and not self._namespaces_of(eio_sid):
                self.doomed.add(eio_sid)
            socket = self.eio.sockets.get(eio_sid)
            if socket is not None and socket.queue.is_stuck(now, unread_s):
                _log.warning("disconnected a client that does not read")
                self.doomed.add(eio_sid)
        while self.doomed:
            await self._close(self.doomed.pop(), abort=True)

    async def close_all(self) -> None:
        """Send what is queued, close every socket, and accept no new one. Idempotent."""
        if self._is_closing:
            return
        self._is_closing = True
        for eio_sid in list(self.eio.sockets):
            await self._close(eio_sid, abort=False)
        await self.shutdown()

    async def _close(self, eio_sid: str, *, abort: bool) -> None:
        socket = self.eio.sockets.get(eio_sid)
        if socket is None:
            return
        state = self._sockets.get(eio_sid)
        if abort and state is not None and state.transport is not None:
            state.transport.abort()
        await socket.close(wait=False, abort=abort, reason=self.reason.SERVER_DISCONNECT)
        socket.queue.put_nowait(None)  # ends the library's writer after the rest is sent
        if socket.closed and not socket.upgraded:
            self.eio.sockets.pop(eio_sid, None)

    def _namespaces_of(self, eio_sid: str) -> bool:
        return any(self.manager.sid_from_eio_sid(eio_sid, n) for n in list(self.manager.get_namespaces()))

    def is_live(self, namespace: str, connection_id: str) -> bool:
        return bool(self.manager.is_connected(connection_id, namespace))

    # HTTP

    async def handle_request(self, request: web.Request) -> web.StreamResponse:
        """As in the library. Remembers the transport of a WebSocket, so that a stuck one can be aborted."""
        eio_sid = request.query.get("sid", "")
        state = self._sockets.get(eio_sid)
        if self._is_too_many(request, eio_sid):
            return web.Response(status=429)
        polled = state if request.method == "GET" and not _is_websocket(request) else None
        if polled is not None and polled.is_polling:
            self._doom(eio_sid)
            return web.Response(status=400)
        if state is not None and _is_websocket(request):
            state.transport = request.transport
        if polled is not None:
            polled.is_polling = True
        try:
            response: web.StreamResponse = await self.eio.handle_request(request)
        except Exception as error:  # noqa: BLE001 - the library's reader raises for what is not Engine.IO
            _log.info("disconnected a client after a malformed packet: %s", type(error).__name__)
            self._doom_transport(request.transport)
            return web.Response(status=400)
        finally:
            if polled is not None:
                polled.is_polling = False
        return response

    def _is_too_many(self, request: web.Request, eio_sid: str) -> bool:
        """Requests of an open socket count as its packets, others for their address."""
        if eio_sid in self._sockets:
            return self._is_flood(eio_sid, 0)
        address = limit_key(self._client_ip(request))
        return self._requests is not None and self._requests.take(address, time.monotonic()) > 0

    def _is_flood(self, eio_sid: str, size: int) -> bool:
        """Counts a packet of this size in bytes; after too many the client is cut, and this is true."""
        state = self._sockets.get(eio_sid)
        if state is None or eio_sid in self.doomed:
            return True
        cost = 1 + size / _BYTES_PER_TOKEN
        if state.bucket is not None and state.bucket.take(time.monotonic(), cost) > 0:
            self._doom(eio_sid)
            return True
        return False

    def _doom_transport(self, transport: asyncio.BaseTransport | None) -> None:
        for eio_sid, state in self._sockets.items():
            if transport is not None and state.transport is transport:
                self._doom(eio_sid)

    def _log_refusal(self, network: str) -> None:
        self._summarize_refusals(time.monotonic())
        if self._refusals.is_shown(network, 1):
            _log.warning("too many sockets of one address or network", extra={"network": network})

    def _summarize_refusals(self, now: float) -> None:
        for network, count in self._refusals.ended(now):
            extra = {"network": network or "other", "count": count}
            _log.warning("more sockets of one address or network were refused or closed", extra=extra)

    # Overrides

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> bool | None:
        request: web.Request = environ["aiohttp.request"]
        address = self._client_ip(request)
        if self._is_closing:
            return False
        verdict, displaced = self._shares.add(eio_sid, limit_key(address))
        if verdict != "open" or displaced is not None:
            self._log_refusal(network_of(address))
        if verdict == "close":
            return False
        if displaced is not None:
            self._doom(displaced)
        transport = request.transport if _is_websocket(request) else None
        self._sockets[eio_sid] = _Socket(time.monotonic(), transport, _bucket(self._flood_factor))
        socket = self.eio.sockets[eio_sid]
        socket.receive = partial(self._receive, eio_sid, socket.receive)
        socket.poll = partial(socket.queue.taken, self.eio.ping_interval + self.eio.ping_timeout)
        await super()._handle_eio_connect(eio_sid, environ)
        return None

    async def _receive(self, eio_sid: str, receive: Callable[[Any], Awaitable[None]], packet: Any) -> None:
        size = len(packet.data) if isinstance(packet.data, str | bytes) else 0
        if not self._is_flood(eio_sid, size):
            await receive(packet)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        state = self._sockets.pop(eio_sid, None)
        self.doomed.discard(eio_sid)
        socket = self.eio.sockets.get(eio_sid)
        if socket is not None and not socket.upgraded and reason == self.reason.CLIENT_DISCONNECT:
            socket.queue.put_nowait(None)  # its pending poll would otherwise last until the ping timeout
        if state is not None and state.transport is not None and reason == self.reason.PING_TIMEOUT:
            state.transport.abort()
        if state is not None:
            self._shares.drop(eio_sid)
        await super()._handle_eio_disconnect(eio_sid, reason)

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        name = namespace or "/"
        before = self.manager.sid_from_eio_sid(eio_sid, name)
        await super()._handle_connect(eio_sid, namespace, data)
        connection_id = self.manager.sid_from_eio_sid(eio_sid, name)
        if connection_id is None or connection_id == before or not self.is_live(name, connection_id):
            return
        if eio_sid in self._sockets:
            self.handlers[name]["ready"](connection_id)
        else:  # it closed while the handler of "connect" ran
            await self._handle_disconnect(eio_sid, name, self.reason.TRANSPORT_CLOSE)

    async def _handle_eio_message(self, eio_sid: str, data: str | bytes) -> None:
        if eio_sid not in self._sockets or eio_sid in self.doomed:
            return
        if not isinstance(data, str):
            return  # an attachment of a binary event that was refused
        try:
            if data.startswith(_BINARY):
                self._refuse_binary(eio_sid, data)
            else:
                await super()._handle_eio_message(eio_sid, data)
        except Exception as error:  # noqa: BLE001 - the parser may raise anything for malformed bytes
            _log.info("disconnected a client after a malformed packet: %s", type(error).__name__)
            self._doom(eio_sid)

    async def _handle_event(self, eio_sid: str, namespace: str | None, id: int | None, data: Any) -> None:  # noqa: A002 - the library's name
        name = namespace or "/"
        connection_id = self.manager.sid_from_eio_sid(eio_sid, name)
        if connection_id is None or not self.is_live(name, connection_id):
            return
        on_event: OnEvent = self.handlers[name]["*"]
        await on_event(connection_id, data, self._ack(eio_sid, name, id))

    def _ack(self, eio_sid: str, namespace: str, ack_id: int | None) -> Ack:
        def ack(payload: Any) -> None:
            if ack_id is not None:
                self._put(eio_sid, self._encoded(socketio.packet.ACK, namespace, [payload], ack_id))

        return ack

    def _refuse_binary(self, eio_sid: str, data: str) -> None:
        packet = self.packet_class(encoded_packet=data)
        namespace = packet.namespace or "/"
        if packet.packet_type == socketio.packet.BINARY_EVENT and self._namespaces_of(eio_sid):
            self._ack(eio_sid, namespace, packet.id)(
                {"error": InvalidRequest("Binary data is not part of any event.").problem()}
            )


class _Socket:
    """One Engine.IO socket. `transport` is set while it is a WebSocket. `is_polling`: a poll waits for
    packets; a second one at the same time ends the socket, as in Engine.IO's own server."""

    __slots__ = ("bucket", "is_polling", "opened_at", "transport")

    def __init__(
        self,
        opened_at: float,
        transport: asyncio.WriteTransport | None,
        bucket: TokenBucket | None,
    ) -> None:
        self.opened_at = opened_at
        self.is_polling = False
        self.transport = transport
        self.bucket = bucket


def _is_websocket(request: web.Request) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


def _bucket(factor: float) -> TokenBucket | None:
    return TokenBucket(_PACKETS_PER_S * factor, _PACKETS_BURST * factor) if factor else None
