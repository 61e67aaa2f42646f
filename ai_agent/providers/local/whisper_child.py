"""The child process of Whisper: one utterance after the other, on one thread."""

from __future__ import annotations

import json
import math
import os
import signal
from collections.abc import Mapping
from contextlib import suppress

import numpy as np
from faster_whisper import WhisperModel

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.providers.local.pipe_protocol import READY, Frame, Pipes, WhisperKind
from ai_agent.providers.local.whisper_model import read_model

NICE = 2


class Whisper:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._model = WhisperModel(
            "base", device="cpu", compute_type="int8", cpu_threads=1, files=dict(files)
        )

    def transcribe(self, pcm: Pcm, language: str) -> tuple[str, float]:
        """The text, and the mean probability of its tokens. Raises ValueError for a language that it does not
        know. It leaves out what it takes for noise.
        """
        segments, _ = self._model.transcribe(
            pcm.astype(np.float32) / 32768,
            language=language,
            beam_size=1,
            temperature=0.0,  # without the second tries, which invent words
            condition_on_previous_text=False,
            without_timestamps=True,
        )
        found = list(segments)
        text = " ".join(segment.text.strip() for segment in found)
        tokens = sum(len(segment.tokens) for segment in found)
        if not tokens:
            return "", 0.0
        total = sum(segment.avg_logprob * len(segment.tokens) for segment in found)
        return text, math.exp(min(0.0, total / tokens))


def answer(whisper: Whisper, frame: Frame, pipes: Pipes) -> None:
    language, _, pcm = frame.body.partition(b"\0")
    try:
        text, confidence = whisper.transcribe(np.frombuffer(pcm, "<i2").astype(np.int16), language.decode())
    except ValueError as error:
        pipes.send(WhisperKind.FAILED, frame.number, str(error)[:200].encode())
        return
    heard = {"text": text, "confidence": round(confidence, 3)}
    pipes.send(WhisperKind.HEARD, frame.number, json.dumps(heard).encode())


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker handles Ctrl-C
    with suppress(BrokenPipeError):  # the worker has ended, perhaps while this process was loading
        pipes = Pipes.take_over_stdio()
        whisper = Whisper(read_model())
        whisper.transcribe(np.zeros(INPUT_HZ, np.int16), "en")  # the first run allocates
        pipes.send(READY, body=b"{}")
        os.nice(NICE)  # only now, so that the start is not slower
        for frame in pipes.frames():
            if frame.kind == WhisperKind.TRANSCRIBE:
                answer(whisper, frame, pipes)


if __name__ == "__main__":
    main()
