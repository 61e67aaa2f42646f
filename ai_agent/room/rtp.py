"""RTP packets (RFC 3550 section 5.1) with the audio level of RFC 6464 in a one-byte extension (RFC 8285)."""

from __future__ import annotations

import struct
from typing import NamedTuple

CLOCK_HZ = 48_000
"""Of Opus in RTP, whatever its audio bandwidth (RFC 7587 section 4.1)."""
FRAME_TICKS = 960
"""20 ms."""
SILENT_LEVEL = 127
MAX_JUMP = 3000
"""A larger step of the sequence number is a restart, not loss (RFC 3550 appendix A.1)."""

_HEADER = struct.Struct("!BBHII")
_LEVEL = struct.Struct("!HHBBH")
_ONE_BYTE_PROFILE = 0xBEDE


class RtpPacket(NamedTuple):
    """`source`: the first CSRC, which tells who of a room it is from; None without one.

    `level`: −dBov, 0 (loudest) to 127 (silence), None if the packet does not say.
    """

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    source: int | None
    level: int | None
    payload: bytes


def parse(data: bytes, level_id: int | None) -> RtpPacket | None:
    """None for what is malformed or carries no payload; never raises."""
    if len(data) < 12:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    if first >> 6 != 2:
        return None
    sources = first & 0x0F
    start = 12 + 4 * sources
    level = None
    if first & 0x10:
        end = start + 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
        if level_id is not None:
            level = _read_level(data[start:end], level_id)
        start = end
    end = len(data) - data[-1] if first & 0x20 else len(data)
    if start >= end:
        return None
    source = int.from_bytes(data[12:16]) if sources else None
    return RtpPacket(second & 0x7F, sequence, timestamp, ssrc, source, level, data[start:end])


def build(
    payload_type: int,
    sequence: int,
    timestamp: int,
    ssrc: int,
    payload: bytes,
    *,
    marker: bool,
    level: tuple[int, int] | None,
) -> bytes:
    """`level`: the extension's id and −dBov, with the bit that says "voice" set (RFC 6464 section 3)."""
    second = payload_type | (0x80 if marker else 0)
    if level is None:
        return _HEADER.pack(0x80, second, sequence, timestamp, ssrc) + payload
    extension = _LEVEL.pack(_ONE_BYTE_PROFILE, 1, level[0] << 4, 0x80 | level[1], 0)
    return _HEADER.pack(0x90, second, sequence, timestamp, ssrc) + extension + payload


def unwrap(value: int, near: int, bits: int) -> int:
    """The number closest to `near` that ends in these bits: a counter with its rollovers."""
    half = 1 << (bits - 1)
    return near + ((value - near + half) & ((1 << bits) - 1)) - half


def _read_level(block: bytes, level_id: int) -> int | None:
    if int.from_bytes(block[:2]) != _ONE_BYTE_PROFILE:
        return None
    at = 4
    while at + 1 < len(block):
        head = block[at]
        if head == 0:  # padding between elements
            at += 1
            continue
        if head >> 4 == level_id:
            return block[at + 1] & 0x7F
        at += 2 + (head & 0x0F)
    return None
