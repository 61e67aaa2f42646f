"""VadService: batches, order, bounds."""

from __future__ import annotations

import asyncio
import importlib.util
import threading

import numpy as np
import pytest

from ai_agent.errors import SettingError
from ai_agent.vad.model import CONTEXT, WINDOW, Floats, VadModel, load_model, no_state
from ai_agent.vad.service import MAX_WAITING, VadService, open_vad
from tests.fakes.direct_vad import DirectVad
from tests.fakes.overlap_clips import noise, spoken

HAS_TORCH = importlib.util.find_spec("torch") is not None


def windows_of(pcm: np.ndarray[tuple[int], np.dtype[np.int16]]) -> list[Floats]:
    floats: Floats = (pcm / 32768).astype(np.float32)
    return [floats[at : at + WINDOW] for at in range(0, len(floats) - WINDOW, WINDOW)]


def track(model: VadModel, pcm: np.ndarray[tuple[int], np.dtype[np.int16]]) -> list[float]:
    answers: list[float] = []
    stream = DirectVad(model).open(lambda probability, _: answers.append(probability))
    for window in windows_of(pcm):
        stream.push(window, 0.0)
    return answers


def test_speech_is_detected_from_its_second_window_on(model: VadModel) -> None:
    answers = track(model, spoken("I like rice with fish"))
    assert max(answers[:3]) > 0.5
    assert np.mean(np.array(answers) > 0.5) > 0.8


def test_noise_and_silence_are_not_speech(model: VadModel) -> None:
    assert max(track(model, noise(1))) < 0.5
    assert max(track(model, np.zeros(16_000, np.int16))) < 0.1


def test_a_batch_gives_the_same_results_as_single_windows(model: VadModel) -> None:
    rows = [spoken("good morning")[1000:], noise(2)]
    context = np.zeros((2, CONTEXT), np.float32)
    state, alone = no_state(2), [track(model, pcm[: 20 * WINDOW + 1]) for pcm in rows]
    for i, pair in enumerate(zip(*(windows_of(pcm[: 20 * WINDOW + 1]) for pcm in rows), strict=False)):
        both = np.stack(pair)
        answers, state = model.run(np.concatenate([context, both], axis=1), state)
        context = both[:, -CONTEXT:]
        assert answers == pytest.approx([alone[0][i], alone[1][i]], abs=1e-3)


@pytest.mark.torch
@pytest.mark.skipif(not HAS_TORCH, reason="torch is an optional extra: make test-torch")
def test_both_backends_give_the_same_results() -> None:
    sound = np.concatenate([spoken("good morning, how are you"), noise(3), spoken("fine", "en-us+f3")])
    onnx, torch = (track(load_model(name), sound) for name in ("onnx", "torch"))
    assert torch == pytest.approx(onnx, abs=1e-3)


class SlowModel:
    """Returns the loudest sample, once the test permits it."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.batches: list[int] = []

    def run(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        self.may_answer.wait(5)
        self.batches.append(len(windows))
        return windows.max(axis=1), state


async def test_windows_of_many_speakers_share_a_batch_and_keep_their_order() -> None:
    model = SlowModel()
    service = VadService(lambda: model)
    heard: dict[int, list[float]] = {i: [] for i in range(12)}
    done = asyncio.Event()

    def listen(speaker: int, at: float) -> None:
        heard[speaker].append(at)
        if all(len(times) == 3 for times in heard.values()):
            done.set()

    streams = [service.open(lambda _, at, i=i: listen(i, at)) for i in heard]  # type: ignore[misc]
    for at in range(3):
        for stream in streams:
            stream.push(np.full(WINDOW, 0.1, np.float32), float(at))
    await asyncio.sleep(0)
    model.may_answer.set()
    await asyncio.wait_for(done.wait(), 5)
    assert all(times == [0.0, 1.0, 2.0] for times in heard.values())
    assert max(model.batches) == 12
    await service.aclose()


async def test_a_speakers_queue_is_bounded_and_a_closed_speaker_gets_no_results() -> None:
    model = SlowModel()
    service = VadService(lambda: model)
    heard: list[float] = []
    last = asyncio.Event()

    def listen(_: float, at: float) -> None:
        heard.append(at)
        if at == 999:
            last.set()

    stream = service.open(listen)
    closed = service.open(lambda _, at: heard.append(-at))
    closed.push(np.zeros(WINDOW, np.float32), 1.0)
    closed.close()
    for at in range(1000):
        stream.push(np.zeros(WINDOW, np.float32), float(at))
    model.may_answer.set()
    await asyncio.wait_for(last.wait(), 5)
    assert len(heard) <= MAX_WAITING + 1
    assert min(heard) >= 0
    await service.aclose()
    await service.aclose()


async def test_a_reset_clears_the_state() -> None:
    model = SlowModel()
    service = VadService(lambda: model)
    heard: list[float] = []
    last = asyncio.Event()

    def listen(_: float, at: float) -> None:
        heard.append(at)
        last.set()

    stream = service.open(listen)
    stream.push(np.zeros(WINDOW, np.float32), 1.0)
    await asyncio.sleep(0)  # it is with the model now
    stream.push(np.zeros(WINDOW, np.float32), 2.0)
    stream.reset()
    stream.push(np.zeros(WINDOW, np.float32), 3.0)
    model.may_answer.set()
    await asyncio.wait_for(last.wait(), 5)
    assert heard == [3.0]
    await service.aclose()


def test_an_unknown_model_is_an_error_of_one_line() -> None:
    with pytest.raises(SettingError, match="onnx or torch"):
        open_vad("guess")


@pytest.mark.skipif(HAS_TORCH, reason="torch is here")
def test_a_missing_torch_is_an_error_of_one_line() -> None:
    with pytest.raises(SettingError, match=r"parlor\[torch\]"):
        open_vad("torch")
