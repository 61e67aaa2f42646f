"""Filter of datagrams for DTLS (RFC 6347 section 4.1), and its bounded queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

MAX_WAITING = 32
REPEAT_AFTER_S = 0.1
"""Wait before our last flight is repeated, doubled each time. OpenSSL alone would wait a second."""
MAX_REPEATS = 3
MAX_FLIGHT = 8
_HEADER = 13
_TYPES = range(20, 24)  # change_cipher_spec, alert, handshake, application_data
_ALERT, _APPLICATION_DATA = 21, 23
_MAJOR = 0xFE


def is_acceptable(datagram: bytes) -> bool:
    """Whether it holds only whole DTLS records, without unprotected alerts or application data.

    Anybody can forge an alert of epoch 0, and one would end a handshake for good. Without them a handshake
    that really failed ends at its deadline.
    """
    position, size = 0, len(datagram)
    while position < size:
        if size - position < _HEADER:
            return False
        kind = datagram[position]
        epoch = int.from_bytes(datagram[position + 3 : position + 5], "big")
        length = int.from_bytes(datagram[position + 11 : position + 13], "big")
        if kind not in _TYPES or datagram[position + 1] != _MAJOR or length == 0:
            return False
        if epoch == 0 and kind in {_ALERT, _APPLICATION_DATA}:
            return False
        position += _HEADER + length
    return position == size and size > 0


class RecordChannel:
    """Bounded queue of datagrams to aiortc's DTLS, and its output: aiortc sees it as its ICE transport.

    The last flight is repeated datagram for datagram, as a network might do: a receiver that already has it
    sees replayed record numbers and drops it (RFC 6347 section 4.1.2.6).
    """

    role = "controlled"
    state = "completed"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self.send = send
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_WAITING)
        self._is_closed = False
        self._flight: list[bytes] = []
        self._is_answered = False
        self._repeats = 0
        self._repeat_at: float | None = None

    def put(self, datagram: bytes) -> bool:
        """False if it is not acceptable or the queue is full: DTLS repeats lost flights."""
        if self._is_closed or self._waiting.full() or not is_acceptable(datagram):
            return False
        self._waiting.put_nowait(datagram)
        return True

    async def take(self) -> bytes:
        """The next datagram. Raises ConnectionError after `close`."""
        datagram = None if self._is_closed else await self._waiting.get()
        if datagram is None:
            raise ConnectionError("closed")
        self._is_answered = True
        return datagram

    def tick(self, now: float) -> None:
        if not self._flight or self._repeats >= MAX_REPEATS or self._is_closed:
            return
        if self._repeat_at is None:
            self._repeat_at = now + REPEAT_AFTER_S
        elif now >= self._repeat_at:
            self._repeats += 1
            self._repeat_at = now + REPEAT_AFTER_S * (1 << self._repeats)
            for datagram in self._flight:
                self.send(datagram)

    def close(self) -> None:
        """`take` raises from now on, also if it is waiting."""
        if not self._is_closed:
            self._is_closed = True
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._waiting.put_nowait(None)

    # Names that aiortc calls on its ICE transport.

    async def _send(self, datagram: bytes) -> None:
        if self._is_closed:
            return
        if self._is_answered:
            self._flight, self._is_answered, self._repeats, self._repeat_at = [], False, 0, None
        if len(self._flight) < MAX_FLIGHT:
            self._flight.append(datagram)
        self.send(datagram)

    async def _recv(self) -> bytes:
        return await self.take()
