"""The child process of the corrector: its parser takes 0.7 s to load, 200 MB, and holds the GIL."""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from dataclasses import asdict

from ai_agent.providers.local.pipe_protocol import READY, CorrectorKind, Pipes
from ai_agent.tutor.corrector.correct import Corrector
from ai_agent.tutor.corrector.parser import Parser

NICE = 5
"""Media has priority when the machine is busy."""
_WARM_UP = "I goed to the market yesterday"


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker handles Ctrl-C
    with suppress(BrokenPipeError):  # the worker has ended, perhaps while this process was loading
        serve(Pipes.take_over_stdio())


def serve(pipes: Pipes) -> None:
    corrector = Corrector(Parser())
    corrector.judge(_WARM_UP)  # the first call is slow: tables are read
    pipes.send(READY)
    os.nice(NICE)  # only now, so that the start is not slower
    for frame in pipes.frames():
        if frame.kind == CorrectorKind.CHECK:
            judgement = corrector.judge(**json.loads(frame.body))
            pipes.send(CorrectorKind.JUDGED, frame.number, json.dumps(asdict(judgement)).encode())


if __name__ == "__main__":
    main()
