"""pocketsphinx's process: one utterance at a time."""

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
from ai_agent.providers.local.framing import READY, Frame, Pipes
from ai_agent.providers.local.inbox import Inbox
from ai_agent.providers.local.sphinx_wire import (
    AUDIO,
    CANCEL,
    FINAL,
    FINISH,
    HEARD,
    PARTIAL,
    SAMPLES,
    START,
)

NICE = 2
"""Media comes first when the machine is busy."""

CONFIG: Final[Mapping[str, object]] = {
    # Measured: the second pass costs 240 ms (p50) after the last word and finds no more words than the first.
    "fwdflat": False,
    # A third less CPU at the same share of wrong words, measured too.
    "maxhmmpf": 5_000,
    "maxwpf": 20,
}
DITHER = 30.0
"""Samples, standard deviation (−61 dBFS). Digital silence, which codecs and synthetic voices send, has no
spectrum to normalise by: without noise under it twice as many words are wrong (measured)."""
LEARNED_FROM = 2 * INPUT_HZ
"""Samples heard of a new speaker before decoding starts, to learn their cepstral means from."""
KNOWN_FROM = 3 * INPUT_HZ // 2
"""Samples from which a new speaker's means are kept: a cough and the silence around it tell of no voice."""
LEARNING = "learning"
"""A search for one word: what comes out does not matter, and it takes an eighth of the time."""
PARTIAL_EVERY = INPUT_HZ // 5
FRAMES_A_SECOND = 100
CEPSTRA = 13
CMN_WINDOW = 500
FRAMES_HELD_BACK = 2
"""A frame looks at more samples than it lasts."""


def text_of(words: list[tuple[str, float, float, float]]) -> str:
    return " ".join(word for word, *_ in words)


def as_written(word: str) -> str:
    """The dictionary has no capitals, and people read this."""
    return "I" + word[1:] if word == "i" or word.startswith("i'") else word


def dictionary() -> frozenset[str]:
    path = Path(get_model_path()) / "en-us" / "cmudict-en-us.dict"
    with path.open(encoding="utf-8") as lines:
        return frozenset(line.split(maxsplit=1)[0] for line in lines)


def open_decoders() -> list[Any]:
    """One for free speech, one for what is said in lessons. Where their scores differ, the better one is
    right: that halves the wrong words of lesson talk and costs other speech nothing (measured).
    """
    with tempfile.NamedTemporaryFile("w", suffix=".arpa", encoding="utf-8") as file:
        file.write(talk_model.build(dictionary()))
        file.flush()
        free, talk = (
            Decoder(samprate=INPUT_HZ, **CONFIG),
            Decoder(samprate=INPUT_HZ, lm=file.name, **CONFIG),
        )
    free.add_keyphrase(LEARNING, "oh")
    return [free, talk]


class Ear:
    """The decoders and what is under way in them."""

    def __init__(self, decoders: list[Any]) -> None:
        self._decoders = decoders
        self._noise = np.random.default_rng(1).normal(0.0, DITHER, INPUT_HZ).astype(np.float32)
        self.number: int | None = None
        self.heard = 0
        self._enough = 1
        """Samples from which the means that an utterance ends with are kept."""
        self._held: bytearray | None = None
        """What a new speaker says, until enough is known of them to decode it."""
        self._told_at = 0
        self._told = ""

    def start(self, number: int, cmn: str | None) -> None:
        """`cmn`: the cepstral means that the speaker's last utterance ended with; None of one who is new."""
        self.abandon()
        self.number, self.heard, self._told_at, self._told = number, 0, 0, ""
        self._enough = KNOWN_FROM if cmn is None else 1
        self._held = bytearray() if cmn is None else None
        if cmn is not None:
            self._begin(cmn)

    def hear(self, body: bytes) -> str | None:
        """The text so far, when there is news of it."""
        pcm = np.frombuffer(body, dtype="<i2").astype(np.float32)
        if not len(pcm):
            return None
        noise = np.resize(np.roll(self._noise, -self.heard), len(pcm))
        noisy = np.clip(pcm + noise, -32768, 32767).astype("<i2").tobytes()
        self.heard += len(pcm)
        if self._held is None:
            self._decode(noisy)
        else:
            self._held += noisy
            if self.heard >= LEARNED_FROM:
                self._meet()
        return None if self._held is not None else self._news()

    def _news(self) -> str | None:
        if self.heard - self._told_at < PARTIAL_EVERY:
            return None
        self._told_at = self.heard
        best = self._best()
        text = " ".join(map(as_written, best.hyp().hypstr.split())) if best is not None else ""
        if text == self._told:
            return None
        self._told = text
        return text

    def _begin(self, cmn: str) -> None:
        for decoder in self._decoders:
            decoder.set_cmn(cmn)
            decoder.start_utt()

    def _decode(self, pcm: bytes) -> None:
        for decoder in self._decoders:
            decoder.process_raw(pcm)

    def _meet(self) -> None:
        """The model's own means are of another room and voice: with them 45 % of a stranger's first words in
        lesson talk are wrong, with theirs 27; of short answers 50 and 21 (measured)."""
        held, self._held = bytes(self._held or b""), None
        self._begin(means_of(held, self._decoders[0]))
        self._decode(held)

    def finish(self) -> dict[str, Any]:
        """Words as (text, start in seconds, end, confidence)."""
        heard = self.heard
        if self._held:
            self._meet()
        self.abandon()
        best = self._best() if heard else None
        words = words_of(best) if best is not None else []
        cmn = self._decoders[0].get_cmn() if heard >= self._enough else None
        return {"text": text_of(words), "words": words, "cmn": cmn}

    def abandon(self) -> None:
        if self.number is not None and self._held is None:
            for decoder in self._decoders:
                decoder.end_utt()
        self.number = self._held = None

    def _best(self) -> Any | None:
        """The decoder whose hypothesis scores higher; None: nobody has one."""
        sure = [decoder for decoder in self._decoders if decoder.hyp() is not None]
        return max(sure, key=lambda decoder: float(decoder.hyp().best_score), default=None)


def means_of(pcm: bytes, decoder: Any) -> str:
    """The cepstral means of 16-bit samples, for `set_cmn`, by a decoder with a `LEARNING` search."""
    search = decoder.current_search()
    decoder.activate_search(LEARNING)
    decoder.set_cmn(",".join("0" * CEPSTRA))
    decoder.start_utt()
    decoder.process_raw(pcm, no_search=True)
    updated = np.array(decoder.get_cmn(True).split(","), dtype=float)
    decoder.end_utt()
    decoder.activate_search(search)
    frames = len(pcm) // 2 * FRAMES_A_SECOND // INPUT_HZ - FRAMES_HELD_BACK
    # As if CMN_WINDOW frames of zeros had come first (cmn_live.c).
    return ",".join(f"{mean:.4f}" for mean in updated * (CMN_WINDOW + frames) / max(frames, 1))


def words_of(decoder: Any) -> list[tuple[str, float, float, float]]:
    words = []
    for segment in decoder.seg():
        word = segment.word.partition("(")[0]  # market(2) is a pronunciation of market
        if word and word[0] not in "<[+":
            start, end = segment.start_frame / FRAMES_A_SECOND, (segment.end_frame + 1) / FRAMES_A_SECOND
            words.append((as_written(word), start, end, min(round(segment.prob, 3), 1.0)))
    return words


def serve(ear: Ear, inbox: Inbox, pipes: Pipes) -> None:
    while True:
        frame = inbox.get()
        if frame.kind == CANCEL:
            inbox.forget(frame.number)
            if ear.number == frame.number:
                ear.abandon()
        elif not inbox.is_cancelled(frame.number):
            answer(ear, frame, pipes)


def answer(ear: Ear, frame: Frame, pipes: Pipes) -> None:
    if frame.kind == START:
        ear.start(frame.number, json.loads(frame.body)["cmn"])
    elif frame.number != ear.number:
        return
    elif frame.kind == AUDIO:
        text = ear.hear(frame.body)
        pipes.send(HEARD, frame.number, SAMPLES.pack(ear.heard))
        if text is not None:
            pipes.send(PARTIAL, frame.number, text.encode())
    elif frame.kind == FINISH:
        pipes.send(FINAL, frame.number, json.dumps(ear.finish()).encode())


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's to handle
    pipes = Pipes.take_over_stdio()
    set_loglevel("FATAL")
    ear = Ear(open_decoders())
    inbox = Inbox(pipes, CANCEL)
    inbox.start()
    pipes.send(READY, body=b"{}")
    os.nice(NICE)  # not before: somebody may be waiting for the start
    serve(ear, inbox, pipes)


if __name__ == "__main__":
    main()
