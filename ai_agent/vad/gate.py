"""Keeps frames without energy from the VAD. A muted or silent track costs one dot product a frame."""

from __future__ import annotations

import numpy as np

from ai_agent.audio import Pcm

OPEN_DBFS = -54.0
HANG_FRAMES = 15
"""The gate stays open this long (300 ms) after the last loud frame: for soft word ends and the end of
speech.
"""


def level(pcm: Pcm) -> float:
    """RMS in dBFS; -120 for digital silence."""
    if not len(pcm):
        return -120.0
    floats = pcm.astype(np.float32)
    power = float(np.dot(floats, floats)) / len(pcm)
    return 10 * float(np.log10(power / 32768.0**2 + 1e-12))


class EnergyGate:
    def __init__(self, open_dbfs: float = OPEN_DBFS) -> None:
        self._open_dbfs = open_dbfs
        self._hang = 0

    def passes(self, pcm: Pcm) -> bool:
        if level(pcm) >= self._open_dbfs:
            self._hang = HANG_FRAMES
            return True
        self._hang = max(0, self._hang - 1)
        return self._hang > 0

    def close(self) -> None:
        self._hang = 0
