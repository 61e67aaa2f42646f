"""One continuous line of sequence numbers and timestamps for everything a publisher sends.

A browser's numbers jump: it restarts a stream, its packets are dropped while it is muted, its SSRC changes,
or the SFU adds silence. Each such break begins a new *epoch*, which continues where the line ended: the
sequence number rises by one, the timestamp by the time that passed. Packets from before the epoch's first are
refused, so that no number of the line is ever given to two packets.

Numbers on the line are ints that never wrap; slots (see rewriter.py) take them modulo 2^16 and 2^32.
"""

from __future__ import annotations

from typing import NamedTuple

from server.common.rtp import MAX_DROPOUT, unwrap16, unwrap32
from server.sfu.data_plane import Track

MAX_LEAD_SECONDS = 5
"""A timestamp further ahead of the clock than this is a restart."""

FLOWING_SECONDS = 0.200
"""After a longer pause (DTX) a listener expects no packet. One whose timestamp continued the last would look
very late, and the jitter buffer would grow."""


class Position(NamedTuple):
    """`begins`: the first packet of an epoch, which starts a talkspurt (RFC 3551 section 4.1)."""

    sequence: int
    timestamp: int
    begins: bool


class Timeline:
    def __init__(self, track: Track) -> None:
        self._clock_rate = track.clock_rate
        self._frame_samples = track.frame_samples
        self.top = -1
        """The highest sequence number assigned."""
        self.first = 0
        """The first sequence number of this epoch."""
        self._top_timestamp = 0
        self._top_time = 0.0
        self._broken = True
        self._input_top = 0
        self._sequence_offset = 0
        self._timestamp_offset = 0

    def is_flowing(self, now: float) -> bool:
        """Whether a listener would conceal a gap if the next packet did not come."""
        return self.top >= 0 and now - self._top_time <= FLOWING_SECONDS

    def interrupt(self) -> None:
        """The next packet begins an epoch."""
        self._broken = True

    def place(self, sequence: int, timestamp: int, now: float) -> Position | None:
        """The position of a packet with these header fields; None if it is older than the epoch."""
        if self._broken:
            return self._begin(sequence, timestamp, now)
        input_sequence = unwrap16(sequence, self._input_top)
        placed_timestamp = unwrap32(timestamp, self._top_timestamp - self._timestamp_offset)
        placed_timestamp += self._timestamp_offset
        if input_sequence > self._input_top:
            if self._is_restart(input_sequence, placed_timestamp, now):
                return self._begin(sequence, timestamp, now)
            self._input_top = input_sequence
            self.top = input_sequence + self._sequence_offset
            self._top_timestamp = placed_timestamp
            self._top_time = now
        placed = input_sequence + self._sequence_offset
        return Position(placed, placed_timestamp, begins=False) if placed >= self.first else None

    def append_frame(self) -> Position:
        """The position of a frame of ours after the last packet; the next received one begins an epoch."""
        self.top += 1
        self._top_timestamp += self._frame_samples
        self._top_time += self._frame_samples / self._clock_rate
        self._broken = True
        return Position(self.top, self._top_timestamp, begins=False)

    def _is_restart(self, input_sequence: int, placed_timestamp: int, now: float) -> bool:
        advance = placed_timestamp - self._top_timestamp
        elapsed = (now - self._top_time) * self._clock_rate
        return (
            input_sequence - self._input_top > MAX_DROPOUT
            or advance < 0
            or advance > elapsed + MAX_LEAD_SECONDS * self._clock_rate
        )

    def _begin(self, sequence: int, timestamp: int, now: float) -> Position:
        elapsed = round((now - self._top_time) * self._clock_rate) if self.top >= 0 else 0
        self.top += 1
        self.first = self.top
        self._top_timestamp += max(self._frame_samples, elapsed)
        self._top_time = now
        self._broken = False
        self._input_top = sequence
        self._sequence_offset = self.top - sequence
        self._timestamp_offset = self._top_timestamp - timestamp
        return Position(self.top, self._top_timestamp, begins=True)
