"""Tells a learner's voice from people behind her, by level: they are farther from her microphone. Pure.

How loud she speaks is learnt from the windows in which she does. What stays far below is background: it
begins no turn, prolongs none and interrupts nobody. Whoever has moved away from the microphone is heard again
after RELEARN_S of speech.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from ai_agent.vad.model import WINDOW_S, Floats

BACKGROUND_DB = 7.5
"""Speech this much below her own is not hers: measured with voices 12 dB below, see README.md."""
LEARNT_S = 1.0
"""So much of her speech is heard before anything counts as background."""
REMEMBERED_S = 10.0
PERCENTILE = 75
"""Of her levels: a voice is softer at the end of a sentence."""
SMOOTH_S = 0.3
"""Levels are compared as means over this time: a voice dips between syllables, and a far one has peaks."""
RELEARN_S = 5.0
SPEECH = 0.5
"""Probability from which a window is speech."""


def window_power(window: Floats) -> float:
    """Mean square of samples in -1..1."""
    return float(np.dot(window, window)) / max(1, len(window))


class OwnVoice:
    """One for each learner. `level`: hers in dBFS, None while unknown."""

    def __init__(self) -> None:
        self.level: float | None = None
        self._recent: deque[float] = deque(maxlen=round(SMOOTH_S / WINDOW_S))
        self._mine: deque[float] = deque(maxlen=round(REMEMBERED_S / WINDOW_S))
        self._behind: list[float] = []

    def is_background(self, probability: float, power: float, *, learns: bool) -> bool:
        """Whether this window, of this probability of speech, is somebody behind her. `learns`: not while the
        tutor speaks, when few words are hers.
        """
        self._recent.append(power)
        level = 10 * float(np.log10(sum(self._recent) / len(self._recent) + 1e-12))
        if self.level is None or level >= self.level - BACKGROUND_DB:
            if probability >= SPEECH and (learns or self.level is None):
                self._behind.clear()
                self._learn(level)
            return False
        if probability >= SPEECH and learns:
            self._behind.append(level)
            if len(self._behind) * WINDOW_S >= RELEARN_S:
                self._mine.clear()
                self._mine.extend(self._behind)
                self._behind.clear()
                self.level = float(np.percentile(self._mine, PERCENTILE))
                return False
        return True

    def _learn(self, level: float) -> None:
        self._mine.append(level)
        if len(self._mine) * WINDOW_S >= LEARNT_S:
            self.level = float(np.percentile(self._mine, PERCENTILE))
