"""Chains of LLM and TTS engines."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from ai_agent.errors import (
    AuthRefused,
    EngineTimeout,
    EngineUnavailable,
    InvalidResponse,
    NoCapableEngine,
    ProviderError,
    RateLimited,
    RequestRefused,
)
from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.chain.generation import FallbackLlm, FallbackTts, Timeouts
from ai_agent.providers.ports import Llm, SpeechChunk, TextDelta, ToolCall, Tts
from tests.unit.ai_agent.providers.engines import HANG, REQUEST, SPEECH, ScriptLlm, Step, ToneTts, card

HELLO, THERE = TextDelta("Hello"), TextDelta(" there.")
DOWN = EngineUnavailable("cloud", retry_after_s=60)
"""An error whose retry delay is too long to wait for."""
QUICK = Timeouts(0.05, 0.05, 5.0)


@dataclass
class Rig:
    """Two engines in a chain. `changes`: how often the answering engine changed. `fell_back`: engines that
    another answered for.
    """

    cloud: list[list[Step]]
    local: list[list[Step]] = field(default_factory=lambda: [[HELLO, THERE]])
    changes: int = 0
    fell_back: list[str] = field(default_factory=list)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.first = ScriptLlm(card("cloud"), self.cloud)
        self.second = ScriptLlm(card("local"), self.local)
        self.candidates: list[EngineCandidate[Llm]] = [
            EngineCandidate(self.first),
            EngineCandidate(self.second),
        ]
        self.llm = self.for_another_job()

    def for_another_job(self) -> FallbackLlm:
        chain: FallbackChain[Llm] = FallbackChain(
            self.candidates, self._changed, fell_back=self.fell_back.append, clock=lambda: self.now
        )
        return FallbackLlm(chain, timeouts=QUICK)

    def _changed(self) -> None:
        self.changes += 1

    async def ask(self, llm: FallbackLlm | None = None) -> list[TextDelta | ToolCall]:
        async with aclosing((llm or self.llm).stream(REQUEST)) as parts:
            return [part async for part in parts]


async def test_the_first_engine_answers_without_a_change() -> None:
    rig = Rig([[HELLO, THERE]])
    assert rig.llm.card.name == "cloud"
    assert await rig.ask() == [HELLO, THERE]
    assert (rig.second.asked, rig.changes, rig.llm.chain.replaced, rig.fell_back) == (0, 0, (), [])


@pytest.mark.parametrize(
    "error",
    [
        DOWN,
        AuthRefused("cloud"),
        RateLimited("cloud", retry_after_s=30),
        InvalidResponse("cloud"),
        EngineTimeout("cloud"),
        RequestRefused("cloud"),
        KeyError("unexpected error of an SDK"),
    ],
)
async def test_the_next_engine_answers_for_one_that_fails_before_its_first_part(error: Exception) -> None:
    rig = Rig([[error]])
    assert await rig.ask() == [HELLO, THERE]
    assert (rig.llm.card.name, rig.changes, rig.fell_back) == ("local", 1, ["cloud"])


async def test_an_engine_without_output_is_stopped_and_the_next_one_answers() -> None:
    rig = Rig([[HANG]])
    assert await rig.ask() == [HELLO, THERE]
    assert rig.first.stopped == 1, "the request is cancelled at the vendor"


async def test_an_empty_answer_is_a_failure_unless_feedback_was_asked_for() -> None:
    rig = Rig([[]])
    async with aclosing(
        rig.llm.stream(replace(REQUEST, lesson=replace(REQUEST.lesson, purpose="feedback")))
    ) as it:
        assert [part async for part in it] == []
    assert rig.second.asked == 0
    assert await rig.ask() == [HELLO, THERE]


async def test_feedback_is_requested_only_from_engines_that_correct_the_language() -> None:
    rig = Rig([[HELLO]], [[THERE]])
    rig.first.card = replace(rig.first.card, corrects=frozenset({"vi"}))
    feedback = replace(REQUEST, lesson=replace(REQUEST.lesson, purpose="feedback"))
    async with aclosing(rig.llm.stream(feedback)) as parts:
        assert [part async for part in parts] == [THERE]
    assert await rig.ask() == [HELLO], "other requests still go to it"
    rig.second.card = rig.first.card
    with pytest.raises(NoCapableEngine):
        await anext(rig.llm.stream(feedback))


@pytest.mark.parametrize("fault", [[HELLO, DOWN], [HELLO, HANG]])
async def test_an_answer_that_has_begun_is_not_started_again_by_another_engine(fault: list[Step]) -> None:
    rig = Rig([fault])
    parts = []
    async with aclosing(rig.llm.stream(REQUEST)) as stream:
        parts.append(await anext(stream))
        with pytest.raises(ProviderError):
            await anext(stream)
    assert parts == [HELLO]
    assert (rig.second.asked, rig.fell_back) == (0, [])
    assert await rig.ask() == [HELLO, THERE], "the next turn goes to the next engine"
    assert (rig.llm.card.name, rig.fell_back) == ("local", ["cloud"])


async def test_a_brief_failure_is_retried_at_the_same_engine_within_a_budget() -> None:
    brief = EngineUnavailable("cloud", retry_after_s=0.0)
    rig = Rig([[brief], [HELLO]])
    assert await rig.ask() == [HELLO]
    assert (rig.first.asked, rig.changes, rig.fell_back) == (2, 0, [])
    rig = Rig([[brief]])
    await rig.ask()
    assert rig.first.asked == 4
    await rig.ask(rig.for_another_job())
    assert rig.first.asked == 4, "its cool-down and its budget are shared by all jobs"


async def test_a_refused_key_is_never_tried_again_in_any_job() -> None:
    rig = Rig([[AuthRefused("cloud")]])
    await rig.ask()
    rig.now = 1e6
    await rig.ask()
    other = rig.for_another_job()
    assert other.card.name == "local"
    await rig.ask(other)
    assert rig.first.asked == 1


async def test_an_engine_answers_again_after_its_cool_down() -> None:
    rig = Rig([[DOWN], [HELLO]])
    await rig.ask()
    assert rig.llm.chain.replaced == ("cloud",)
    rig.now = 1e6
    assert await rig.ask() == [HELLO]
    assert (rig.llm.card.name, rig.changes) == ("cloud", 2)
    assert list(rig.llm.chain.replaced) == []
    assert rig.fell_back == ["cloud"], "the return is not a fallback"


async def test_when_all_fail_the_last_error_is_raised_and_the_next_turn_tries_again() -> None:
    rig = Rig([[DOWN]], [[EngineTimeout("local")], [HELLO]])
    with pytest.raises(EngineTimeout):
        await rig.ask()
    assert await rig.ask() == [HELLO], "none is healthy, so those that may recover are asked"


async def test_closing_an_answer_stops_the_engine_and_is_no_failure() -> None:
    rig = Rig([[HELLO, HANG]])
    stream = rig.llm.stream(REQUEST)
    assert await anext(stream) == HELLO
    await stream.aclose()
    assert rig.first.stopped == 1
    assert not rig.candidates[0].circuit.is_open(0.0)


async def test_cancelling_an_answer_stops_the_engine_and_is_no_failure() -> None:
    rig = Rig([[HANG]])
    rig.llm = FallbackLlm(rig.llm.chain)
    task = asyncio.create_task(rig.ask())
    await rig.first.was_asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (rig.first.stopped, rig.second.asked) == (1, 0)


async def speak(tts: FallbackTts) -> list[SpeechChunk]:
    async with aclosing(tts.speak(SPEECH)) as chunks:
        return [chunk async for chunk in chunks]


async def test_a_fallback_speaks_at_the_rate_of_the_first_engine_and_keeps_its_marks() -> None:
    broken = ToneTts(card("cloud"), 24_000, AuthRefused("cloud"))
    chain: FallbackChain[Tts] = FallbackChain(
        [EngineCandidate(broken), EngineCandidate(ToneTts(card("local"), 22_050))], lambda: None
    )
    tts = FallbackTts(chain, 24_000)
    chunks = await speak(tts)
    pcm = np.concatenate([chunk.pcm for chunk in chunks])
    assert abs(len(pcm) - 24_000) < 100
    peak = np.abs(np.fft.rfft(pcm[:24_000].astype(np.float64))).argmax() * 24_000 / min(len(pcm), 24_000)
    assert peak == pytest.approx(440, abs=2), "the pitch is the same"
    assert [mark.end for chunk in chunks for mark in chunk.marks] == list(range(1, 11))
    assert tts.card.name == "local"


async def test_the_first_engine_s_audio_is_not_resampled() -> None:
    chain: FallbackChain[Tts] = FallbackChain([EngineCandidate(ToneTts(card("cloud"), 22_050))], lambda: None)
    chunks = await speak(FallbackTts(chain, 22_050))
    assert [len(chunk.pcm) for chunk in chunks] == [2_205] * 10


def talk_rig(cloud: list[list[Step]]) -> Rig:
    """A chain that keeps its engine for the talk."""
    rig = Rig(cloud)
    chain: FallbackChain[Llm] = FallbackChain(
        rig.candidates, rig._changed, fell_back=rig.fell_back.append, keeps=True, clock=lambda: rig.now
    )
    rig.llm = FallbackLlm(chain, timeouts=QUICK)
    return rig


async def test_a_slow_engine_stays_the_talk_s() -> None:
    rig = talk_rig([[HELLO], [HANG], [HELLO]])
    assert await rig.ask() == [HELLO]
    with pytest.raises(EngineTimeout):
        await rig.ask()
    assert await rig.ask() == [HELLO], "its cool-down gives the talk to no other engine"
    assert (rig.second.asked, rig.changes, rig.fell_back) == (0, 0, [])


async def test_an_engine_that_fails_hard_is_replaced_in_mid_talk() -> None:
    rig = talk_rig([[HELLO], [DOWN]])
    assert await rig.ask() == [HELLO]
    assert await rig.ask() == [HELLO, THERE]
    assert rig.llm.card.name == "local"


async def test_a_talk_that_began_with_the_second_engine_stays_with_it() -> None:
    rig = talk_rig([[HANG], [HELLO]])
    assert await rig.ask() == [HELLO, THERE]
    rig.now = 1e6
    assert await rig.ask() == [HELLO, THERE]
    assert rig.first.asked == 1


async def test_an_empty_answer_is_asked_for_once_more() -> None:
    rig = Rig([[], [HELLO]])
    assert await rig.ask() == [HELLO]
    assert (rig.first.asked, rig.second.asked) == (2, 0)


async def test_text_in_another_language_is_spoken_unnoticed_by_an_engine_that_serves_it() -> None:
    english, other = ToneTts(card("english", "en"), 24_000), ToneTts(card("all"), 24_000)
    changes: list[str] = []
    own: FallbackChain[Tts] = FallbackChain([EngineCandidate(english)], lambda: changes.append("own"))
    rest: FallbackChain[Tts] = FallbackChain([EngineCandidate(english), EngineCandidate(other)], lambda: None)
    tts = FallbackTts(own, 24_000, language="en-GB", others=rest)
    assert await speak(tts)
    asked = replace(SPEECH, text="xin chào", language="vi")
    async with aclosing(tts.speak(asked)) as chunks:
        assert [chunk async for chunk in chunks]
    assert (rest.current.card.name, tts.card.name, changes) == ("all", "english", [])
    alone = FallbackTts(own, 24_000, language="en-GB")
    async with aclosing(alone.speak(asked)) as chunks:
        assert [chunk async for chunk in chunks], "the wrong voice is better than none"
