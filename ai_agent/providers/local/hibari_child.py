"""The child process of hibari. It speaks one request after the other, sentence by sentence."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Any

import numpy as np
import numpy.typing as npt
from hibari import SAMPLE_RATE, Hibari, tts, voices

from ai_agent.providers.local.pipe_protocol import READY, Frame, Inbox, Pipes, SpeechKind

NICE = 2
"""Media has priority when the machine is busy."""
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

Floats = npt.NDArray[np.float32]


class Voices:
    """`heart` is there from the start. Others are loaded when they are first used; while one is being
    downloaded, which may take long or fail, `heart` speaks.
    """

    def __init__(self) -> None:
        self._heart = Hibari()
        self._heart("Hello.")  # the first call loads the pronunciations, and would delay the first learner
        self._loaded: dict[str, Any] = {"heart": self._heart}
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
            voices.voice_path(name)
        except RuntimeError as error:
            sys.stderr.write(f"{error}\n")
            threading.Event().wait(RETRY_DOWNLOAD_S)
        del self._downloads[name]


class Synthesizer:
    """A cancelled request stops at its next sentence."""

    def __init__(self, voices_here: Voices, pipes: Pipes, inbox: Inbox) -> None:
        self._voices = voices_here
        self._pipes = pipes
        self._inbox = inbox

    def run(self) -> None:
        while True:
            frame = self._inbox.get()
            if frame.kind == SpeechKind.CANCEL:
                self._inbox.forget(frame.number)
            elif not self._inbox.is_cancelled(frame.number):
                self._speak(frame)

    def _speak(self, frame: Frame) -> None:
        request = json.loads(frame.body)
        voice = self._voices.get(request["voice"])
        for phonemes in filter(has_sound, voice.phonemize(request["text"])):
            samples = trimmed(voice.from_ids(voice.ids(phonemes), request["rate"]))
            for start in range(0, len(samples), FRAME_SAMPLES):
                if self._inbox.is_cancelled(frame.number):
                    return
                pcm = to_int16(samples[start : start + FRAME_SAMPLES])
                self._pipes.send(SpeechKind.AUDIO, frame.number, pcm)
        self._pipes.send(SpeechKind.END, frame.number)


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


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker handles Ctrl-C
    pipes = Pipes.take_over_stdio()
    tts.MAX_PHONEMES = MAX_PHONEMES
    ready = Voices()
    pipes.send(READY, body=b"{}")
    os.nice(NICE)  # only now, so that the start is not slower
    inbox = Inbox(pipes, SpeechKind.CANCEL)
    inbox.start()
    Synthesizer(ready, pipes, inbox).run()


if __name__ == "__main__":
    main()
