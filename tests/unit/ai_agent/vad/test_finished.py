"""Judgements of finished speech: the real model, and the service around it."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.vad.finished import MAX_WAITING, FinishedModel, FinishedService, SmartTurn
from tests.fakes.overlap_clips import spoken

PAUSE = np.zeros(INPUT_HZ // 4, np.int16)


class SlowModel:
    """Answers when the test lets it."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.calls = 0

    def probability(self, speech: Pcm) -> float:
        self.calls += 1
        self.may_answer.wait(10)
        return 0.7


def test_the_last_eight_seconds_are_judged_with_silence_before_shorter_speech() -> None:
    model = SmartTurn()
    short = spoken("I went to the market.")
    longest = np.tile(short, 10)[-8 * INPUT_HZ :]
    judged = model.probability(short)
    assert judged == model.probability(np.concatenate([np.zeros(8 * INPUT_HZ - len(short), np.int16), short]))
    assert model.probability(np.concatenate([short, longest])) == model.probability(longest) != judged


@pytest.mark.parametrize("samples", [0, 1, 8 * INPUT_HZ, 20 * INPUT_HZ])
def test_speech_of_any_length_is_judged(samples: int) -> None:
    assert 0 <= SmartTurn().probability(np.zeros(samples, np.int16)) <= 1


async def test_judgements_come_from_a_thread_and_too_many_are_refused() -> None:
    model = SlowModel()
    judged: list[float] = []
    service = FinishedService(lambda: model)
    for _ in range(MAX_WAITING + 3):
        service.judge(PAUSE, judged.append)
    assert judged == []
    model.may_answer.set()
    async with asyncio.timeout(5):
        while len(judged) < MAX_WAITING:  # noqa: ASYNC110 - a callback, no event
            await asyncio.sleep(0)
    assert model.calls == MAX_WAITING
    service.judge(PAUSE, judged.append)
    await service.aclose()
    await service.aclose()


async def test_a_model_that_cannot_be_loaded_judges_nothing_and_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> FinishedModel:
        raise ModuleNotFoundError("No module named 'pipecat'", name="pipecat")

    service = FinishedService(fail)
    await service.warm_up()
    await service.warm_up()
    service.judge(PAUSE, lambda _: pytest.fail("nothing can judge"))
    await service.aclose()
    assert [record.message for record in caplog.records] == [
        "pauses are judged by words alone: No module named 'pipecat'"
    ]
