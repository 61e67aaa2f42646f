"""Turns probabilities into starts and ends of speech, with hysteresis. Pure; times are seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from ai_agent.vad.model import WINDOW_S


@dataclass(frozen=True, slots=True)
class SpeechConfig:
    """Speech starts when `start_windows` of the last `start_windows` + 1 reach the probability `on`. It ends
    after `stop_s` without a window that reaches `off`.
    """

    on: float = 0.5
    off: float = 0.35
    start_windows: int = 2
    stop_s: float = 0.1


class Change(Enum):
    STARTED = "started"
    STOPPED = "stopped"


class SpeechDetector:
    """`voiced_s`: length of the speech since its start. `voice_at`: end of the last window with speech."""

    def __init__(self, config: SpeechConfig | None = None) -> None:
        self._config = config or SpeechConfig()
        self._recent: list[bool] = []
        self.speaks = False
        self.started_at = 0.0
        self.voice_at = -math.inf
        self.voiced_s = 0.0

    def window(self, probability: float, at: float) -> Change | None:
        config = self._config
        if self.speaks:
            if probability >= config.off:
                self.voice_at = at
                self.voiced_s += WINDOW_S
                return None
            return self._maybe_stop(at)
        self._recent = [*self._recent[-config.start_windows :], probability >= config.on]
        if sum(self._recent) < config.start_windows:
            return None
        self._recent = []
        self.speaks = True
        self.started_at = at - config.start_windows * WINDOW_S
        self.voice_at = at
        self.voiced_s = config.start_windows * WINDOW_S
        return Change.STARTED

    def silence(self, at: float) -> Change | None:
        """The track is silent: there is no window to evaluate."""
        self._recent = []
        return self._maybe_stop(at) if self.speaks else None

    def _maybe_stop(self, at: float) -> Change | None:
        if at - self.voice_at < self._config.stop_s:
            return None
        self.speaks = False
        return Change.STOPPED
