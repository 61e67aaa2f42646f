"""The child process of a TTS engine: it speaks one request after the other, and stops a cancelled one."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ai_agent.providers.local.pipe_protocol import READY, Inbox, Pipes, SpeechKind


class Cancelled(Exception):
    """Nobody wants the rest of the request."""


class Output:
    """Of one request. `is_cancelled` may become true at any time."""

    def __init__(self, pipes: Pipes, inbox: Inbox, number: int) -> None:
        self._pipes = pipes
        self._inbox = inbox
        self._number = number

    @property
    def is_cancelled(self) -> bool:
        return self._inbox.is_cancelled(self._number)

    def audio(self, pcm: bytes) -> None:
        """int16, little-endian, at the engine's rate. Raises Cancelled."""
        if self.is_cancelled:
            raise Cancelled
        self._pipes.send(SpeechKind.AUDIO, self._number, pcm)

    def marks(self, marks: list[tuple[int, int]]) -> None:
        """Of words that begin in or after the next samples: (ms, end in characters). Raises Cancelled."""
        if self.is_cancelled:
            raise Cancelled
        self._pipes.send(SpeechKind.MARKS, self._number, json.dumps(marks).encode())


Request = Mapping[str, Any]
Speak = Callable[[Request, Output], None]
"""Speaks one request. May raise RuntimeError, whose text goes to the log, and Cancelled."""


def run(load: Callable[[], tuple[Speak, Mapping[str, object]]], nice: int) -> None:
    """Until standard input ends. `load` returns how to speak, and facts about the engine. `nice`: media has
    priority when the machine is busy.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker handles Ctrl-C
    pipes = Pipes.take_over_stdio()
    speak, about = load()
    with suppress(BrokenPipeError):  # the worker has ended, perhaps while this process was loading
        pipes.send(READY, body=json.dumps(about).encode())
        os.nice(nice)  # only now, so that the start is not slower
        inbox = Inbox(pipes, SpeechKind.CANCEL)
        inbox.start()
        while True:
            serve(speak, pipes, inbox)


def serve(speak: Speak, pipes: Pipes, inbox: Inbox) -> None:
    """Wait for one frame and do what it says."""
    frame = inbox.get()
    if frame.kind == SpeechKind.CANCEL:
        inbox.forget(frame.number)
        return
    if inbox.is_cancelled(frame.number):
        return
    try:
        speak(json.loads(frame.body), Output(pipes, inbox, frame.number))
    except Cancelled:
        return
    except RuntimeError as error:
        pipes.send(SpeechKind.FAILED, frame.number, str(error).encode())
    else:
        pipes.send(SpeechKind.END, frame.number)
