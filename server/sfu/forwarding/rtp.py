"""RTP packets (RFC 3550 section 5.1) and the audio level in their header extension (RFC 6464, RFC 8285).

Everything here is bounds-checked and answers None for what is not well-formed; nothing raises.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

HEADER = struct.Struct("!BBHII")
HEADER_SIZE = 12
SAMPLES_PER_SECOND = 48_000
FRAME_SAMPLES = 960
"""20 ms of Opus, whose RTP clock is always 48 kHz (RFC 7587 section 4.1)."""
MAX_DROPOUT = 3000
"""A larger jump is a restart, not loss (RFC 3550 appendix A.1)."""

_ONE_BYTE_PROFILE = 0xBEDE
_TWO_BYTE_PROFILE = 0x1000


class RtpPacket(NamedTuple):
    """`extension` is the whole extension block with its 4-byte header, or empty. `payload` has no padding."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    extension: bytes
    payload: bytes


def parse(data: bytes) -> RtpPacket | None:
    """A decrypted packet, or None if it is malformed or carries no payload."""
    size = len(data)
    if size < HEADER_SIZE:
        return None
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    if first >> 6 != 2:
        return None
    start = HEADER_SIZE + 4 * (first & 0x0F)
    extension = b""
    if first & 0x10:
        if size < start + 4:
            return None
        end = start + 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
        extension = data[start:end]
        start = end
    end = size - data[-1] if first & 0x20 else size
    if start >= end or (first & 0x20 and data[-1] == 0):
        return None
    return RtpPacket(second & 0x7F, second >= 0x80, sequence, timestamp, ssrc, extension, data[start:end])


def audio_level(extension: bytes, extension_id: int) -> int | None:
    """0 (loudest) to 127 (silence), in −dBov, or None if the block does not carry it."""
    profile = int.from_bytes(extension[:2])
    if profile == _ONE_BYTE_PROFILE:
        return _one_byte_level(extension, extension_id)
    if profile & 0xFFF0 == _TWO_BYTE_PROFILE:
        return _two_byte_level(extension, extension_id)
    return None


def _one_byte_level(extension: bytes, extension_id: int) -> int | None:
    at, size = 4, len(extension)
    while at + 1 < size:
        head = extension[at]
        if head == 0:  # padding between elements
            at += 1
            continue
        if head >> 4 == extension_id:
            return extension[at + 1] & 0x7F
        if head >> 4 == 15:  # RFC 8285 section 4.2: stop here
            return None
        at += 2 + (head & 0x0F)
    return None


def _two_byte_level(extension: bytes, extension_id: int) -> int | None:
    at, size = 4, len(extension)
    while at + 2 < size:
        head, length = extension[at], extension[at + 1]
        if head == 0:
            at += 1
            continue
        if head == extension_id:
            return extension[at + 2] & 0x7F if length else None
        at += 2 + length
    return None


def unwrap16(value: int, near: int) -> int:
    """The number closest to `near` whose lowest 16 bits are `value`: a sequence number with its rollovers."""
    return near + ((value - near + 0x8000) & 0xFFFF) - 0x8000


def unwrap32(value: int, near: int) -> int:
    """The same for timestamps."""
    return near + ((value - near + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
