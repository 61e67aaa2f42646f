"""The JIT body, for those who have torch (extra `torch`)."""

from __future__ import annotations

import warnings
from typing import Any, cast

import torch

from ai_agent.vad.model import Floats, model_file


class TorchVad:
    def __init__(self) -> None:
        torch.set_num_threads(1)
        with warnings.catch_warnings():
            # torch would rather have torch.export; silero publishes TorchScript
            warnings.filterwarnings("ignore", "`torch.jit.load` is", DeprecationWarning)
            scripted: Any = torch.jit.load(str(model_file("silero_vad.jit")), map_location="cpu")
        self._model: Any = scripted._model  # of 16 kHz, without the wrapper that keeps one speaker's state
        self._model.eval()

    def run(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        with torch.inference_mode():
            output, following = self._model(torch.from_numpy(windows), torch.from_numpy(state))
        return cast("Floats", output.numpy())[:, 0], cast("Floats", following.numpy())


def build() -> TorchVad:
    return TorchVad()
