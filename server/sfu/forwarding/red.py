"""Redundant audio (RFC 2198): a packet also carries its predecessors' payloads.

0                   1                    2                   3
|F|   block PT  |  timestamp offset (14) |   block length (10) |   and for the last block only: |0| block PT |
"""

from __future__ import annotations

from typing import NamedTuple

MAX_OFFSET = (1 << 14) - 1
MAX_LENGTH = (1 << 10) - 1
MAX_BLOCKS = 8


class Block(NamedTuple):
    """`offset`: samples before the packet's own timestamp."""

    payload_type: int
    offset: int
    payload: bytes


def parse(payload: bytes) -> list[Block] | None:
    """Oldest first; the last is the primary, with offset 0. None if malformed."""
    headers: list[tuple[int, int, int]] = []
    at, size = 0, len(payload)
    while at < size and payload[at] & 0x80:
        if at + 4 > size or len(headers) == MAX_BLOCKS:
            return None
        word = int.from_bytes(payload[at : at + 4])
        headers.append(((word >> 24) & 0x7F, (word >> 10) & 0x3FFF, word & 0x3FF))
        at += 4
    if at >= size:
        return None
    primary_type = payload[at]
    at += 1
    blocks = []
    for payload_type, offset, length in headers:
        if at + length > size:
            return None
        blocks.append(Block(payload_type, offset, payload[at : at + length]))
        at += length
    if at >= size:
        return None
    blocks.append(Block(primary_type, 0, payload[at:]))
    return blocks


def encapsulate(payload_type: int, primary: bytes, redundant: bytes | None, offset: int) -> bytes:
    """Encode one generation of redundancy, `offset` samples older; omitted if it cannot be expressed."""
    if redundant is None or not 0 < offset <= MAX_OFFSET or not 0 < len(redundant) <= MAX_LENGTH:
        return bytes((payload_type,)) + primary
    header = (0x80 | payload_type) << 24 | offset << 10 | len(redundant)
    return header.to_bytes(4) + bytes((payload_type,)) + redundant + primary
