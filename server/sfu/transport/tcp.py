"""The TCP port of one media worker, for networks that block UDP: passive candidates (RFC 6544).

It accepts connections and hands each to `Streams`, which reads and writes it. A connection has to prove with
a signed Binding request that it belongs to a peer; after that it lasts as long as the peer's path.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from server.common.addresses import limit_key
from server.sfu.data_plane import TCP, Address, Path, Streams
from server.sfu.transport.address import unmapped

_log = logging.getLogger(__name__)

PROOF_S = 5.0
"""A connection without a signed Binding request after this long is closed."""
MAX_CONNECTIONS = 960
"""Of one worker. All workers together take at most half of the file descriptors that the process may have, so
that a flood leaves room for the page."""
MAX_ENDING = 64
"""Connections that made room for others and whose end is not reported yet. With them there are 1,024, for
which `fastpath/streams.h` has room."""
MAX_PER_ADDRESS = 256
"""Of one IPv4 address or IPv6 /64. A school behind one address may have 30 learners with 4 paths each."""
MAX_ACCEPTED = 16
"""Connections taken a wake-up, so that a flood cannot keep timers and signalling from running."""
PAUSE_S = 1.0
"""Wait before accepting again if the process has no file descriptor left."""
SEND_BUFFER = 128 << 10
"""Bytes that may be in flight to one client."""
UNSENT = 4 << 10
"""Bytes that wait for the network in front of a frame before it is dropped: late audio is of no use."""
_NOTSENT_LOWAT = 25  # Linux: TCP_NOTSENT_LOWAT


@dataclass(slots=True)
class ListenerCounters:
    """Totals since start: connections refused by a limit, those that had proved nothing when others needed
    their place, and those that proved nothing in time."""

    tcp_refused: int = 0
    tcp_evicted: int = 0
    tcp_unproven: int = 0


@dataclass(slots=True)
class _Connection:
    """`made_room`: it counts no more, only its end has not been reported."""

    source: str
    deadline: asyncio.TimerHandle
    made_room: bool = False


class TcpListener:
    """`knows(path)`: a peer uses the path. `lost(path)` is called when the connection of a path has ended.
    `workers` is the number of media workers, which share the process's file descriptors."""

    def __init__(
        self, streams: Streams, knows: Callable[[Path], bool], lost: Callable[[Path], None], workers: int
    ) -> None:
        self.port = 0
        """0: not open."""
        self.counters = ListenerCounters()
        self._streams = streams
        self._knows = knows
        self._lost = lost
        self._workers = workers
        self._socket: socket.socket | None = None
        self._connections: dict[Path, _Connection] = {}
        self._by_source: Counter[str] = Counter()
        self._unproven: dict[str, dict[Path, None]] = {}
        """By source, the oldest first. One that has proved itself is removed when it is looked at."""
        self._ending = 0
        self._pause: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> int:
        """Number of those that have not ended."""
        return len(self._connections)

    def open(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one. Raises OSError."""
        self._socket = _listen(host, port)
        self.port = self._socket.getsockname()[1]
        self._resume()

    def close(self) -> None:
        """Stop accepting, and close every connection. Idempotent."""
        sock, self._socket = self._socket, None
        if self._pause is not None:
            self._pause.cancel()
        if sock is not None:
            asyncio.get_running_loop().remove_reader(sock.fileno())
            sock.close()
        for path, connection in self._connections.items():
            connection.deadline.cancel()
            self._streams.close_stream(path)

    def release(self, path: Path) -> None:
        """No peer uses the path any more."""
        if path in self._connections:
            self._streams.close_stream(path)

    def closed(self, path: Path) -> None:
        """Report of `Streams`: the connection has ended."""
        connection = self._connections.pop(path, None)
        if connection is None:
            return
        if connection.made_room:
            self._ending -= 1
        else:
            self._uncount(path, connection)
        self._lost(path)

    def _resume(self) -> None:
        self._pause = None
        if self._socket is not None:
            asyncio.get_running_loop().add_reader(self._socket.fileno(), self._acceptable)

    def _acceptable(self) -> None:
        for _ in range(MAX_ACCEPTED):
            if self._socket is None:
                return
            try:
                sock, raw = self._socket.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                # No file descriptor is left. The port stays readable: without a pause the loop would spin.
                _log.warning("tcp_accept_failed", extra={"error": repr(error)})
                loop = asyncio.get_running_loop()
                loop.remove_reader(self._socket.fileno())
                self._pause = loop.call_later(PAUSE_S, self._resume)
                return
            self._take(sock, unmapped(raw))

    def _take(self, sock: socket.socket, remote: Address) -> None:
        path, source = Path(remote, TCP), limit_key(remote[0])
        if path in self._connections or not self._make_room(source):
            self.counters.tcp_refused += 1
            sock.close()
            return
        sock.setblocking(False)
        with suppress(OSError):  # the client may have gone already
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            sock.setsockopt(socket.IPPROTO_TCP, _NOTSENT_LOWAT, UNSENT)
        deadline = asyncio.get_running_loop().call_later(PROOF_S, self._check_proof, path)
        self._connections[path] = _Connection(source, deadline)
        self._by_source[source] += 1
        self._unproven.setdefault(source, {})[path] = None
        self._streams.open_stream(sock.detach(), path)

    def _make_room(self, source: str) -> bool:
        """Whether one more of this source fits, perhaps in place of one that has proved nothing yet."""
        most = min(MAX_CONNECTIONS, _file_descriptors() // (2 * self._workers))
        if self._by_source[source] >= MAX_PER_ADDRESS:
            oldest = self._oldest_unproven([source])
        elif self.connections - self._ending >= most:
            oldest = self._oldest_unproven(sorted(self._unproven, key=lambda s: -len(self._unproven[s])))
        else:
            return True
        if oldest is None or self._ending >= MAX_ENDING:
            return False
        connection = self._connections[oldest]
        self._uncount(oldest, connection)
        connection.made_room = True
        self._ending += 1
        self.counters.tcp_evicted += 1
        self._streams.close_stream(oldest)
        return True

    def _oldest_unproven(self, sources: Iterable[str]) -> Path | None:
        """Of the first of the sources that has one."""
        for source in sources:
            for path in list(self._unproven.get(source, ())):
                if not self._knows(path):
                    return path
                self._forget_unproven(path, source)
        return None

    def _forget_unproven(self, path: Path, source: str) -> None:
        own = self._unproven.get(source, {})
        own.pop(path, None)
        if not own:
            self._unproven.pop(source, None)

    def _uncount(self, path: Path, connection: _Connection) -> None:
        connection.deadline.cancel()
        self._forget_unproven(path, connection.source)
        self._by_source[connection.source] -= 1
        if not self._by_source[connection.source]:
            del self._by_source[connection.source]

    def _check_proof(self, path: Path) -> None:
        self._forget_unproven(path, self._connections[path].source)
        if not self._knows(path):
            self.counters.tcp_unproven += 1
            self._streams.close_stream(path)


def _file_descriptors() -> int:
    """The number that the process may have; systems without a limit give a negative one."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return soft if soft >= 0 else 2 * MAX_CONNECTIONS


def _listen(host: str, port: int) -> socket.socket:
    """Empty host: dual-stack, or IPv4 if there is no IPv6."""
    family = socket.AF_INET6 if ":" in host or (not host and socket.has_dualstack_ipv6()) else socket.AF_INET
    sock = socket.create_server(
        (host, port), family=family, backlog=128, dualstack_ipv6=family == socket.AF_INET6 and not host
    )
    sock.setblocking(False)
    return sock
