"""The little RTCP that a client needs: read NACKs, write receiver reports and NACKs."""

from __future__ import annotations

import struct
from collections.abc import Iterator

RECEIVER_REPORT = 201
TRANSPORT_FEEDBACK = 205
GENERIC_NACK = 1


def parts(compound: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(packet type, count or format, body) of each packet (RFC 3550 section 6.1), up to a malformed one."""
    at = 0
    while at + 4 <= len(compound):
        first, kind, words = struct.unpack_from("!BBH", compound, at)
        end = at + 4 * (words + 1)
        if end > len(compound):
            return
        yield kind, first & 0x1F, compound[at + 4 : end]
        at = end


def nacked(body: bytes) -> Iterator[int]:
    """Sequence numbers that a generic NACK asks for (RFC 4585 section 6.2.1)."""
    for at in range(8, len(body) - 3, 4):
        packet_id, mask = struct.unpack_from("!HH", body, at)
        yield packet_id
        for bit in range(16):
            if mask >> bit & 1:
                yield (packet_id + bit + 1) & 0xFFFF


def nack(sender_ssrc: int, media_ssrc: int, sequences: list[int]) -> bytes:
    body = struct.pack("!II", sender_ssrc, media_ssrc)
    body += b"".join(struct.pack("!HH", sequence, 0) for sequence in sequences)
    return struct.pack("!BBH", 0x80 | GENERIC_NACK, TRANSPORT_FEEDBACK, len(body) // 4) + body


def receiver_report(sender_ssrc: int, blocks: list[tuple[int, int, int, int]]) -> bytes:
    """Blocks of (ssrc, fraction lost of 256, packets lost, highest sequence number); at most 31."""
    body = struct.pack("!I", sender_ssrc)
    for ssrc, fraction, lost, highest in blocks[:31]:
        body += struct.pack(
            "!IIIIII", ssrc, fraction << 24 | (lost & 0xFFFFFF), highest & 0xFFFFFFFF, 0, 0, 0
        )
    return struct.pack("!BBH", 0x80 | len(blocks[:31]), RECEIVER_REPORT, len(body) // 4) + body
