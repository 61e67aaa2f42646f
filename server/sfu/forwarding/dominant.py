"""The dominant speaker of a room: Volfin and Cohen, "Dominant speaker identification for multipoint
videoconferencing" (2013), with the constants of Jitsi's DominantSpeakerIdentification.

Speech activity is scored over an immediate, a medium and a long interval; the dominant speaker is replaced by
a participant whose scores are higher on all three.
"""

from __future__ import annotations

from collections import deque
from math import comb, log

from server.sfu.data_plane import Handle

DECISION_SECONDS = 0.300
IDLE_SECONDS = 0.040
"""After this long without a packet, a frame of silence is assumed."""

C1, C2, C3 = 3.0, 2.0, 0.0
N1, N2, N3 = 13, 5, 10
_SUBUNIT = (127 + N1 - 1) // N1
_MEDIUM_THRESHOLD = 7
_LONG_THRESHOLD = 4
_MINIMUM_SCORE = 1e-10
_FLOOR_WINDOW = 750
"""Frames (15 s) after which a higher noise floor is accepted."""
_HIGHEST_FLOOR = 77
"""−50 dBov. Not in Jitsi: speech without a pause since joining is not taken for noise."""


def activity_score(active: int, total: int, scale: float) -> float:
    """The log likelihood ratio of speech when `active` of `total` units are; p is 0.5 as in the paper."""
    score = log(comb(total, active)) + total * log(0.5) - log(scale) + scale * active
    return max(score, _MINIMUM_SCORE)


class _Speaker:
    def __init__(self, now: float) -> None:
        self.scores = (_MINIMUM_SCORE, _MINIMUM_SCORE, _MINIMUM_SCORE)
        self.heard = now
        self._loudness: deque[int] = deque([0] * (N2 * N3), maxlen=N2 * N3)
        self._floor = 0
        self._next_floor = 0
        self._next_floor_frames = 0

    def push(self, loudness: int) -> None:
        """`loudness` 0 is silence, 127 the loudest; newest first, as the scores weigh the newest."""
        self._loudness.appendleft(loudness)
        if loudness:
            self._learn_floor(loudness)

    def evaluate(self) -> None:
        floor = min(self._floor, _HIGHEST_FLOOR) + _SUBUNIT
        immediates = [level // _SUBUNIT if level >= floor else 0 for level in self._loudness]
        mediums = [
            sum(unit > _MEDIUM_THRESHOLD for unit in immediates[at : at + N2]) for at in range(0, N2 * N3, N2)
        ]
        long = sum(block > _LONG_THRESHOLD for block in mediums)
        self.scores = (
            activity_score(min(immediates[0], N1), N1, 0.78),
            activity_score(mediums[0], N2, 24),
            activity_score(long, N3, 47),
        )

    def _learn_floor(self, loudness: int) -> None:
        if self._floor == 0 or loudness <= self._floor:
            self._floor, self._next_floor, self._next_floor_frames = loudness, 0, 0
            return
        self._next_floor = min(self._next_floor or loudness, loudness)
        self._next_floor_frames += 1
        if self._next_floor_frames >= _FLOOR_WINDOW:
            # halfway in logarithms, so that one loud quarter of a minute is not taken for noise
            self._floor = int((self._floor * self._next_floor) ** 0.5)
            self._next_floor, self._next_floor_frames = 0, 0


class DominantSpeakerDetector:
    def __init__(self) -> None:
        self.dominant: Handle | None = None
        self._speakers: dict[Handle, _Speaker] = {}
        self._decide_at = 0.0

    def on_level(self, peer: Handle, level: int, now: float) -> None:
        """`level` in −dBov, as in RFC 6464."""
        speaker = self._speakers.get(peer)
        if speaker is None:
            speaker = self._speakers[peer] = _Speaker(now)
        speaker.heard = now
        speaker.push(127 - level)

    def forget(self, peer: Handle) -> bool:
        """True if this peer was dominant; now there is no dominant speaker."""
        self._speakers.pop(peer, None)
        if self.dominant != peer:
            return False
        self.dominant = None
        return True

    def on_time(self, now: float) -> bool:
        """True if the dominant speaker has changed."""
        for speaker in self._speakers.values():
            if now - speaker.heard > IDLE_SECONDS:
                speaker.heard = now
                speaker.push(0)
        if now < self._decide_at:
            return False
        self._decide_at = now + DECISION_SECONDS
        return self._decide()

    def _decide(self) -> bool:
        for speaker in self._speakers.values():
            speaker.evaluate()
        incumbent = self._speakers[self.dominant].scores if self.dominant is not None else None
        best, best_medium = self.dominant, 0.0
        for peer, speaker in self._speakers.items():
            if peer == self.dominant:
                continue
            margins = _margins(speaker.scores, incumbent)
            if margins[0] > C1 and margins[1] > max(C2, best_medium) and margins[2] > C3:
                best, best_medium = peer, margins[1]
        changed = best != self.dominant
        self.dominant = best
        return changed


def _margins(
    scores: tuple[float, float, float], incumbent: tuple[float, float, float] | None
) -> tuple[float, float, float]:
    """Lead of a challenger on each interval, in logarithms. Without an incumbent a medium interval of speech
    is enough: the long one protects an incumbent, it is not needed to become dominant."""
    if incumbent is None:
        medium = log(scores[1] / _MINIMUM_SCORE)
        return (C1 + 1, medium, C3 + 1)
    immediate, medium, long = (log(ours / theirs) for ours, theirs in zip(scores, incumbent, strict=True))
    return immediate, medium, long
