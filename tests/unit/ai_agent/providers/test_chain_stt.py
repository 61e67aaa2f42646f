"""Chains of STT engines."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import numpy as np
import pytest

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import AuthRefused, EngineTimeout, EngineUnavailable
from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.chain.stt import FallbackStt, FallbackSttStream, SttTimeouts
from ai_agent.providers.ports import HeardWord, Stt, SttEvent
from tests.unit.ai_agent.providers.engines import FakeStream, FakeStt, card

DOWN = EngineUnavailable("cloud", retry_after_s=60)
FLUSHED = SttEvent("flushed")


def second(value: int = 1) -> Pcm:
    return np.full(INPUT_HZ, value, np.int16)


def final(text: str, end_s: float) -> SttEvent:
    return SttEvent("final", text, (HeardWord(text, end_s - 0.5, end_s),))


@dataclass
class Rig:
    cloud: FakeStt
    local: FakeStt
    flush_s: float = 60.0
    changes: int = 0
    now: float = 1_000.0
    """Clock of the cool-downs; the timeouts use the loop's."""

    def __post_init__(self) -> None:
        chain: FallbackChain[Stt] = FallbackChain(
            [EngineCandidate(self.cloud), EngineCandidate(self.local)], self._changed, clock=lambda: self.now
        )
        self.stt = FallbackStt(chain, SttTimeouts(open_s=5.0, return_s=0.05, flush_s=self.flush_s))

    def _changed(self) -> None:
        self.changes += 1

    async def open(self) -> FallbackSttStream:
        return await self.stt.open("en")


def rig(*streams: FakeStream | Exception, flush_s: float = 60.0) -> Rig:
    return Rig(FakeStt(card("cloud"), list(streams), detects_turns=True), FakeStt(card("local")), flush_s)


async def opened(stt: FakeStt) -> FakeStream:
    async with asyncio.timeout(5):
        await stt.was_opened.wait()
    stt.was_opened.clear()
    return stt.opened[-1]


async def heard(stream: FallbackSttStream) -> SttEvent:
    async with asyncio.timeout(5):
        return await anext(stream)


async def test_audio_pushed_while_the_engine_opens_reaches_it() -> None:
    it = rig()
    stream = await it.open()
    stream.push(second())
    stream.flush()
    engine = await opened(it.cloud)
    assert engine.samples == INPUT_HZ
    assert engine.got[-1] is None
    engine.told.put_nowait(final("hello", 0.9))
    engine.told.put_nowait(FLUSHED)
    assert [(await heard(stream)).kind for _ in range(2)] == ["final", "flushed"]
    assert (it.changes, it.stt.detects_turns) == (0, True)
    await stream.aclose()
    assert engine.is_closed


async def test_the_next_engine_gets_the_audio_that_no_final_covers() -> None:
    it = rig()
    stream = await it.open()
    engine = await opened(it.cloud)
    stream.push(second(1))
    stream.push(second(2))
    engine.told.put_nowait(final("hello", 0.98))
    assert (await heard(stream)).text == "hello"
    stream.push(second(3))
    stream.flush()
    engine.told.put_nowait(DOWN)
    local = await opened(it.local)
    assert local.got[-1] is None
    assert {int(value) for item in local.got if item is not None for value in np.unique(item)} == {1, 2, 3}
    local.told.put_nowait(final("there", 2.5))
    local.told.put_nowait(FLUSHED)
    word = (await heard(stream)).words[0]
    assert word.end_s == pytest.approx(2.5), (
        "nothing was settled for good: one word ended within the first second"
    )
    assert (await heard(stream)).kind == "flushed"
    assert (it.changes, it.stt.card.name, it.stt.detects_turns) == (1, "local", False)
    await stream.aclose()


async def test_settled_audio_is_not_sent_twice_and_word_times_continue() -> None:
    it = rig()
    stream = await it.open()
    engine = await opened(it.cloud)
    for _ in range(30):
        stream.push(second()[: INPUT_HZ // 10])
    engine.told.put_nowait(final("hello", 2.0))
    await heard(stream)
    engine.told.put_nowait(DOWN)
    local = await opened(it.local)
    assert local.samples == INPUT_HZ
    local.told.put_nowait(final("there", 0.75))
    assert (await heard(stream)).words[0].end_s == pytest.approx(2.75)
    await stream.aclose()


async def test_an_answered_flush_is_not_sent_again() -> None:
    it = rig()
    stream = await it.open()
    engine = await opened(it.cloud)
    stream.push(second())
    stream.flush()
    engine.told.put_nowait(FLUSHED)
    await heard(stream)
    stream.push(second())
    engine.told.put_nowait(DOWN)
    local = await opened(it.local)
    assert (local.samples, sum(item is None for item in local.got)) == (INPUT_HZ, 0)
    await stream.aclose()


async def test_a_short_break_is_retried_at_the_same_engine() -> None:
    it = rig(FakeStream(), EngineUnavailable("cloud", retry_after_s=0.0), FakeStream())
    stream = await it.open()
    engine = await opened(it.cloud)
    stream.push(second())
    engine.told.put_nowait(EngineUnavailable("cloud", retry_after_s=0.0))
    again = await opened(it.cloud)
    assert again is not engine
    assert again.samples == INPUT_HZ
    assert (it.changes, it.local.opened) == (0, [])
    await stream.aclose()


async def test_after_a_refused_key_the_next_engine_is_used() -> None:
    it = rig(AuthRefused("cloud"))
    stream = await it.open()
    await opened(it.local)
    assert it.stt.chain.replaced == ("cloud",)
    other = await it.open()
    await opened(it.local)
    assert it.cloud.opened == []
    await other.aclose()
    await stream.aclose()


async def test_an_engine_that_owes_finals_is_replaced() -> None:
    it = rig(flush_s=0.05)
    stream = await it.open()
    await opened(it.cloud)
    stream.push(second())
    stream.flush()
    local = await opened(it.local)
    assert local.samples == INPUT_HZ
    local.told.put_nowait(FLUSHED)
    assert (await heard(stream)).kind == "flushed"
    await stream.aclose()


async def play_turn(stream: FallbackSttStream, engine: FakeStream, text: str, end_s: float = 0.95) -> None:
    stream.push(second())
    stream.flush()
    engine.told.put_nowait(final(text, end_s))
    engine.told.put_nowait(FLUSHED)
    assert [(await heard(stream)).kind for _ in range(2)] == ["final", "flushed"]


async def fall_back(it: Rig) -> tuple[FallbackSttStream, FakeStream]:
    stream = await it.open()
    (await opened(it.cloud)).told.put_nowait(DOWN)
    return stream, await opened(it.local)


async def test_the_chain_returns_between_turns_to_an_engine_that_has_recovered() -> None:
    it = rig()
    stream, local = await fall_back(it)
    it.now += 19
    await play_turn(stream, local, "one")
    it.now += 2
    await play_turn(stream, local, "two")
    cloud = await opened(it.cloud)
    assert local.is_closed
    assert (it.stt.card.name, it.stt.chain.replaced, it.changes) == ("cloud", (), 2)
    assert cloud.got == []
    stream.push(second())
    cloud.told.put_nowait(final("three", 0.75))
    assert (await heard(stream)).words[0].end_s == pytest.approx(2.75)
    await stream.aclose()


async def test_the_chain_does_not_change_the_engine_in_the_middle_of_a_turn() -> None:
    it = rig()
    stream, local = await fall_back(it)
    it.now += 60
    stream.push(second())
    stream.flush()
    stream.push(second())
    local.told.put_nowait(FLUSHED)
    local.told.put_nowait(final("and", 1.95))
    assert [(await heard(stream)).kind for _ in range(2)] == ["flushed", "final"]
    assert len(it.cloud.opened) == 1
    await play_turn(stream, local, "so on", 2.95)
    await opened(it.cloud)
    assert local.is_closed
    await stream.aclose()


async def test_an_engine_that_detects_turns_is_replaced_at_the_end_of_one() -> None:
    it = Rig(FakeStt(card("cloud")), FakeStt(card("local"), detects_turns=True))
    stream, local = await fall_back(it)
    it.now += 21
    stream.push(second(1))
    stream.push(second(2))
    local.told.put_nowait(SttEvent("end_of_turn", "one", (HeardWord("one", 0.5, 1.0),)))
    assert (await heard(stream)).kind == "end_of_turn"
    cloud = await opened(it.cloud)
    assert local.is_closed
    assert [int(value) for item in cloud.got if item is not None for value in np.unique(item)] == [2]
    assert not it.stt.detects_turns
    await stream.aclose()


async def test_a_pending_flush_is_answered_before_the_engine_is_replaced() -> None:
    it = Rig(FakeStt(card("cloud")), FakeStt(card("local"), detects_turns=True))
    stream, local = await fall_back(it)
    it.now += 21
    stream.push(second())
    stream.flush()
    local.told.put_nowait(SttEvent("end_of_turn", "one", (HeardWord("one", 0.5, 0.9),)))
    local.told.put_nowait(FLUSHED)
    assert [(await heard(stream)).kind for _ in range(2)] == ["end_of_turn", "flushed"]
    assert (await opened(it.cloud)).got == []
    await stream.aclose()


async def test_a_failed_return_loses_no_words_and_doubles_the_cool_down() -> None:
    it = rig(FakeStream(), EngineUnavailable("cloud", retry_after_s=0.0))
    stream, local = await fall_back(it)
    it.now += 21
    await play_turn(stream, local, "one")
    stream.push(second(2))
    again = await opened(it.local)
    assert again.samples == INPUT_HZ
    it.now += 39
    await play_turn(stream, again, "two", 1.95)
    assert not again.is_closed
    it.now += 2
    await play_turn(stream, again, "three", 2.95)
    await opened(it.cloud)
    await stream.aclose()


async def test_an_engine_that_opens_but_sends_no_event_is_not_healthy() -> None:
    it = rig(FakeStream(), FakeStream(), FakeStream())
    stream, local = await fall_back(it)
    it.now += 21
    await play_turn(stream, local, "one")
    (await opened(it.cloud)).told.put_nowait(DOWN)
    local = await opened(it.local)
    it.now += 39
    await play_turn(stream, local, "two")
    assert not local.is_closed
    await stream.aclose()


async def test_a_return_to_an_engine_that_does_not_open_times_out() -> None:
    it = rig()
    stream, local = await fall_back(it)
    it.cloud.hangs = True
    it.now += 21
    await play_turn(stream, local, "one")
    assert (await opened(it.local)) is not local
    await stream.aclose()


async def test_when_all_fail_the_stream_ends_with_the_last_error() -> None:
    it = rig(DOWN)
    it.local.streams = [EngineTimeout("local")]
    stream = await it.open()
    for _ in range(2):
        with pytest.raises(EngineTimeout):
            await heard(stream)
    stream.push(second())
    stream.flush()
    await stream.aclose()


async def test_an_unexpected_error_of_an_sdk_is_a_failure() -> None:
    it = rig()
    stream = await it.open()
    engine = await opened(it.cloud)
    engine.told.put_nowait(KeyError("channel"))
    await opened(it.local)
    await stream.aclose()


async def test_a_stream_that_ends_without_an_error_is_a_failure() -> None:
    it = rig(FakeStream(), DOWN)
    stream = await it.open()
    engine = await opened(it.cloud)
    engine.told.put_nowait(None)
    await opened(it.local)
    assert engine.is_closed
    await stream.aclose()


class FailsToClose(FakeStream):
    async def aclose(self) -> None:
        raise OSError("the socket is gone")


async def test_an_engine_stream_that_fails_to_close_does_not_end_the_chain_s_stream() -> None:
    it = rig(FailsToClose())
    stream = await it.open()
    (await opened(it.cloud)).told.put_nowait(DOWN)
    (await opened(it.local)).told.put_nowait(final("hello", 0.5))
    assert (await heard(stream)).text == "hello"
    await stream.aclose()


async def test_an_engine_stream_that_is_cancelled_ends_the_chain_s_stream_with_an_error() -> None:
    it = rig()
    stream = await it.open()
    (await opened(it.cloud)).told.put_nowait(asyncio.CancelledError())
    with pytest.raises(EngineUnavailable):
        await heard(stream)
    await stream.aclose()


async def test_closing_ends_the_events_and_may_be_repeated() -> None:
    it = rig()
    stream = await it.open()
    engine = await opened(it.cloud)
    await stream.aclose()
    await stream.aclose()
    stream.push(second())
    with pytest.raises(StopAsyncIteration):
        await heard(stream)
    assert engine.is_closed
    assert engine.samples == 0


async def test_the_replay_buffer_is_bounded_while_no_engine_opens() -> None:
    it = rig()
    it.cloud.streams = it.local.streams = []
    stream = await it.open()
    for _ in range(100):
        stream.push(second())
    engine = await opened(it.cloud)
    assert engine.samples == 30 * INPUT_HZ
    await stream.aclose()
