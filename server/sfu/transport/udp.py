"""The UDP socket of one media worker."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from server.sfu.data_plane import Path
from server.sfu.transport.address import RawAddress, mapped, unmapped

MAX_DATAGRAM = 1500
"""Longer ones are not WebRTC traffic: no client sends media above the Ethernet MTU."""
BATCH = 32
"""Datagrams taken per wake-up, so that a flood cannot keep timers and signalling from running."""
BUFFER_BYTES = 4 << 20
MAX_KNOWN_PATHS = 8192
_SO_FORCE = {socket.SO_RCVBUF: 33, socket.SO_SNDBUF: 32}  # Linux: SO_RCVBUFFORCE, SO_SNDBUFFORCE

_DONT_FRAGMENT = ((socket.IPPROTO_IP, 10), (socket.IPPROTO_IPV6, 23))  # Linux: IP_, IPV6_MTU_DISCOVER
_PROBE = 3  # IP_PMTUDISC_PROBE: "don't fragment" on all datagrams, and no path MTU discovery

Deliver = Callable[[bytes, RawAddress, float], None]


@dataclass(slots=True)
class SocketCounters:
    """Totals since start. `unsent`: the kernel's buffer was full or the network refused the datagram."""

    oversize: int = 0
    unsent: int = 0
    errors: int = 0


class UdpSocket:
    """Receives in batches, sends at once. Its paths are UDP addresses, IPv4 ones unmapped."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.counters = SocketCounters()
        self.port = 0
        self.is_ipv6 = False
        self._deliver: Deliver = _nowhere
        self._clock = clock
        self._socket: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sources: dict[Path, RawAddress] = {}

    def open(self, host: str, port: int, deliver: Deliver | None = None) -> int:
        """Bind, and receive into `deliver(datagram, raw source, now)`, which never raises.

        Without `deliver` the caller reads from the file descriptor that this returns. Raises OSError.
        """
        sock = bind(host, port)
        self._socket = sock
        self.port = sock.getsockname()[1]
        self.is_ipv6 = sock.family == socket.AF_INET6
        if deliver is not None:
            self._deliver = deliver
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(sock.fileno(), self._readable)
        return sock.fileno()

    def close(self) -> None:
        sock, self._socket = self._socket, None
        if sock is None:
            return
        if self._loop is not None:
            self._loop.remove_reader(sock.fileno())
        sock.close()

    def send(self, datagram: bytes, path: Path) -> None:
        """Never raises: a datagram that the kernel does not take at once is lost, as on any network."""
        sock = self._socket
        if sock is None:
            return
        try:
            sock.sendto(datagram, self.source(path))
        except BlockingIOError:
            self.counters.unsent += 1
        except (OSError, OverflowError, ValueError):
            # ECONNREFUSED reports an earlier datagram's ICMP error; others mean an unreachable address.
            self.counters.unsent += 1

    def path(self, source: RawAddress) -> Path:
        """The path of a datagram with this source address."""
        return Path(unmapped(source))

    def source(self, path: Path) -> RawAddress:
        """The path's address as this socket gives and takes it."""
        if not self.is_ipv6:
            return path.remote
        raw = self._sources.get(path)
        if raw is None:
            if len(self._sources) >= MAX_KNOWN_PATHS:
                self._sources.clear()
            raw = self._sources[path] = mapped(path.remote)
        return raw

    def _readable(self) -> None:
        sock = self._socket
        if sock is None:
            return
        now = self._clock()
        for _ in range(BATCH):
            try:
                datagram, source = sock.recvfrom(MAX_DATAGRAM + 1)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                # An ICMP error of an earlier datagram; the next read continues after it.
                self.counters.errors += 1
                if error.errno in {errno.EBADF, errno.ENOTSOCK}:
                    return
                continue
            if len(datagram) > MAX_DATAGRAM:
                self.counters.oversize += 1
                continue
            self._deliver(datagram, source, now)


def _nowhere(_datagram: bytes, _source: RawAddress, _now: float) -> None:
    """Receiver before `open`."""


def bind(host: str, port: int) -> socket.socket:
    """A non-blocking UDP socket with large buffers. Empty host: dual-stack, or IPv4 if there is no IPv6."""
    if not host:
        try:
            return _bound(socket.AF_INET6, "::", port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise
            return _bound(socket.AF_INET, "0.0.0.0", port)  # noqa: S104 (an empty host means all interfaces)
    family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    return _bound(family, host, port)


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            _enlarge(sock, option)
        _never_fragment(sock)
        sock.setblocking(False)
        sock.bind((host, port))
    except BaseException:
        sock.close()
        raise
    return sock


def _enlarge(sock: socket.socket, option: int) -> None:
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_FORCE[option], BUFFER_BYTES)
    except OSError:
        # Only root may exceed the system's limit; other users get up to that limit.
        sock.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)


def _never_fragment(sock: socket.socket) -> None:
    """No datagram of ours needs it, and Linux then draws no IP id a packet: 5 % of the cost of sending."""
    if sys.platform != "linux":  # on other systems these numbers mean other options
        return
    for level, option in _DONT_FRAGMENT:
        with suppress(OSError):  # the IPv6 option on an IPv4 socket
            sock.setsockopt(level, option, _PROBE)
