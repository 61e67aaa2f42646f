"""RTP packets (RFC 3550 section 5.1) and the audio level in their header extension (RFC 6464, RFC 8285).

Reading is bounds-checked and returns None for what is not well-formed; nothing raises.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

HEADER = struct.Struct("!BBHII")
HEADER_SIZE = 12
OPUS_CLOCK_RATE = 48_000
"""Clock rate of Opus in Hz, whatever the audio bandwidth (RFC 7587 section 4.1)."""
OPUS_FRAME_SAMPLES = 960
"""20 ms."""
SILENCE_LEVEL = 127
"""In −dBov."""
MAX_DROPOUT = 3000
"""A larger jump of the sequence number is a restart, not loss (RFC 3550 appendix A.1)."""

_ONE_BYTE_PROFILE = 0xBEDE
_TWO_BYTE_PROFILE = 0x1000
_LEVEL = struct.Struct("!HHBBH")


class RtpPacket(NamedTuple):
    """`csrc`: the first CSRC. `level`: 0 (loudest) to 127 (silence), in −dBov. Both None if absent.

    `extension` is the whole extension block with its 4-byte header, or empty. `payload` has no padding.
    """

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    csrc: int | None
    level: int | None
    extension: bytes
    payload: bytes


def parse(data: bytes, level_id: int | None = None) -> RtpPacket | None:
    """A decrypted packet, or None if it is malformed or carries no payload.

    `level_id`: id of the audio level's header extension, None to leave the level unread.
    """
    size = len(data)
    if size < HEADER_SIZE:
        return None
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    if first >> 6 != 2:
        return None
    sources = first & 0x0F
    start = HEADER_SIZE + 4 * sources
    csrc = int.from_bytes(data[HEADER_SIZE : HEADER_SIZE + 4]) if sources else None
    extension, level = b"", None
    if first & 0x10:
        if size < start + 4:
            return None
        end = start + 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
        extension = data[start:end]
        start = end
        if level_id is not None:
            level = audio_level(extension, level_id)
    end = size - data[-1] if first & 0x20 else size
    if start >= end or (first & 0x20 and data[-1] == 0):
        return None
    return RtpPacket(
        second & 0x7F, second >= 0x80, sequence, timestamp, ssrc, csrc, level, extension, data[start:end]
    )


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
    """`level`: the extension's id and −dBov, written with the bit for "voice" (RFC 6464 section 3)."""
    second = payload_type | (0x80 if marker else 0)
    if level is None:
        return HEADER.pack(0x80, second, sequence, timestamp, ssrc) + payload
    extension = _LEVEL.pack(_ONE_BYTE_PROFILE, 1, level[0] << 4, 0x80 | level[1], 0)
    return HEADER.pack(0x90, second, sequence, timestamp, ssrc) + extension + payload


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
        if head >> 4 == 15:  # RFC 8285 section 4.2: ends the block
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
    """As `unwrap16`, for timestamps."""
    return near + ((value - near + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
