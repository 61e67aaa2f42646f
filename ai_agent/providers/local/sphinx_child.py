"""The child process of pocketsphinx. It decodes one utterance at a time."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from pocketsphinx import Decoder, get_model_path, set_loglevel

from ai_agent.audio import INPUT_HZ
from ai_agent.providers.local import talk_model
from ai_agent.providers.local.pipe_protocol import READY, SAMPLE_COUNT, Frame, Inbox, Pipes, SphinxKind
from server.common.limited_program import open_no_more_files

NICE = 2
"""Media has priority when the machine is busy."""

CONFIG: Final[Mapping[str, object]] = {
    # Measured: the second pass takes 240 ms (p50) after the last word and finds no more words than the first.
    "fwdflat": False,
    # Measured: a third less CPU at the same share of wrong words.
    "maxhmmpf": 5_000,
    "maxwpf": 20,
}
DITHER = 30.0
"""Standard deviation of the noise that is added to the samples (−61 dBFS). Digital silence, which codecs and
synthetic voices send, has no spectrum to normalise by: without noise twice as many words are wrong
(measured).
"""
LEARNING_SAMPLES = 2 * INPUT_HZ
"""Decoding of a new speaker starts after this much audio, from which their cepstral means are learned."""
MIN_SAMPLES_TO_KEEP = 3 * INPUT_HZ // 2
"""Minimum of a new speaker's first utterance for its means to be kept: a short cough does not represent a
voice."""
LEARNING_SEARCH = "learning"
"""A search for one word. Its result is not used, and it takes an eighth of the time."""
PARTIAL_EVERY = INPUT_HZ // 5
FRAMES_A_SECOND = 100
CEPSTRA = 13
CMN_WINDOW = 500
FRAMES_HELD_BACK = 2
"""A frame is computed from more samples than its duration."""


def text_of(words: list[tuple[str, float, float, float]]) -> str:
    return " ".join(word for word, *_ in words)


def as_written(word: str) -> str:
    """The dictionary has no capitals, but people read the text."""
    return "I" + word[1:] if word == "i" or word.startswith("i'") else word


def dictionary() -> frozenset[str]:
    path = Path(get_model_path()) / "en-us" / "cmudict-en-us.dict"
    with path.open(encoding="utf-8") as lines:
        return frozenset(line.split(maxsplit=1)[0] for line in lines)


def open_decoders() -> list[Any]:
    """One for free speech, one for lesson talk. The result with the better score is used: that halves the
    wrong words of lesson talk and costs other speech nothing (measured).
    """
    with tempfile.NamedTemporaryFile("w", suffix=".arpa", encoding="utf-8") as file:
        file.write(talk_model.build(dictionary()))
        file.flush()
        free, talk = (
            Decoder(samprate=INPUT_HZ, **CONFIG),
            Decoder(samprate=INPUT_HZ, lm=file.name, **CONFIG),
        )
    free.add_keyphrase(LEARNING_SEARCH, "oh")
    return [free, talk]


class Recogniser:
    """Both decoders and the utterance that they are decoding."""

    def __init__(self, decoders: list[Any]) -> None:
        self._decoders = decoders
        self._noise = np.random.default_rng(1).normal(0.0, DITHER, INPUT_HZ).astype(np.float32)
        self.number: int | None = None
        self.samples = 0
        self._min_samples = 1
        """The means of shorter utterances are not kept."""
        self._held: bytearray | None = None
        """Audio of a new speaker whose means are not known yet."""
        self._partial_at = 0
        self._partial = ""

    def start(self, number: int, cmn: str | None) -> None:
        """`cmn`: the cepstral means at the end of the speaker's last utterance; None for a new speaker."""
        self.reset()
        self.number, self.samples, self._partial_at, self._partial = number, 0, 0, ""
        self._min_samples = MIN_SAMPLES_TO_KEEP if cmn is None else 1
        self._held = bytearray() if cmn is None else None
        if cmn is not None:
            self._begin(cmn)

    def push(self, body: bytes) -> str | None:
        """The text so far if it has changed, at most every PARTIAL_EVERY samples."""
        pcm = np.frombuffer(body, dtype="<i2").astype(np.float32)
        if not len(pcm):
            return None
        noise = np.resize(np.roll(self._noise, -self.samples), len(pcm))
        noisy = np.clip(pcm + noise, -32768, 32767).astype("<i2").tobytes()
        self.samples += len(pcm)
        if self._held is None:
            self._decode(noisy)
        else:
            self._held += noisy
            if self.samples >= LEARNING_SAMPLES:
                self._begin_new_speaker()
        return None if self._held is not None else self._new_partial()

    def _new_partial(self) -> str | None:
        if self.samples - self._partial_at < PARTIAL_EVERY:
            return None
        self._partial_at = self.samples
        best = self._best()
        text = " ".join(map(as_written, best.hyp().hypstr.split())) if best is not None else ""
        if text == self._partial:
            return None
        self._partial = text
        return text

    def _begin(self, cmn: str) -> None:
        for decoder in self._decoders:
            decoder.set_cmn(cmn)
            decoder.start_utt()

    def _decode(self, pcm: bytes) -> None:
        for decoder in self._decoders:
            decoder.process_raw(pcm)

    def _begin_new_speaker(self) -> None:
        """Learn the means from the held audio. With the model's own means, which are of another room and
        voice, 45 % of a new speaker's first words in lesson talk are wrong, with theirs 27 %; of short
        answers 50 % and 21 % (measured).
        """
        held, self._held = bytes(self._held or b""), None
        self._begin(means_of(held, self._decoders[0]))
        self._decode(held)

    def finish(self) -> dict[str, Any]:
        """Words as (text, start in seconds, end, confidence)."""
        samples = self.samples
        if self._held:
            self._begin_new_speaker()
        self.reset()
        best = self._best() if samples else None
        words = words_of(best) if best is not None else []
        cmn = self._decoders[0].get_cmn() if samples >= self._min_samples else None
        return {"text": text_of(words), "words": words, "cmn": cmn}

    def reset(self) -> None:
        if self.number is not None and self._held is None:
            for decoder in self._decoders:
                decoder.end_utt()
        self.number = self._held = None

    def _best(self) -> Any | None:
        """The decoder whose hypothesis has the higher score; None if neither has one."""
        with_text = [decoder for decoder in self._decoders if decoder.hyp() is not None]
        return max(with_text, key=lambda decoder: float(decoder.hyp().best_score), default=None)


def means_of(pcm: bytes, decoder: Any) -> str:
    """The cepstral means of int16 samples, for `set_cmn`. `decoder`: one with a LEARNING_SEARCH."""
    search = decoder.current_search()
    decoder.activate_search(LEARNING_SEARCH)
    decoder.set_cmn(",".join("0" * CEPSTRA))
    decoder.start_utt()
    decoder.process_raw(pcm, no_search=True)
    updated = np.array(decoder.get_cmn(True).split(","), dtype=float)
    decoder.end_utt()
    decoder.activate_search(search)
    frames = len(pcm) // 2 * FRAMES_A_SECOND // INPUT_HZ - FRAMES_HELD_BACK
    # cmn_live.c averages as if CMN_WINDOW frames of zeros had come first.
    return ",".join(f"{mean:.4f}" for mean in updated * (CMN_WINDOW + frames) / max(frames, 1))


def words_of(decoder: Any) -> list[tuple[str, float, float, float]]:
    words = []
    for segment in decoder.seg():
        word = segment.word.partition("(")[0]  # market(2) is a pronunciation of market
        if word and word[0] not in "<[+":
            start, end = segment.start_frame / FRAMES_A_SECOND, (segment.end_frame + 1) / FRAMES_A_SECOND
            words.append((as_written(word), start, end, min(round(segment.prob, 3), 1.0)))
    return words


def serve(recogniser: Recogniser, inbox: Inbox, pipes: Pipes) -> None:
    while True:
        frame = inbox.get()
        if frame.kind == SphinxKind.CANCEL:
            inbox.forget(frame.number)
            if recogniser.number == frame.number:
                recogniser.reset()
        elif not inbox.is_cancelled(frame.number):
            handle(recogniser, frame, pipes)


def handle(recogniser: Recogniser, frame: Frame, pipes: Pipes) -> None:
    if frame.kind == SphinxKind.START:
        recogniser.start(frame.number, json.loads(frame.body)["cmn"])
    elif frame.number != recogniser.number:
        return
    elif frame.kind == SphinxKind.AUDIO:
        text = recogniser.push(frame.body)
        pipes.send(SphinxKind.DECODED, frame.number, SAMPLE_COUNT.pack(recogniser.samples))
        if text is not None:
            pipes.send(SphinxKind.PARTIAL, frame.number, text.encode())
    elif frame.kind == SphinxKind.FINISH:
        pipes.send(SphinxKind.FINAL, frame.number, json.dumps(recogniser.finish()).encode())


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker handles Ctrl-C
    pipes = Pipes.take_over_stdio()
    set_loglevel("FATAL")
    recogniser = Recogniser(open_decoders())
    inbox = Inbox(pipes, SphinxKind.CANCEL)
    inbox.start()
    pipes.send(READY, body=b"{}")
    open_no_more_files()  # what follows is speech of strangers
    os.nice(NICE)  # only now, so that the start is not slower
    serve(recogniser, inbox, pipes)


if __name__ == "__main__":
    main()
