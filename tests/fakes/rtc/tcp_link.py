"""A media connection over TCP (RFC 6544): each datagram is a frame with its size in front (RFC 4571)."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from tests.fakes.rtc.link import Address, MediaLink

_PREFIX = 2


class TcpMediaLink(MediaLink):
    """`find_path` connects to the first candidate while `is_tcp`; without it this is a `MediaLink` over UDP.

    `is_reading` False leaves what arrives to the kernel, as a client on a slow network would.
    """

    def __init__(
        self, on_rtp: Callable[[bytes, int], None], on_rtcp: Callable[[bytes], None], bind: str = "0.0.0.0"
    ) -> None:
        super().__init__(on_rtp, on_rtcp, bind)
        self.is_tcp = True
        self.has_ended = asyncio.Event()
        self._stream: socket.socket | None = None
        self._received = bytearray()

    async def find_path(self, candidates: Sequence[Address], credentials: tuple[str, str]) -> None:
        if self.is_tcp:
            await self.open(candidates[0])
            candidates = candidates[:1]
        await super().find_path(candidates, credentials)

    async def open(self, address: Address, *, receive_buffer: int = 0) -> None:
        """Connect, and close an earlier connection."""
        self.close()
        self._received.clear()
        self.has_ended.clear()
        stream = socket.socket()
        stream.setblocking(False)
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        await self._loop.sock_connect(stream, address)
        self._stream = stream
        self.is_reading = True

    def close(self) -> None:
        """End the TCP connection."""
        if self._stream is not None:
            self._loop.remove_reader(self._stream.fileno())
            self._stream.close()
            self._stream = None

    @property
    def is_reading(self) -> bool:
        return self._is_reading

    @is_reading.setter
    def is_reading(self, value: bool) -> None:
        self._is_reading = value
        assert self._stream is not None
        if value:
            self._loop.add_reader(self._stream.fileno(), self._read)
        else:
            self._loop.remove_reader(self._stream.fileno())

    def write(self, data: bytes) -> None:
        """Bytes as they are, for tests of invalid input."""
        assert self._stream is not None
        with suppress(BlockingIOError, ConnectionError):
            self._stream.send(data)

    async def aclose(self) -> None:
        await super().aclose()
        self.close()

    def _send(self, datagram: bytes, to: Address) -> None:
        if not self.is_tcp:
            super()._send(datagram, to)
        elif self._stream is not None:
            self.write(len(datagram).to_bytes(_PREFIX, "big") + datagram)

    def _read(self) -> None:
        assert self._stream is not None
        try:
            data = self._stream.recv(1 << 16)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            self.close()
            self.has_ended.set()
            return
        self._received += data
        while len(self._received) >= _PREFIX:
            end = _PREFIX + int.from_bytes(self._received[:_PREFIX], "big")
            if len(self._received) < end:
                return
            datagram = bytes(self._received[_PREFIX:end])
            del self._received[:end]
            self.datagrams_in += 1
            self._dispatch(datagram, time.time_ns(), self.remote or ("", 0))
