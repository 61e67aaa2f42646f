"""Rewriting of sequence numbers and timestamps in a slot, so that many publishers make one stream.

The invariant: **one outgoing sequence number carries one payload, ever.** The sessions allow repeats, and two
payloads under one number would break AES-GCM. It holds because
- a publisher's line of numbers never names two packets (timeline.py, history.py),
- a mapping turns that line into outgoing numbers by adding a constant,
- the next mapping begins above every number that the one before it gave out, and
- packets older than the current mapping's first are refused.
"""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from server.common.rtp import unwrap16
from server.sfu.data_plane import Track

Source = TypeVar("Source")


class Mapping(NamedTuple, Generic[Source]):
    """`first` is the first of the source's sequence numbers that it carries. `red`: it sends RED."""

    source: Source
    first: int
    sequence_offset: int
    timestamp_offset: int
    red: bool


class Rewriter(Generic[Source]):
    """`first_sequence` must be below 32,768: otherwise a receiver that misses the start would guess a wrong
    rollover (RFC 3711 section 3.3.1)."""

    def __init__(self, track: Track, first_sequence: int, first_timestamp: int) -> None:
        self._clock_rate = track.clock_rate
        self._frame_samples = track.frame_samples
        self.mapping: Mapping[Source] | None = None
        self.top_sequence = first_sequence - 1
        self.top_timestamp = first_timestamp - self._frame_samples
        self.top_time = 0.0
        self._started = False
        self._previous: Mapping[Source] | None = None
        self._previous_top = self.top_sequence

    def interrupt(self) -> None:
        """The next packet begins a mapping, of the same source or another."""
        if self.mapping is not None:
            self._previous, self._previous_top = self.mapping, self.top_sequence
            self.mapping = None

    def begin(
        self, source: Source, sequence: int, timestamp: int, now: float, *, red: bool
    ) -> Mapping[Source]:
        """Map the source's packet with these numbers to those that follow the last sent packet."""
        elapsed = round((now - self.top_time) * self._clock_rate) if self._started else 0
        self._started = True
        self.interrupt()
        next_timestamp = self.top_timestamp + max(self._frame_samples, elapsed)
        self.mapping = Mapping(
            source, sequence, self.top_sequence + 1 - sequence, next_timestamp - timestamp, red
        )
        return self.mapping

    def rewrite(self, sequence: int, timestamp: int, now: float) -> tuple[int, int] | None:
        """Outgoing sequence number and timestamp; None for a packet older than the current mapping."""
        mapping = self.mapping
        if mapping is None or sequence < mapping.first:
            return None
        sequence += mapping.sequence_offset
        timestamp += mapping.timestamp_offset
        if sequence > self.top_sequence:
            self.top_sequence = sequence
            self.top_timestamp = timestamp
            self.top_time = now
        return sequence & 0xFFFF, timestamp & 0xFFFF_FFFF

    def append(self) -> tuple[int, int]:
        """Outgoing numbers for a frame of ours; the next packet begins a mapping."""
        self.interrupt()
        self.top_sequence += 1
        self.top_timestamp += self._frame_samples
        self.top_time += self._frame_samples / self._clock_rate
        return self.top_sequence & 0xFFFF, self.top_timestamp & 0xFFFF_FFFF

    def locate(self, outgoing: int) -> tuple[Mapping[Source], int] | None:
        """The mapping that sent this number, and the source's number for it; None if it is forgotten."""
        sequence = unwrap16(outgoing, self.top_sequence)
        for mapping, top in ((self.mapping, self.top_sequence), (self._previous, self._previous_top)):
            if (
                mapping is not None
                and mapping.first <= sequence - mapping.sequence_offset
                and sequence <= top
            ):
                return mapping, sequence - mapping.sequence_offset
        return None
