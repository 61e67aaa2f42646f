"""Whether speech sounds finished: smart-turn v3.2, one model for the worker, in a thread of its own.

It judges melody and rhythm, not words, and is often wrong: it is sure of two thirds of learners' finished
turns, and of a third of those that go on. So it only chooses between a short and a long pause
(`turns/endpointing.py`).

The model and its features are files of the `pipecat-ai` package (BSD-2), read without importing the package:
that needs dozens of others.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, cast

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.vad.model import Floats
from server.common.tasks import TaskSet

_log = logging.getLogger(__name__)

LISTENS_S = 8
"""Seconds before the pause that the model listens to."""
MAX_WAITING = 4
"""Pauses that may wait for their judgement, 30 to 60 ms each: later ones get none, and the usual delay."""

OnJudgement = Callable[[float], None]
"""Gets the probability that the speech is finished."""


class FinishedJudge(Protocol):
    """The interface that the dialogue uses. Implemented by `FinishedService`, and by fakes in tests."""

    def judge(self, speech: Pcm, on_judgement: OnJudgement) -> None:
        """`speech`: at INPUT_HZ, with the beginning of the pause at its end. The answer may never come."""
        ...


class FinishedModel(Protocol):
    def probability(self, speech: Pcm) -> float: ...


class SmartTurn:
    """Raises ImportError if its package is not installed."""

    def __init__(self) -> None:
        folder = _package_folder() / "audio" / "turn" / "smart_turn"
        self._features = _load_features(folder / "_whisper_features.py")
        onnxruntime = importlib.import_module("onnxruntime")  # on demand: the VAD may run without it
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "data" / "smart-turn-v3.2-cpu.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def probability(self, speech: Pcm) -> float:
        """The last LISTENS_S count; shorter speech gets silence before it, as in the model's training."""
        heard = np.zeros(LISTENS_S * INPUT_HZ, np.float32)
        last = speech[-len(heard) :]
        heard[len(heard) - len(last) :] = last.astype(np.float32) / 32768
        (answer,) = self._session.run(None, {"input_features": self._features(heard)[None]})
        return float(answer.reshape(-1)[0])


class FinishedService:
    """`load` makes the model. It is called in the service's thread, by `warm_up` or for the first pause. If
    it fails, the error is logged once and no pause is judged.
    """

    def __init__(self, load: Callable[[], FinishedModel]) -> None:
        self._load = load
        self._model: FinishedModel | None = None
        self._is_broken = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="finished")
        self._tasks = TaskSet()
        self._waiting = 0

    def judge(self, speech: Pcm, on_judgement: OnJudgement) -> None:
        if self._waiting < MAX_WAITING and not self._is_broken:
            self._waiting += 1
            self._tasks.spawn(self._judge(speech, on_judgement), "judging a pause")

    async def _judge(self, speech: Pcm, on_judgement: OnJudgement) -> None:
        try:
            loop = asyncio.get_running_loop()
            probability = await loop.run_in_executor(self._thread, self._probability, speech)
            if probability is not None:
                on_judgement(probability)
        finally:
            self._waiting -= 1

    async def warm_up(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._loaded)

    async def aclose(self) -> None:
        """Idempotent."""
        await self._tasks.aclose()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _probability(self, speech: Pcm) -> float | None:
        model = self._loaded()
        return model.probability(speech) if model is not None else None

    def _loaded(self) -> FinishedModel | None:
        """In the service's thread. None if it cannot be loaded."""
        if self._model is None and not self._is_broken:
            try:
                self._model = self._load()
            except (ImportError, OSError) as error:
                self._is_broken = True
                _log.warning("pauses are judged by words alone: %s", error)
        return self._model


def _package_folder() -> Path:
    spec = importlib.util.find_spec("pipecat")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'pipecat'", name="pipecat")
    return Path(next(iter(spec.submodule_search_locations)))


def _load_features(path: Path) -> Callable[[Floats], Floats]:
    """The file's function from LISTENS_S of audio in -1..1 to log-mels (80, 100 * LISTENS_S)."""
    spec = importlib.util.spec_from_file_location("smart_turn_features", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Callable[[Floats], Floats]", module.compute_whisper_log_mel_features)
