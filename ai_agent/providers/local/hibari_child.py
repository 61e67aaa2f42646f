"""The child process of hibari. It speaks one request after the other, sentence by sentence."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from hibari import SAMPLE_RATE, Hibari, tts, voices

from ai_agent.providers.local.tts_child import Output, Request, Speak, run

NICE = 2
MAX_PHONEMES = 160
"""Longer sentences are split at commas: the first audio comes sooner, and memory stays small."""
BLOCK = SAMPLE_RATE // 100
QUIET_RMS = 0.0025
LEAD_BLOCKS, TAIL_BLOCKS = 3, 18
"""Silence that is kept of the 0.3 s before and the 0.5 s after each sentence: 30 ms, so that the answer comes
sooner, and 180 ms, because the sentences of a reply come in separate requests.
"""
FRAME_SAMPLES = SAMPLE_RATE // 4
RETRY_DOWNLOAD_S = 60.0
HEART = "heart"

Floats = npt.NDArray[np.float32]


class Voices:
    """`heart` is there from the start. Others are loaded when they are first used; while one is being
    downloaded, which may take long or fail, `heart` speaks.
    """

    def __init__(self) -> None:
        self._heart = Hibari()
        self._heart("Hello.")  # the first call loads the pronunciations, and would delay the first learner
        self._loaded: dict[str, Any] = {HEART: self._heart}
        self._downloads: dict[str, threading.Thread] = {}

    def get(self, name: str) -> Any:
        if name not in self._loaded and self._is_present(name):
            american = None if voices.VOICES[name]["british"] else self._heart.g2p
            self._loaded[name] = Hibari(voice=name, g2p=american)
        return self._loaded.get(name, self._heart)

    def _is_present(self, name: str) -> bool:
        try:
            voices.voice_path(name, download_missing=False)
        except FileNotFoundError:
            if name not in self._downloads:
                self._downloads[name] = threading.Thread(target=self._download, args=(name,), daemon=True)
                self._downloads[name].start()
            return False
        return True

    def _download(self, name: str) -> None:
        try:
            voices.voice_path(name)  # checks the SHA-256 that the package lists
        except RuntimeError as error:
            sys.stderr.write(
                f"hibari's voice {name} cannot be downloaded, {HEART} speaks; next attempt in "
                f"{RETRY_DOWNLOAD_S:.0f} s: {error}\n"
            )
            threading.Event().wait(RETRY_DOWNLOAD_S)
        del self._downloads[name]


def speak(voices_here: Voices, request: Request, output: Output) -> None:
    voice = voices_here.get(request["voice"])
    for phonemes in filter(has_sound, voice.phonemize(request["text"])):
        if output.is_cancelled:
            return
        samples = trimmed(voice.from_ids(voice.ids(phonemes), request["rate"]))
        for start in range(0, len(samples), FRAME_SAMPLES):
            output.audio(to_int16(samples[start : start + FRAME_SAMPLES]))


def has_sound(phonemes: str) -> bool:
    """Of punctuation alone the model makes a breath."""
    return any(char.isalpha() for char in phonemes)


def trimmed(samples: Floats) -> Floats:
    """Without most of the silence around the speech; empty if there is nothing else."""
    blocks = samples[: len(samples) // BLOCK * BLOCK].reshape(-1, BLOCK)
    loud = np.flatnonzero(np.sqrt(np.mean(np.square(blocks), axis=1)) >= QUIET_RMS)
    if not len(loud):
        return samples[:0]
    return samples[max(0, loud[0] - LEAD_BLOCKS) * BLOCK : (loud[-1] + 1 + TAIL_BLOCKS) * BLOCK]


def to_int16(samples: Floats) -> bytes:
    return (np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()


def load() -> tuple[Speak, Mapping[str, object]]:
    tts.MAX_PHONEMES = MAX_PHONEMES
    return partial(speak, Voices()), {}


if __name__ == "__main__":
    run(load, NICE)
