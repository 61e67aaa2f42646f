"""The silero VAD (v6) as a function. Both backends give equal results and pass the same tests.

16 kHz. One call takes one window of each of B speakers: WINDOW new samples preceded by the last CONTEXT ones
of the window before (without them real speech peaks at 0.16 instead of 1.00, without an error).
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ai_agent.errors import SettingError, missing_package
from ai_agent.packages import require_vad

WINDOW = 512
CONTEXT = 64
WINDOW_S = 0.032

BACKENDS: Mapping[str, str] = {"onnx": "ai_agent.vad.onnx_model", "torch": "ai_agent.vad.torch_model"}
"""Module by name in the settings. Each needs a package of its own, so it is imported on demand."""

Floats = npt.NDArray[np.float32]


class VadModel(Protocol):
    def run(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        """`windows`: (B, CONTEXT + WINDOW) in -1..1. `state`: (2, B, 128), zeros at first. Returns the
        probabilities of speech (B,) and the next state.
        """
        ...


def no_state(speakers: int = 1) -> Floats:
    return np.zeros((2, speakers, 128), np.float32)


def load_model(name: str) -> VadModel:
    """`name`: one of BACKENDS. Loads within 0.2 s (torch: 2 s). Raises SettingError."""
    require_vad(name)
    try:
        model: VadModel = importlib.import_module(BACKENDS[name]).build()
    except ImportError as error:
        raise SettingError(f"PARLOR_TUTOR_VAD={name}: {missing_package(error)}") from None
    return model


def model_file(name: str) -> Path:
    """A file of the silero_vad package, found without importing it: that needs torch. Raises ImportError."""
    spec = importlib.util.find_spec("silero_vad")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("No module named 'silero_vad'", name="silero_vad")
    return Path(spec.origin).parent / "data" / name
