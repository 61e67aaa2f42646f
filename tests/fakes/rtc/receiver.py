"""The receiving half of a client: packets of each slot, with arrival times."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.fakes.rtc.clips import read_stamp

_HEADER = struct.Struct("!BBHII")


@dataclass(slots=True)
class Packet:
    sequence: int
    timestamp: int
    publisher: int | None
    payload: bytes
    arrival_ns: int


@dataclass(slots=True)
class SlotLog:
    """One slot. `highest` is the extended sequence number (RFC 3550 appendix A.1)."""

    mid: str
    ssrc: int
    packets: int = 0
    duplicates: int = 0
    first: int = -1
    highest: int = -1
    first_arrival_ns: int = 0
    last_arrival_ns: int = 0
    by_publisher: dict[int, int] = field(default_factory=dict)
    kept: list[Packet] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    @property
    def lost(self) -> int:
        """Sequence numbers that never came, up to the highest that did."""
        return 0 if self.first < 0 else self.highest - self.first + 1 - len(self.seen)

    def missing(self, window: int = 50) -> list[int]:
        """Sequence numbers (16 bits) that a receiver would ask for again."""
        start = max(self.first, self.highest - window)
        return [n & 0xFFFF for n in range(start, self.highest) if n not in self.seen]

    def extend(self, sequence: int) -> int:
        if self.highest < 0:
            return sequence
        delta = (sequence - self.highest) & 0xFFFF
        return self.highest + (delta if delta < 0x8000 else delta - 0x10000)


class Receiver:
    """Give `on_rtp` to a MediaLink. `keep`: keep every packet. `stamps`: note each packet's delay in ns."""

    def __init__(self, slots: Mapping[int, str], *, keep: bool = False, stamps: bool = False) -> None:
        self.slots = {ssrc: SlotLog(mid, ssrc) for ssrc, mid in slots.items()}
        self.by_mid = {log.mid: log for log in self.slots.values()}
        self.keep = keep
        self.stamps = stamps
        self.delays_ns: list[int] = []
        self.strays = 0
        self.packets = 0
        self.on_first: Callable[[SlotLog, int], None] | None = None
        self.on_packet: Callable[[SlotLog, int], None] | None = None

    def on_rtp(self, data: bytes, arrival_ns: int) -> None:
        first, _, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
        log = self.slots.get(ssrc)
        if log is None:
            self.strays += 1
            return
        self.packets += 1
        publisher = data[15] if first & 0x0F else None
        self._count(log, sequence, publisher, arrival_ns)
        if self.stamps:
            self.delays_ns.append(arrival_ns - read_stamp(data))
        if self.keep:
            log.kept.append(Packet(sequence, timestamp, publisher, data[_payload_start(data) :], arrival_ns))

    def _count(self, log: SlotLog, sequence: int, publisher: int | None, arrival_ns: int) -> None:
        if log.first < 0:
            log.first = log.highest = sequence
            log.first_arrival_ns = arrival_ns
            if self.on_first is not None:
                self.on_first(log, arrival_ns)
        if self.on_packet is not None:
            self.on_packet(log, arrival_ns)
        extended = log.extend(sequence)
        if extended in log.seen:
            log.duplicates += 1
            return
        log.seen.add(extended)
        log.highest = max(log.highest, extended)
        log.packets += 1
        log.last_arrival_ns = arrival_ns
        if publisher is not None:
            log.by_publisher[publisher] = log.by_publisher.get(publisher, 0) + 1


def _payload_start(data: bytes) -> int:
    start = 12 + 4 * (data[0] & 0x0F)
    if data[0] & 0x10:
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    return start
