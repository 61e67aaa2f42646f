"""The silero VAD (v6) as a function. Both bodies answer alike and pass the same tests.

16 kHz. One call sees one window of each of B speakers: WINDOW new samples led by the CONTEXT last ones of the
window before (without them real speech peaks at 0.16 in place of 1.00, silently).
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ai_agent.errors import SettingError

WINDOW = 512
CONTEXT = 64
WINDOW_S = 0.032

Floats = npt.NDArray[np.float32]


class VadModel(Protocol):
    def run(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        """`windows` (B, CONTEXT + WINDOW) in -1..1, `state` (2, B, 128), zeros at first; returns the
        probabilities of speech (B,) and the next state.
        """
        ...


def no_state(speakers: int = 1) -> Floats:
    return np.zeros((2, speakers, 128), np.float32)


def model_file(name: str) -> Path:
    """A file of the wheel, found without importing the package: its import wants torch."""
    spec = importlib.util.find_spec("silero_vad")
    if spec is None or spec.origin is None:
        raise SettingError("silero-vad is not installed: pip install --no-deps silero-vad")
    return Path(spec.origin).parent / "data" / name
