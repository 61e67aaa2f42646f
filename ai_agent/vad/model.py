"""The silero VAD (v6) as a function. Both bodies answer alike and pass the same tests.

16 kHz. One call sees one window of each of B speakers: WINDOW new samples led by the CONTEXT last ones of the
window before (without them real speech peaks at 0.16 in place of 1.00, silently).
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

WINDOW = 512
CONTEXT = 64
WINDOW_S = 0.032

BODIES: Mapping[str, str] = {"onnx": "ai_agent.vad.onnx_model", "torch": "ai_agent.vad.torch_model"}
"""As the settings name them. Each wants a package of its own, so it is imported when it is asked for."""

Floats = npt.NDArray[np.float32]


class VadModel(Protocol):
    def run(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        """`windows` (B, CONTEXT + WINDOW) in -1..1, `state` (2, B, 128), zeros at first; returns the
        probabilities of speech (B,) and the next state.
        """
        ...


def no_state(speakers: int = 1) -> Floats:
    return np.zeros((2, speakers, 128), np.float32)


def load_model(name: str) -> VadModel:
    """One of BODIES. Raises SettingError: there is no such, or what it needs is not installed."""
    if name not in BODIES:
        raise SettingError(f"PARLOR_TUTOR_VAD: {' or '.join(BODIES)}, not {name!r}")
    try:
        model: VadModel = importlib.import_module(BODIES[name]).build()
    except ImportError as error:
        raise SettingError(f"PARLOR_TUTOR_VAD={name}: {missing_package(error)}") from None
    return model


def model_file(name: str) -> Path:
    """A file of the wheel, found without importing the package, which wants torch. Raises ImportError."""
    spec = importlib.util.find_spec("silero_vad")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("No module named 'silero_vad'", name="silero_vad")
    return Path(spec.origin).parent / "data" / name
