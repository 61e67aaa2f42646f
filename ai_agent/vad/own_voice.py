"""Tells a learner's voice from people behind her, by level: they are farther from her microphone. Pure.

How loud she speaks is learnt while the tutor is silent. While it speaks, what stays far below that is
background and does not interrupt it. At other times all speech counts: no words are lost because she moved
away.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from ai_agent.vad.model import WINDOW_S, Floats

BACKGROUND_DB = 7.5
"""Speech this much below her own is not hers: measured with voices 12 dB below, see README.md."""
ENDS_DB = 2.5
"""So much more while she speaks: her voice fades at its end."""
LEARNT_S = 1.0
"""So much of her speech is heard before anything counts as background."""
REMEMBERED_S = 10.0
PERCENTILE = 75
"""Of her levels: a voice is softer at the end of a sentence."""
SMOOTH_S = 0.3
"""Levels are compared as means over this time: a voice dips between syllables, and a far one has peaks."""
ONSET_WINDOWS, PEAK_DB = 3, 2.0
"""The mean over so few windows counts too, less what it exceeds the other by in a voice's peaks: speech that
begins is hers at once."""
SPEECH = 0.5
"""Probability from which a window is speech."""


def window_power(window: Floats) -> float:
    """Mean square of samples in -1..1."""
    return float(np.dot(window, window)) / max(1, len(window))


class OwnVoice:
    """One for each learner."""

    def __init__(self) -> None:
        self._level: float | None = None
        self._is_stale = False
        self._recent: deque[float] = deque(maxlen=round(SMOOTH_S / WINDOW_S))
        self._mine: deque[float] = deque(maxlen=round(REMEMBERED_S / WINDOW_S))
        self._is_hers = False

    @property
    def level(self) -> float | None:
        """Hers in dBFS, None while unknown. It is learnt while the tutor is silent, and computed only when it
        is asked for, while the tutor speaks."""
        if self._is_stale:
            self._is_stale = False
            self._level = float(np.percentile(self._mine, PERCENTILE))
        return self._level

    def is_background(self, probability: float, power: float, *, tutor_speaks: bool) -> bool:
        """Whether this window, of this probability of speech, is somebody behind her."""
        self._recent.append(power)
        level = _dbfs(list(self._recent))
        if not tutor_speaks:
            self._is_hers = True
            if probability >= SPEECH:
                self._learn(level)
            return False
        loudest = max(level, _dbfs(list(self._recent)[-ONSET_WINDOWS:]) - PEAK_DB)
        margin = BACKGROUND_DB + (ENDS_DB if self._is_hers else 0)
        self._is_hers = self.level is None or loudest >= self.level - margin
        return not self._is_hers

    def _learn(self, level: float) -> None:
        self._mine.append(level)
        self._is_stale = len(self._mine) * WINDOW_S >= LEARNT_S


def _dbfs(powers: Sequence[float]) -> float:
    return 10 * float(np.log10(sum(powers) / len(powers) + 1e-12))
