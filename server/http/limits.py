"""Limits on connections as values, and the pace of a transfer. Pure: `now` is in seconds, monotonic."""

from __future__ import annotations

from dataclasses import dataclass, replace

MIN_BYTES_PER_S = 1_000.0
"""Average pace of a body or an answer after the first `stall_s`; 8 kbit/s, less than any mobile network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """`head_s`: from the accept, or from the first byte of a later request, to the end of its headers; TLS is
    within it. `idle_s`: between two requests. `stall_s`: without a byte of a body that was announced, or
    without the client's reading a byte of its answer.

    `per_address` counts an IPv6 /64 as one address; 0: no limit. `connect_rate` is a factor on the rate of
    new connections of an address; 0: no limit.
    """

    head_s: float = 15.0
    idle_s: float = 150.0
    stall_s: float = 30.0
    connections: int = 10_000
    per_address: int = 1_000
    connect_rate: float = 1.0


def descriptor_limits(limits: HttpLimits, descriptors: int) -> HttpLimits:
    """The limits of a process that may have this number of file descriptors.

    HTTP takes two fifths at most, TCP connections of media half (`sfu/transport/tcp.py`); the rest is for the
    database, files, child processes and UDP.
    """
    return replace(limits, connections=max(1, min(limits.connections, descriptors * 2 // 5)))


def socket_limit(limits: HttpLimits) -> int:
    """The most sockets of signalling: they last, and the requests of newcomers need connections too."""
    return max(1, limits.connections * 4 // 5)


class Transfer:
    """Bytes that the client owes: to send, or to read. Late if none moved for `stall_s`, or if they moved
    more slowly than MIN_BYTES_PER_S after the first `stall_s`."""

    __slots__ = ("_moved", "_moved_at", "_started")

    def __init__(self, now: float) -> None:
        self._started = self._moved_at = now
        self._moved = 0

    def advance(self, count: int, now: float) -> None:
        self._moved += count
        self._moved_at = now

    def lasts(self, now: float) -> float:
        """Seconds since its begin."""
        return now - self._started

    def is_late(self, stall_s: float, now: float) -> bool:
        allowed = stall_s + self._moved / MIN_BYTES_PER_S
        return now - self._moved_at > stall_s or now - self._started > allowed
