"""The RTCP packets that audio needs, read and written (RFC 3550 section 6, RFC 4585).

Reading is bounds-checked and never raises; unknown packets are skipped.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

SENDER_REPORT, RECEIVER_REPORT, SOURCE_DESCRIPTION, RTP_FEEDBACK = 200, 201, 202, 205
_GENERIC_NACK = 1
_CNAME = 1
MAX_NACKED = 512
"""Sequence numbers read of one compound packet, so that a client cannot make us look for more."""
_MAX_BLOCKS = 31

_NTP_EPOCH_OFFSET = 2_208_988_800
_BLOCK = struct.Struct("!IIIIII")


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """RFC 3550 section 6.4.1. `fraction_lost` in 1/256; `jitter` in RTP ticks; the last two in 1/65536 s."""

    ssrc: int
    fraction_lost: int
    cumulative_lost: int
    highest_sequence: int
    jitter: int
    last_sender_report: int
    delay_since: int


@dataclass(frozen=True, slots=True)
class RtcpReport:
    """An SR or RR. `ntp_middle` is the middle 32 bits of an SR's NTP time, None in an RR."""

    ssrc: int
    ntp_middle: int | None
    blocks: tuple[ReportBlock, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    """`ssrc` is the media source that the sequence numbers are of."""

    ssrc: int
    sequences: tuple[int, ...]


def parse(data: bytes) -> list[RtcpReport | Nack] | None:
    """A decrypted compound packet; None if it is malformed anywhere."""
    found: list[RtcpReport | Nack] = []
    at, size, nacked = 0, len(data), 0
    while at < size:
        if at + 4 > size or data[at] >> 6 != 2:
            return None
        count, packet_type = data[at] & 0x1F, data[at + 1]
        end = at + 4 + 4 * int.from_bytes(data[at + 2 : at + 4])
        if end > size:
            return None
        body = data[at + 4 : end]
        at = end
        item: RtcpReport | Nack | None = None
        if packet_type in (SENDER_REPORT, RECEIVER_REPORT):
            item = _parse_report(body, count, packet_type == SENDER_REPORT)
            if item is None:
                return None
        elif packet_type == RTP_FEEDBACK and count == _GENERIC_NACK:
            item = _parse_nack(body, MAX_NACKED - nacked)
            if item is None:
                return None
            nacked += len(item.sequences)
        if item is not None:
            found.append(item)
    return found


def _parse_report(body: bytes, count: int, is_sender: bool) -> RtcpReport | None:
    start = 24 if is_sender else 4
    if len(body) < start + 24 * count:
        return None
    blocks = []
    for at in range(start, start + 24 * count, 24):
        ssrc, lost, highest, jitter, last, delay = _BLOCK.unpack_from(body, at)
        cumulative = (lost & 0xFFFFFF) - ((lost & 0x800000) << 1)
        blocks.append(ReportBlock(ssrc, lost >> 24, cumulative, highest, jitter, last, delay))
    ntp_middle = int.from_bytes(body[6:10]) if is_sender else None
    return RtcpReport(int.from_bytes(body[:4]), ntp_middle, tuple(blocks))


def _parse_nack(body: bytes, limit: int) -> Nack | None:
    if len(body) < 8 or len(body) % 4:
        return None
    sequences: list[int] = []
    for at in range(8, len(body), 4):
        first, mask = struct.unpack_from("!HH", body, at)
        sequences.append(first)
        sequences.extend((first + 1 + bit) & 0xFFFF for bit in range(16) if mask >> bit & 1)
    return Nack(int.from_bytes(body[4:8]), tuple(sequences[:limit]))


def _packet(count: int, packet_type: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, packet_type, len(body) // 4) + body


def _build_blocks(blocks: Sequence[ReportBlock]) -> bytes:
    return b"".join(
        _BLOCK.pack(
            block.ssrc,
            block.fraction_lost << 24 | (block.cumulative_lost & 0xFFFFFF),
            block.highest_sequence & 0xFFFF_FFFF,
            block.jitter & 0xFFFF_FFFF,
            block.last_sender_report,
            block.delay_since & 0xFFFF_FFFF,
        )
        for block in blocks
    )


def receiver_report(ssrc: int, blocks: Sequence[ReportBlock] = ()) -> bytes:
    """At most 31 blocks are written, as a packet's count has 5 bits."""
    blocks = blocks[:_MAX_BLOCKS]
    return _packet(len(blocks), RECEIVER_REPORT, struct.pack("!I", ssrc) + _build_blocks(blocks))


def sender_report(
    ssrc: int, now: float, timestamp: int, packets: int, octets: int, blocks: Sequence[ReportBlock] = ()
) -> bytes:
    """`timestamp` is the RTP timestamp of `now`. At most 31 blocks are written."""
    blocks = blocks[:_MAX_BLOCKS]
    counts = struct.pack("!III", timestamp & 0xFFFF_FFFF, packets & 0xFFFF_FFFF, octets & 0xFFFF_FFFF)
    head = struct.pack("!IQ", ssrc, ntp(now)) + counts
    return _packet(len(blocks), SENDER_REPORT, head + _build_blocks(blocks))


def source_description(ssrcs: Sequence[int], cname: str) -> bytes:
    """The same CNAME for each source (RFC 3550 section 6.5), one packet each: aiortc misreads further
    chunks of one."""
    item = bytes((_CNAME, len(cname))) + cname.encode("ascii")
    item += bytes(4 - len(item) % 4)  # at least one null ends the list, and the chunk fills its words
    return b"".join(_packet(1, SOURCE_DESCRIPTION, struct.pack("!I", ssrc) + item) for ssrc in ssrcs)


def nack(sender: int, source: int, sequences: Sequence[int]) -> bytes:
    pairs: list[tuple[int, int]] = []
    for sequence in sequences:
        distance = (sequence - pairs[-1][0]) & 0xFFFF if pairs else 0
        if 1 <= distance <= 16:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] | 1 << (distance - 1))
        else:
            pairs.append((sequence, 0))
    body = struct.pack("!II", sender, source) + b"".join(struct.pack("!HH", *pair) for pair in pairs)
    return _packet(_GENERIC_NACK, RTP_FEEDBACK, body)


def ntp(now: float) -> int:
    """64-bit NTP time of the monotonic clock: receivers only take differences of it (RFC 3550 section 4)."""
    return int((now + _NTP_EPOCH_OFFSET) * 65536) << 16 & 0xFFFF_FFFF_FFFF_FFFF


def ntp_middle(now: float) -> int:
    """The middle 32 bits of `ntp`, in 1/65536 s."""
    return ntp(now) >> 16 & 0xFFFF_FFFF


def round_trip(block: ReportBlock, now: float) -> float | None:
    """Seconds, from the echo of our own sender report (RFC 3550 section 6.4.1); None if there is none."""
    if block.last_sender_report == 0:
        return None
    ticks = (ntp_middle(now) - block.last_sender_report - block.delay_since) & 0xFFFF_FFFF
    return ticks / 65536 if ticks < 10 * 65536 else None
