"""The real VAD without its thread: results come at once, for tests on virtual time."""

from __future__ import annotations

import numpy as np

from ai_agent.vad.model import CONTEXT, Floats, VadModel, no_state
from ai_agent.vad.service import OnWindow, VadStream


class DirectVad:
    def __init__(self, model: VadModel) -> None:
        self.model = model
        self.windows = 0

    def open(self, on_window: OnWindow) -> VadStream:
        return _DirectStream(self, on_window)


class _DirectStream:
    def __init__(self, vad: DirectVad, on_window: OnWindow) -> None:
        self._vad = vad
        self._on_window = on_window
        self._state = no_state()
        self._context: Floats = np.zeros(CONTEXT, np.float32)

    def push(self, window: Floats, at: float) -> None:
        self._vad.windows += 1
        whole = np.concatenate([self._context, window])[None]
        answer, self._state = self._vad.model.run(whole, self._state)
        self._context = window[-CONTEXT:]
        self._on_window(float(answer[0]), at)

    def reset(self) -> None:
        self._state = no_state()
        self._context = np.zeros(CONTEXT, np.float32)

    def close(self) -> None:
        pass
