"""The queue in front of the process that decodes utterances, with a process that takes virtual time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import numpy as np
import pytest

from ai_agent.errors import EngineTimeout, EngineUnavailable
from ai_agent.providers.local.decode_queue import ANSWER_S, PARTIAL_SHARE, Decoded, DecodeQueue
from ai_agent.providers.local.pipe_protocol import Frame, MoonshineKind, unpack_request
from tests.fakes.virtual_time import on_virtual_time

DECODE_S = 0.2


class FakeProcess:
    """Answers each request after DECODE_S with the number of its samples. `crashes`, `hangs`: how many of
    the next requests it does not survive, or never answers.
    """

    def __init__(self, on_frame: Callable[[Frame], None], on_lost: Callable[[], None]) -> None:
        self.on_frame, self.on_lost = on_frame, on_lost
        self.asked: list[int] = []
        self.cancelled: list[int] = []
        self.kills = self.crashes = self.hangs = 0
        self.is_closed = False

    async def ensure(self) -> None:
        await asyncio.sleep(0)

    def send(self, kind: bytes, number: int, body: bytes = b"") -> None:
        if kind == MoonshineKind.CANCEL:
            self.cancelled.append(number)
            return
        pcm, _ = unpack_request(body)
        samples = len(pcm) // 2
        self.asked.append(samples)
        loop = asyncio.get_running_loop()
        if self.crashes:
            self.crashes -= 1
            loop.call_later(DECODE_S / 2, self.on_lost)
        elif self.hangs:
            self.hangs -= 1
        else:
            loop.call_later(DECODE_S, self._answer, number, samples)

    def _answer(self, number: int, samples: int) -> None:
        words = {"tokens": [samples], "words": [[str(samples), 0.9]], "confidence": 0.9}
        if number not in self.cancelled:
            self.on_frame(Frame(MoonshineKind.WORDS, number, json.dumps(words).encode()))

    def kill(self) -> None:
        self.kills += 1
        self.on_lost()

    async def aclose(self) -> None:
        self.is_closed = True


class Bench:
    def __init__(self) -> None:
        self.processes: list[FakeProcess] = []
        self.queue = DecodeQueue("engine", self._make, clock=asyncio.get_running_loop().time)

    def _make(self, on_frame: Callable[[Frame], None], on_lost: Callable[[], None]) -> FakeProcess:
        self.processes.append(FakeProcess(on_frame, on_lost))
        return self.processes[0]

    @property
    def process(self) -> FakeProcess:
        return self.processes[0]

    async def final(self, samples: int) -> str:
        return (await self.queue.final(np.zeros(samples, np.int16))).text

    def partial(self, samples: int) -> asyncio.Future[Decoded] | None:
        return self.queue.partial(np.zeros(samples, np.int16), ())


async def started() -> Bench:
    bench = Bench()
    await bench.queue.start()
    return bench


def test_finals_are_decoded_in_the_order_in_which_they_were_asked_for() -> None:
    async def run() -> None:
        bench = await started()
        assert await asyncio.gather(*map(bench.final, (3, 1, 2))) == ["3", "1", "2"]
        assert bench.process.asked == [3, 1, 2]
        await bench.queue.aclose()

    on_virtual_time(run())


def test_a_final_stops_the_partial_that_is_being_decoded() -> None:
    async def run() -> None:
        bench = await started()
        clock = asyncio.get_running_loop().time
        partial = bench.partial(1)
        assert partial is not None
        await asyncio.sleep(DECODE_S / 4)
        asked = clock()
        assert await bench.final(2) == "2"
        assert clock() - asked == pytest.approx(DECODE_S)
        assert partial.cancelled()
        assert bench.process.cancelled == [1]
        await bench.queue.aclose()

    on_virtual_time(run())


def test_partials_are_refused_while_the_process_is_busy_and_take_no_more_than_their_share() -> None:
    async def run() -> None:
        bench = await started()
        clock = asyncio.get_running_loop().time
        began, decoded = clock(), 0
        while clock() < began + 10.0:
            partials = [bench.partial(1), bench.partial(1)]
            assert partials[1] is None
            if partials[0] is not None:
                assert (await partials[0]).text == "1"
                decoded += 1
            await asyncio.sleep(0.01)
        assert PARTIAL_SHARE - 0.05 <= decoded * DECODE_S / 10.0 <= PARTIAL_SHARE + 0.01
        waiting = asyncio.create_task(bench.final(2))
        await asyncio.sleep(0)
        assert bench.partial(1) is None
        await waiting
        await bench.queue.aclose()

    on_virtual_time(run())


def test_a_final_survives_one_crash_and_a_partial_does_not() -> None:
    async def run() -> None:
        bench = await started()
        bench.process.crashes = 1
        assert await bench.final(5) == "5"
        bench.process.crashes = 2
        with pytest.raises(EngineUnavailable, match="its process ended"):
            await bench.final(5)
        bench.process.crashes = 1
        partial = bench.partial(6)
        assert partial is not None
        with pytest.raises(EngineUnavailable):
            await partial
        assert await bench.final(7) == "7"
        await bench.queue.aclose()

    on_virtual_time(run())


def test_a_process_that_hangs_is_killed_and_the_final_is_decoded_by_the_next() -> None:
    async def run() -> None:
        bench = await started()
        clock = asyncio.get_running_loop().time
        bench.process.hangs = 1
        assert await bench.final(5) == "5"
        assert bench.process.kills == 1
        assert clock() == pytest.approx(ANSWER_S + DECODE_S)
        bench.process.hangs = 2
        with pytest.raises(EngineTimeout):
            await bench.final(5)
        await bench.queue.aclose()

    on_virtual_time(run())


def test_a_speaker_who_leaves_does_not_hold_up_the_others() -> None:
    async def run() -> None:
        bench = await started()
        leaving = [asyncio.create_task(bench.final(samples)) for samples in (1, 2)]
        await asyncio.sleep(DECODE_S / 2)
        for task in leaving:
            task.cancel()
        clock = asyncio.get_running_loop().time
        asked = clock()
        assert await bench.final(3) == "3"
        assert clock() - asked == pytest.approx(DECODE_S)
        assert bench.process.asked == [1, 3]
        await bench.queue.aclose()

    on_virtual_time(run())


def test_closing_fails_what_waits_and_ends_the_process() -> None:
    async def run() -> None:
        bench = await started()
        waiting = [asyncio.create_task(bench.final(samples)) for samples in (1, 2)]
        await asyncio.sleep(DECODE_S / 2)
        await bench.queue.aclose()
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(result) for result in results] == [EngineUnavailable, EngineUnavailable]
        assert bench.process.is_closed
        with pytest.raises(EngineUnavailable, match="closed"):
            await bench.final(3)
        assert bench.partial(3) is None

    on_virtual_time(run())
