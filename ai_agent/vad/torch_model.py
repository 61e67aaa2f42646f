"""The TorchScript backend (extra `torch`)."""

from __future__ import annotations

import warnings
from typing import Any, cast

import torch

from ai_agent.vad.model import Floats, model_file


class TorchVad:
    def __init__(self) -> None:
        torch.set_num_threads(1)
        with warnings.catch_warnings():
            # torch recommends torch.export, but silero publishes TorchScript
            warnings.filterwarnings("ignore", "`torch.jit.load` is", DeprecationWarning)
            scripted: Any = torch.jit.load(str(model_file("silero_vad.jit")), map_location="cpu")
        self._model: Any = (
            scripted._model
        )  # the 16 kHz model without its wrapper, which keeps the state of one speaker
        self._model.eval()

    def run(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        with torch.inference_mode():
            output, following = self._model(torch.from_numpy(windows), torch.from_numpy(state))
        return cast("Floats", output.numpy())[:, 0], cast("Floats", following.numpy())


def build() -> TorchVad:
    return TorchVad()
