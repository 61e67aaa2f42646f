"""One model for the whole worker: windows of all speakers of all sessions go through it in batches.

A batch holds at most one window of each speaker; the next one gathers while it runs in the service's thread.
So an idle worker answers at once, and a busy one needs about a third of the time a window.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol

import numpy as np

from ai_agent.packages import require_vad
from ai_agent.vad.model import CONTEXT, WINDOW, Floats, VadModel, load_model, no_state
from server.common.tasks import BackgroundTask

MAX_WAITING = 32
"""Windows of one speaker that may wait (1 s). If the machine cannot keep up, the oldest are dropped."""

OnWindow = Callable[[float, float], None]
"""Gets the probability of speech and the window's `at`."""


class VadStream(Protocol):
    """One speaker's windows, in order."""

    def push(self, window: Floats, at: float) -> None:
        """WINDOW samples in -1..1. `at`: when the window ended; returned with the result."""
        ...

    def reset(self) -> None:
        """The next window does not follow the last one."""
        ...

    def close(self) -> None: ...


class Vad(Protocol):
    """The interface that the dialogue uses. Implemented by `VadService`, and by fakes in tests."""

    def open(self, on_window: OnWindow) -> VadStream: ...


class _Stream:
    def __init__(self, service: VadService, on_window: OnWindow) -> None:
        self._service = service
        self.on_window = on_window
        self.waiting: deque[tuple[Floats, float]] = deque(maxlen=MAX_WAITING)
        self.state = no_state()
        self.context = np.zeros(CONTEXT, np.float32)
        self.is_open = True
        self.epoch = 0

    def push(self, window: Floats, at: float) -> None:
        if self.is_open:
            self.waiting.append((window, at))
            self._service.wake(self)

    def reset(self) -> None:
        self.waiting.clear()
        self.epoch += 1  # the window in the batch that runs is from before
        self.state = no_state()
        self.context = np.zeros(CONTEXT, np.float32)

    def close(self) -> None:
        self.is_open = False
        self.waiting.clear()


class VadService:
    """`load` makes the model. It is called in the service's thread, by `warm_up` or for the first window."""

    def __init__(self, load: Callable[[], VadModel]) -> None:
        self._load = load
        self._model: VadModel | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="vad")
        self._ready: dict[_Stream, None] = {}
        self._wake = asyncio.Event()
        self._background = BackgroundTask("vad", self._run)

    def open(self, on_window: OnWindow) -> VadStream:
        return _Stream(self, on_window)

    def wake(self, stream: _Stream) -> None:
        self._ready[stream] = None
        self._wake.set()
        self._background.start()

    async def warm_up(self) -> None:
        """Raises what `load` raises."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._loaded)

    async def aclose(self) -> None:
        """Idempotent. Waiting windows are dropped."""
        await self._background.aclose()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            batch = self._next_batch()
            if not batch:
                self._wake.clear()
                continue
            epochs = [stream.epoch for stream in batch]
            windows, states = _stack(batch)
            answers, following = await loop.run_in_executor(self._thread, self._answer, windows, states)
            for i, (stream, (window, at)) in enumerate(batch.items()):
                if not stream.is_open or stream.epoch != epochs[i]:
                    continue
                stream.state = following[:, i : i + 1]
                stream.context = window[-CONTEXT:]
                stream.on_window(float(answers[i]), at)

    def _answer(self, windows: Floats, states: Floats) -> tuple[Floats, Floats]:
        return self._loaded().run(windows, states)

    def _loaded(self) -> VadModel:
        """In the service's thread."""
        if self._model is None:
            self._model = self._load()
        return self._model

    def _next_batch(self) -> dict[_Stream, tuple[Floats, float]]:
        batch = {stream: stream.waiting.popleft() for stream in self._ready if stream.waiting}
        self._ready = {stream: None for stream in self._ready if stream.waiting}
        return batch


def _stack(batch: Mapping[_Stream, tuple[Floats, float]]) -> tuple[Floats, Floats]:
    windows = np.empty((len(batch), CONTEXT + WINDOW), np.float32)
    for row, (stream, (window, _)) in zip(windows, batch.items(), strict=True):
        row[:CONTEXT] = stream.context
        row[CONTEXT:] = window
    return windows, np.concatenate([stream.state for stream in batch], axis=1)


def open_vad(name: str) -> VadService:
    """`name`: onnx or torch, as in the settings. Raises SettingError."""
    require_vad(name)
    return VadService(partial(load_model, name))
