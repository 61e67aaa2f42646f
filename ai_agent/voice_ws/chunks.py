"""The tutor's voice in chunks that play by themselves, each due when the one before is about to end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ai_agent.audio import FRAME_S, OUTPUT_HZ, Pcm, seconds

LEAD_S = 0.4
"""A chunk is sent this long before the one before ends: a network and a decoder need some of it."""
FIRST_S, SHORTEST_S, LONGEST_S = 0.6, 1.5, 8.0
"""A chunk ends in the first pause after FIRST_S of a reply, later after SHORTEST_S, and at LONGEST_S."""
_PAUSE_FRAMES = 5
_QUIET = 80.0
"""RMS of a frame that is a pause."""


@dataclass(frozen=True, slots=True)
class Chunk:
    pcm: Pcm
    starts_at: float


class Chunks:
    """`plays_until`: when the last chunk that was taken has been played."""

    def __init__(self) -> None:
        self.plays_until = 0.0
        self._frames: list[Pcm] = []
        self._quiet = 0
        self._is_first = True

    def wants_more(self, now: float) -> bool:
        """Whether it is time for the next chunk."""
        return now >= self.plays_until - LEAD_S

    def add(self, frame: Pcm) -> bool:
        """Whether a chunk is complete."""
        self._frames.append(frame)
        is_quiet = float(np.sqrt(np.mean(frame.astype(np.float32) ** 2))) < _QUIET
        self._quiet = self._quiet + 1 if is_quiet else 0
        length = len(self._frames) * FRAME_S
        shortest = FIRST_S if self._is_first else SHORTEST_S
        return length >= LONGEST_S or (length >= shortest and self._quiet >= _PAUSE_FRAMES)

    def take(self, now: float) -> Chunk | None:
        """Return the sound added since the last call; None if there is none."""
        frames, self._frames, self._quiet = self._frames, [], 0
        if not frames:
            return None
        self._is_first = False
        pcm = np.concatenate(frames)
        starts_at = max(now, self.plays_until)
        self.plays_until = starts_at + seconds(pcm, OUTPUT_HZ)
        return Chunk(pcm, starts_at)

    def begin(self) -> None:
        """The next chunk is the first of a reply."""
        self._is_first = True

    def stop(self, now: float) -> float:
        """The client plays no more. Returns the seconds that were taken or added, and not played."""
        unplayed = max(0.0, self.plays_until - now) + len(self._frames) * FRAME_S
        self._frames, self._quiet, self.plays_until = [], 0, now
        return unplayed
