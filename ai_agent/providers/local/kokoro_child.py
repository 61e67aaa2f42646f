"""The child process of Kokoro. hibari was distilled from it, and has its pronunciations and alphabet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]
from hibari import Hibari, tts
from hibari.g2p import G2P

from ai_agent.providers.local.hibari_child import FRAME_SAMPLES, has_sound, to_int16, trimmed
from ai_agent.providers.local.kokoro_model import DEFAULT, STYLES, read_model
from ai_agent.providers.local.tts_child import Output, Request, Speak, run

NICE = 2
MAX_PHONEMES = 80
"""About 5 s of speech, which take 2 to 3 s: the first audio must come within 4 s."""

Floats = npt.NDArray[np.float32]


class Kokoro:
    def __init__(self, model: bytes, styles: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._folder = styles
        self._styles: dict[str, Floats] = {}
        american = Hibari()
        self._readers = {"a": american, "b": Hibari(g2p=G2P(british=True))}
        self.speak("Hello.", DEFAULT, 1.0)  # the first run allocates, and would delay the first learner

    def phrases(self, text: str, voice: str) -> list[list[int]]:
        """Ids of the phonemes of each sentence or part of one."""
        reader = self._readers[voice[0]]
        return [reader.ids(phonemes) for phonemes in filter(has_sound, reader.phonemize(text))]

    def spoken(self, ids: list[int], voice: str, rate: float) -> Floats:
        style = self._style(voice)
        row = style[min(len(ids) - 2, len(style) - 1)][None]
        fed = {"tokens": np.array([ids], np.int64), "style": row, "speed": np.array([rate], np.float32)}
        samples: Floats = self._session.run(None, fed)[0].reshape(-1)
        return trimmed(samples)

    def speak(self, text: str, voice: str, rate: float) -> list[Floats]:
        return [self.spoken(ids, voice, rate) for ids in self.phrases(text, voice)]

    def _style(self, voice: str) -> Floats:
        if voice not in self._styles:
            self._styles[voice] = np.fromfile(self._folder / f"{voice}.bin", np.float32).reshape(-1, 256)
        return self._styles[voice]


def speak(kokoro: Kokoro, request: Request, output: Output) -> None:
    for ids in kokoro.phrases(request["text"], request["voice"]):
        if output.is_cancelled:
            return
        samples = kokoro.spoken(ids, request["voice"], request["rate"])
        for start in range(0, len(samples), FRAME_SAMPLES):
            output.audio(to_int16(samples[start : start + FRAME_SAMPLES]))


def load() -> tuple[Speak, Mapping[str, object]]:
    tts.MAX_PHONEMES = MAX_PHONEMES
    return partial(speak, Kokoro(read_model(), STYLES)), {}


if __name__ == "__main__":
    run(load, NICE)
