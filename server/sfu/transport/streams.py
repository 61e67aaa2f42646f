"""TCP connections as paths, for the Python backend: each frame is a datagram (RFC 4571 section 2).

The C backend does the same in its own thread (`fastpath/streams.c`).
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from server.sfu.data_plane import Path
from server.sfu.transport.udp import MAX_DATAGRAM

MAX_FRAME = 2048
"""Bytes. A longer frame is no media: it ends the connection."""
_PREFIX = 2

Deliver = Callable[[bytes, Path, float], None]


@dataclass(slots=True)
class StreamCounters:
    """Totals since start. `unsent_tcp`: the receiver did not read fast enough, or had gone."""

    oversize: int = 0
    unsent_tcp: int = 0


@dataclass(slots=True)
class _Stream:
    """`unsent`: the rest of a frame of which the kernel took a part."""

    sock: socket.socket
    received: bytearray = field(default_factory=bytearray)
    unsent: bytes = b""


class LoopStreams:
    """Implements `Streams` on the running event loop. Call `start` first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.counters = StreamCounters()
        self._clock = clock
        self._streams: dict[Path, _Stream] = {}

    def start(self, deliver: Deliver, closed: Callable[[Path], None]) -> None:
        """`deliver(datagram, path, now)` gets what arrives and never raises."""
        self._deliver = deliver
        self._closed = closed

    def open_stream(self, fd: int, path: Path) -> None:
        stream = self._streams[path] = _Stream(socket.socket(fileno=fd))
        asyncio.get_running_loop().add_reader(fd, self._readable, path, stream)

    def close_stream(self, path: Path) -> None:
        stream = self._streams.pop(path, None)
        if stream is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(stream.sock.fileno())
        loop.remove_writer(stream.sock.fileno())
        stream.sock.close()
        # not within the caller's own change of the path
        loop.call_soon(self._closed, path)

    def send_stream(self, datagram: bytes, path: Path) -> None:
        stream = self._streams.get(path)
        if stream is None or not self._complete(path, stream):
            self.counters.unsent_tcp += 1
            return
        frame = len(datagram).to_bytes(_PREFIX, "big") + datagram
        sent = self._write(path, stream, frame)
        if sent == 0:
            self.counters.unsent_tcp += 1
        elif sent < len(frame):
            stream.unsent = frame[sent:]
            asyncio.get_running_loop().add_writer(stream.sock.fileno(), self._complete, path, stream)

    def _complete(self, path: Path, stream: _Stream) -> bool:
        """Send the rest of a frame. False: there is still no room, or the connection has ended."""
        if stream.unsent:
            stream.unsent = stream.unsent[self._write(path, stream, stream.unsent) :]
            if stream.unsent or path not in self._streams:
                return False
            asyncio.get_running_loop().remove_writer(stream.sock.fileno())
        return True

    def _write(self, path: Path, stream: _Stream, data: bytes) -> int:
        """The number of bytes that the kernel took."""
        try:
            return stream.sock.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self.close_stream(path)
            return 0

    def _readable(self, path: Path, stream: _Stream) -> None:
        try:
            data = stream.sock.recv(2 * MAX_FRAME)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        stream.received += data
        if not data or not self._take_frames(path, stream):
            self.close_stream(path)

    def _take_frames(self, path: Path, stream: _Stream) -> bool:
        """Pass on the whole frames of what was received. False: it holds one that is too long."""
        data, at, now = bytes(stream.received), 0, self._clock()
        while len(data) - at >= _PREFIX and path in self._streams:
            size = int.from_bytes(data[at : at + _PREFIX], "big")
            if size > MAX_FRAME:
                self.counters.oversize += 1
                return False
            end = at + _PREFIX + size
            if end > len(data):
                break
            if size > MAX_DATAGRAM:
                self.counters.oversize += 1
            else:
                self._deliver(data[at + _PREFIX : end], path, now)
            at = end
        del stream.received[:at]
        return True
