"""The default backend: onnxruntime with one thread, without torch."""

from __future__ import annotations

from typing import cast

import numpy as np
import onnxruntime  # type: ignore[import-untyped]

from ai_agent.vad.model import Floats, model_file


class OnnxVad:
    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        # one thread: media and engines share the machine, and a window takes a fraction of a millisecond
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(model_file("silero_vad.onnx")), options, providers=["CPUExecutionProvider"]
        )
        self._rate = np.array(16_000, np.int64)

    def run(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        output, following = self._session.run(None, {"input": windows, "state": state, "sr": self._rate})
        return cast("Floats", output)[:, 0], cast("Floats", following)


def build() -> OnnxVad:
    return OnnxVad()
