"""What the worker asks of an engine's process, in order; what it no longer wants is dropped."""

from __future__ import annotations

import os
import queue
import threading

from ai_agent.providers.local.framing import Frame, Pipes


class Inbox:
    """Reads in a thread, so that a cancel is seen while the main thread works.

    `cancel`: the kind of frame that takes back everything under its number. Numbers are not used twice.
    """

    def __init__(self, pipes: Pipes, cancel: bytes) -> None:
        self._pipes = pipes
        self._cancel = cancel
        self._frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def get(self) -> Frame:
        return self._frames.get()

    def is_cancelled(self, number: int) -> bool:
        return number in self._cancelled

    def forget(self, number: int) -> None:
        """It is done with: no frame of it comes after its cancel."""
        self._cancelled.discard(number)

    def _read(self) -> None:
        for frame in self._pipes.frames():
            if frame.kind == self._cancel:
                self._cancelled.add(frame.number)
            self._frames.put(frame)
        os._exit(0)  # the worker is gone: nobody waits for an answer any more
