"""The port of HTTP: accepts connections within limits and watches them until they end.

aiohttp's own site accepts whatever comes. Here a connection counts from its accept, before TLS: the time it
takes for its handshake and headers, its address, and the file descriptor that it uses.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl
from collections import Counter
from contextlib import suppress

from aiohttp import web

from server.common.addresses import limit_key, network_of
from server.common.tasks import TaskSet, Ticker
from server.common.token_bucket import KeyedLimiter
from server.http.connection import HttpConnection
from server.http.limits import HttpLimits
from server.http.registry import Registry

_log = logging.getLogger(__name__)

MAX_ACCEPTED = 16
"""Connections taken a wake-up, so that a flood cannot keep timers and signalling from running."""
BACKLOG = 512
CONNECTS_PER_S, CONNECTS_BURST = 50.0, 1_000.0
"""New connections of an address. A class of 40 whose browsers open 8 each comes in at once."""
PAUSE_S = 0.05
"""Wait before accepting again if the process has no file descriptor left."""
SWEEP_S = 1.0
_PER_TURN = 500
"""Connections looked at in one turn of the event loop."""
UNSENT = 64 << 10
"""Bytes that the kernel takes in front of what the network takes: so the pace of a reader can be seen."""
TLS_CLOSE_S = 5.0
REPORT_S = 10.0
_REPORTED = 5
_ROUTINE = frozenset({"headers"})
"""Browsers open connections in advance and may never use them."""


class HttpListener:
    """Accepts on every address of a host. The runner must have been set up; it ends the open connections."""

    def __init__(self, runner: web.AppRunner, limits: HttpLimits, tls: ssl.SSLContext | None = None) -> None:
        if runner.server is None:
            raise RuntimeError("set up the runner first")
        self.port = 0
        self._server = runner.server
        self._limits = limits
        self._tls = tls
        self._loop = asyncio.get_running_loop()
        self._connections: Registry[HttpConnection] = Registry(limits.connections, limits.per_address)
        factor = limits.connect_rate
        self._rate = KeyedLimiter(CONNECTS_PER_S * factor, CONNECTS_BURST * factor) if factor else None
        self._sockets: list[socket.socket] = []
        self._opening = TaskSet()
        self._pause: asyncio.TimerHandle | None = None
        self._sweeper = Ticker("HTTP connections", SWEEP_S, self._sweep)
        self._ended: Counter[tuple[str, str]] = Counter()
        self._reported_at = self._loop.time() - REPORT_S

    @property
    def connections(self) -> int:
        """Number of those that are open, or whose TLS handshake runs."""
        return len(self._connections)

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one. Empty host: all interfaces. Raises OSError."""
        self._sockets = await _bound(host, port)
        self.port = int(self._sockets[0].getsockname()[1])
        self._resume()
        self._sweeper.start()

    async def aclose(self) -> None:
        """Stop accepting; connections that are open stay open. Idempotent."""
        if self._pause is not None:
            self._pause.cancel()
        sockets, self._sockets = self._sockets, []
        for listening in sockets:
            self._loop.remove_reader(listening.fileno())
            listening.close()
        await asyncio.sleep(
            0
        )  # those that were accepted in this turn begin, so that their sockets are closed
        await self._opening.aclose()
        await self._sweeper.aclose()

    # Accepting

    def _resume(self) -> None:
        self._pause = None
        for listening in self._sockets:
            self._loop.add_reader(listening.fileno(), self._acceptable, listening)

    def _acceptable(self, listening: socket.socket) -> None:
        for _ in range(MAX_ACCEPTED):
            try:
                sock, peer = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._exhausted(error)
                return
            self._take(sock, limit_key(str(peer[0])))

    def _take(self, sock: socket.socket, address: str) -> None:
        now = self._loop.time()
        if self._rate is not None and self._rate.take(address, now) > 0:
            self._refuse(sock, address, "connects too often")
            return
        in_the_way = self._connections.room_for(address)
        if in_the_way is None:
            self._refuse(sock, address, "too many connections")
            return
        for connection in in_the_way:
            self._end(connection, "made room")
        sock.setblocking(False)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            with suppress(OSError):  # the client may have gone already
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        connection = HttpConnection(self._server, self._loop, self._limits, address, now, self._lost)
        self._connections.add(connection)
        self._opening.spawn(self._open(connection, sock), "HTTP handshake")

    async def _open(self, connection: HttpConnection, sock: socket.socket) -> None:
        connection.opening = asyncio.current_task()
        handshake_s = self._limits.head_s if self._tls is not None else None
        try:
            await self._loop.connect_accepted_socket(
                lambda: connection,
                sock,
                ssl=self._tls,
                ssl_handshake_timeout=handshake_s,
                ssl_shutdown_timeout=TLS_CLOSE_S if self._tls is not None else None,
            )
        except (OSError, asyncio.CancelledError) as error:  # OSError: SSLError and time-outs too
            self._lost(connection)
            if isinstance(error, asyncio.CancelledError) and not connection.is_evicted:
                raise
        finally:
            connection.opening = None

    def _refuse(self, sock: socket.socket, address: str, reason: str) -> None:
        sock.close()
        self._count(reason, address)

    def _exhausted(self, error: OSError) -> None:
        """The ports stay readable: without a pause the loop would spin."""
        if self._pause is not None:
            return
        self._count(errno.errorcode.get(error.errno or 0, "error of accept"), "")
        for connection in self._connections.longest_waiting():
            self._end(connection, "made room")
        for listening in self._sockets:
            self._loop.remove_reader(listening.fileno())
        self._pause = self._loop.call_later(PAUSE_S, self._resume)

    # Ending

    def _lost(self, connection: HttpConnection) -> None:
        self._connections.discard(connection)

    def _end(self, connection: HttpConnection, reason: str) -> None:
        self._connections.discard(connection)
        self._count(reason, connection.address)
        connection.abort()

    async def _sweep(self) -> None:
        for number, connection in enumerate(self._connections, 1):
            reason = connection.overdue(self._loop.time())
            if reason is not None:
                self._end(connection, reason)
            if number % _PER_TURN == 0:
                await asyncio.sleep(0)
        self._report()

    def _count(self, reason: str, address: str) -> None:
        self._ended[reason, network_of(address)] += 1

    def _report(self) -> None:
        """One line for each reason and network, and not more than a few in a period."""
        now = self._loop.time()
        if not self._ended or now - self._reported_at < REPORT_S:
            return
        ended, self._ended, self._reported_at = self._ended, Counter(), now
        listed = ended.most_common(_REPORTED)
        rest = ended.total() - sum(count for _, count in listed)
        for (reason, network), count in [*listed, (("other", "other"), rest)]:
            if count:
                _log.log(
                    logging.INFO if reason in _ROUTINE else logging.WARNING,
                    "ended HTTP connections",
                    extra={
                        "reason": reason,
                        "network": network,
                        "count": count,
                        "open": len(self._connections),
                    },
                )


async def _bound(host: str, port: int) -> list[socket.socket]:
    """A listening socket for each address of the host that this machine has."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    failure: OSError | None = None
    for family, _, _, _, address in dict.fromkeys(found):
        # Without a number of its own each address would get another one.
        at = (address[0], sockets[0].getsockname()[1] if sockets and not port else port, *address[2:])
        try:
            sockets.append(_listening(family, at))
        except OSError as error:
            failure = error
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                break
    else:
        if sockets:
            return sockets
    for sock in sockets:
        sock.close()
    raise failure or OSError(errno.EADDRNOTAVAIL, f"no address of {host!r} can be used")


def _listening(family: int, address: tuple[object, ...]) -> socket.socket:
    """Raises OSError."""
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setblocking(False)
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock
