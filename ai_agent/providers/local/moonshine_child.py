"""The child process of Moonshine. It decodes one utterance at a time and keeps nothing between them."""

from __future__ import annotations

import json
import os
import signal
import sys

import numpy as np

from ai_agent.audio import INPUT_HZ
from ai_agent.providers.local.moonshine_model import Moonshine, Stopped, weights
from ai_agent.providers.local.pipe_protocol import READY, Frame, Inbox, MoonshineKind, Pipes, unpack_request
from server.common.limited_program import open_no_more_files

NICE = 2
"""Media has priority when the machine is busy."""


def serve(model: Moonshine, inbox: Inbox, pipes: Pipes) -> None:
    while True:
        frame = inbox.get()
        if frame.kind == MoonshineKind.CANCEL:
            inbox.forget(frame.number)
        elif not inbox.is_cancelled(frame.number):
            answer(model, frame, inbox, pipes)


def answer(model: Moonshine, frame: Frame, inbox: Inbox, pipes: Pipes) -> None:
    pcm, draft = unpack_request(frame.body)
    try:
        tokens = model.decode(
            np.frombuffer(pcm, "<i2").astype(np.int16), draft, lambda: inbox.is_cancelled(frame.number)
        )
    except Stopped:
        return
    result = {
        "tokens": [token.id for token in tokens],
        "words": [(text, round(probability, 3)) for text, probability in model.words(tokens)],
        "confidence": float(np.mean([token.probability for token in tokens])) if tokens else 0.0,
    }
    pipes.send(MoonshineKind.WORDS, frame.number, json.dumps(result).encode())


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker handles Ctrl-C
    pipes = Pipes.take_over_stdio()
    folder = weights()
    if folder is None:
        sys.exit("the weights of Moonshine are not installed")
    model = Moonshine(folder)
    model.decode(np.zeros(INPUT_HZ, np.int16))  # the first run allocates, and would delay the first learner
    inbox = Inbox(pipes, MoonshineKind.CANCEL)
    inbox.start()
    pipes.send(READY, body=b"{}")
    open_no_more_files()  # what follows is speech of strangers
    os.nice(NICE)  # only now, so that the start is not slower
    serve(model, inbox, pipes)


if __name__ == "__main__":
    main()
