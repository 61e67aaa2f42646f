"""The JIT body, for those who have torch (extra `torch`)."""

from __future__ import annotations

import importlib
import warnings
from typing import Any, cast

from ai_agent.errors import SettingError
from ai_agent.vad.model import Floats, model_file


class TorchVad:
    def __init__(self) -> None:
        try:
            self._torch: Any = importlib.import_module("torch")  # optional, and slow to import
        except ImportError:
            raise SettingError("PARLOR_TUTOR_VAD=torch needs torch: pip install 'parlor[torch]'") from None
        self._torch.set_num_threads(1)
        with warnings.catch_warnings():
            # torch would rather have torch.export; silero publishes TorchScript
            warnings.filterwarnings("ignore", "`torch.jit.load` is", DeprecationWarning)
            scripted: Any = self._torch.jit.load(str(model_file("silero_vad.jit")), map_location="cpu")
        self._model: Any = scripted._model  # of 16 kHz, without the wrapper that keeps one speaker's state
        self._model.eval()

    def run(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        torch = self._torch
        with torch.inference_mode():
            output, following = self._model(torch.from_numpy(windows), torch.from_numpy(state))
        return cast("Floats", output.numpy())[:, 0], cast("Floats", following.numpy())
