"""RTCP (RFC 3550 section 6, RFC 4585): reports of both directions, and asking again for what was lost."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

SENDER_REPORT, RECEIVER_REPORT, SOURCE_DESCRIPTION, RTP_FEEDBACK = 200, 201, 202, 205
_GENERIC_NACK = 1
_NTP_EPOCH_OFFSET = 2_208_988_800
_MAX_BLOCKS = 31


@dataclass(frozen=True, slots=True)
class Block:
    """One received stream. `fraction_lost` of 256; `jitter` in RTP ticks; the last two in 1/65536 s."""

    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    last_report: int
    delay_since: int


@dataclass(frozen=True, slots=True)
class Received:
    """Of one compound packet. `reports`: the middle of each sender's NTP time, by SSRC.

    `asked_again`: sequence numbers of ours.
    """

    reports: dict[int, int]
    asked_again: tuple[int, ...]


def parse(compound: bytes) -> Received:
    """What is malformed ends the reading; never raises."""
    reports: dict[int, int] = {}
    asked: list[int] = []
    at = 0
    while at + 4 <= len(compound):
        first, kind, words = struct.unpack_from("!BBH", compound, at)
        end = at + 4 * (words + 1)
        if end > len(compound):
            break
        body = compound[at + 4 : end]
        if kind == SENDER_REPORT and len(body) >= 12:
            reports[int.from_bytes(body[:4])] = int.from_bytes(body[6:10])
        elif kind == RTP_FEEDBACK and first & 0x1F == _GENERIC_NACK:
            asked += _nacked(body)
        at = end
    return Received(reports, tuple(asked[:512]))


def _nacked(body: bytes) -> list[int]:
    found: list[int] = []
    for at in range(8, len(body) - 3, 4):
        packet_id, mask = struct.unpack_from("!HH", body, at)
        found.append(packet_id)
        found += [(packet_id + bit + 1) & 0xFFFF for bit in range(16) if mask >> bit & 1]
    return found


def receiver_report(ssrc: int, blocks: Sequence[Block]) -> bytes:
    blocks = blocks[:_MAX_BLOCKS]
    return _packet(len(blocks), RECEIVER_REPORT, struct.pack("!I", ssrc) + _blocks(blocks))


def sender_report(
    ssrc: int, now: float, timestamp: int, packets: int, octets: int, blocks: Sequence[Block]
) -> bytes:
    """`timestamp` is the RTP timestamp of `now`, seconds of any clock: only differences are taken of it."""
    blocks = blocks[:_MAX_BLOCKS]
    head = struct.pack("!IQIII", ssrc, _ntp(now), timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    return _packet(len(blocks), SENDER_REPORT, head + _blocks(blocks))


def source_description(ssrc: int, cname: str) -> bytes:
    item = bytes((1, len(cname))) + cname.encode("ascii")
    item += bytes(4 - len(item) % 4)
    return _packet(1, SOURCE_DESCRIPTION, struct.pack("!I", ssrc) + item)


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


def _packet(count: int, kind: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def _blocks(blocks: Sequence[Block]) -> bytes:
    return b"".join(
        struct.pack(
            "!IIIIII",
            b.ssrc,
            b.fraction_lost << 24 | (b.lost & 0xFFFFFF),
            b.highest & 0xFFFFFFFF,
            b.jitter & 0xFFFFFFFF,
            b.last_report,
            b.delay_since & 0xFFFFFFFF,
        )
        for b in blocks
    )


def _ntp(now: float) -> int:
    return int((now + _NTP_EPOCH_OFFSET) * 65536) << 16 & 0xFFFF_FFFF_FFFF_FFFF
