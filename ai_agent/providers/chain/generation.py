"""Chains of LLM and TTS engines: one request, a stream of parts, and the next engine if none came."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from ai_agent.errors import EngineTimeout, InvalidResponse, NoCapableEngine, ProviderError
from ai_agent.providers.chain.fallback import E, EngineCandidate, FallbackChain
from ai_agent.providers.ports import (
    ChatRequest,
    EngineCard,
    Llm,
    SpeechChunk,
    SpeechRequest,
    TextDelta,
    ToolCall,
    Tts,
    VoiceCard,
    primary_tag,
)
from ai_agent.resampler import Resampler

_log = logging.getLogger(__name__)
P = TypeVar("P")
Ask = Callable[[E], AsyncGenerator[P, None]]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `lag_s`: how far the parts after the first may fall behind their duration when spoken. It ends
    an engine that sends a little at a time, each part within `gap_s`.
    """

    first_s: float
    gap_s: float
    lag_s: float


LLM_TIMEOUTS = Timeouts(first_s=16.0, gap_s=8.0, lag_s=10.0)
TTS_TIMEOUTS = Timeouts(first_s=4.0, gap_s=4.0, lag_s=4.0)
CHARS_PER_S = 14.0
"""Speed of speech, to estimate the duration of text."""


class FallbackLlm:
    """An Llm over a chain of them."""

    def __init__(self, chain: FallbackChain[Llm], *, timeouts: Timeouts = LLM_TIMEOUTS) -> None:
        self.chain = chain
        self._timeouts = timeouts

    @property
    def card(self) -> EngineCard:
        """Of the engine that answers now."""
        return self.chain.current.card

    def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        """An empty answer is an error, except to a request for feedback: there may be none to give. So
        feedback is requested only from engines that correct the language.
        """
        lesson = request.lesson
        wants_feedback = lesson.purpose == "feedback"
        return stream_with_fallback(
            self.chain,
            lambda llm: llm.stream(request),
            self._timeouts,
            _text_duration_s,
            is_capable=lambda llm: not wants_feedback or llm.card.can_correct(lesson.language),
            may_be_empty=wants_feedback,
        )

    async def aclose(self) -> None:
        """Does nothing: the registry closes the engines."""


class FallbackTts:
    """A Tts over a chain of them. All are resampled to one rate, so that a fallback keeps the format.

    `others`: engines for text in another language than `language`, the lesson's; they come and go unnoticed.
    """

    def __init__(
        self,
        chain: FallbackChain[Tts],
        sample_rate: int,
        *,
        language: str | None = None,
        others: FallbackChain[Tts] | None = None,
        timeouts: Timeouts = TTS_TIMEOUTS,
    ) -> None:
        self.chain = chain
        self.sample_rate = sample_rate
        self._language = language
        self._others = others
        self._timeouts = timeouts

    @property
    def card(self) -> EngineCard:
        """Of the engine that answers now."""
        return self.chain.current.card

    @property
    def voices(self) -> Sequence[VoiceCard]:
        return self.chain.current.voices

    def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        """An engine that has the requested voice is asked first; the others use their default for the
        language.
        """
        may_be_empty = not any(char.isalnum() for char in request.text)
        chain, is_capable = self.chain, _is_any
        if self._language is not None and primary_tag(request.language) != primary_tag(self._language):
            if self._others is not None and _serves(self._others, request.language):
                chain, is_capable = self._others, partial(_can_speak, request.language)
            else:  # better in the wrong voice than not at all
                request = replace(request, language=self._language)
        return stream_with_fallback(
            chain,
            lambda tts: speak_at_rate(tts, request, self.sample_rate),
            self._timeouts,
            lambda chunk: len(chunk.pcm) / self.sample_rate,
            is_capable=is_capable,
            prefers=lambda tts: any(voice.id == request.voice for voice in tts.voices),
            may_be_empty=may_be_empty,
        )

    async def aclose(self) -> None:
        """Does nothing: the registry closes the engines."""


def _is_any(_: object) -> bool:
    return True


def _can_speak(language: str, tts: Tts) -> bool:
    return tts.card.serves(language)


def _serves(chain: FallbackChain[Tts], language: str) -> bool:
    return any(_can_speak(language, candidate.engine) for candidate in chain.in_order())


async def stream_with_fallback(  # noqa: C901 - one loop over engines and attempts
    chain: FallbackChain[E],
    ask: Ask[E, P],
    timeouts: Timeouts,
    duration_s: Callable[[P], float],
    *,
    is_capable: Callable[[E], bool] = _is_any,
    prefers: Callable[[E], bool] = lambda _: False,
    may_be_empty: bool = False,
) -> AsyncGenerator[P, None]:
    """Stream the parts of the first capable engine that delivers any; an empty answer is asked for once more.
    After its first part a failure is
    raised: another engine would start the answer again. `duration_s`: of a part when spoken. `prefers`: the
    engines that are asked first.

    Raises the last ProviderError, or NoCapableEngine if no engine was asked.
    """
    last: ProviderError = NoCapableEngine("chain", "no engine can do this")
    for candidate in filter(lambda candidate: is_capable(candidate.engine), chain.in_order(prefers)):
        name = candidate.engine.card.name
        may_ask_again = True
        while True:
            delivered = False
            try:
                async with aclosing(_with_timeouts(candidate, ask, timeouts, duration_s)) as parts:
                    async for part in parts:
                        if not delivered:
                            chain.set_answering(candidate)
                            candidate.circuit.record_success()
                            delivered = True
                        yield part
                if not delivered and not may_be_empty and may_ask_again:
                    may_ask_again = False
                    continue
                if not delivered and not may_be_empty:
                    raise InvalidResponse(name, "the answer is empty")
            except ProviderError as error:
                last = error
                _log.warning("engine failed", extra={"engine": name, "code": error.code, "error": str(error)})
            else:
                return
            delay = None if delivered else chain.retry_delay(candidate, last)
            if delay is None:
                break
            await asyncio.sleep(delay)
        is_kept = chain.is_kept(candidate, last)
        chain.record_failure(candidate, last)
        if delivered or is_kept:
            break
    raise last


async def _with_timeouts(
    candidate: EngineCandidate[E], ask: Ask[E, P], timeouts: Timeouts, duration_s: Callable[[P], float]
) -> AsyncGenerator[P, None]:
    """Raises EngineTimeout if a part or all of them together take too long, InvalidResponse for any error
    that is not a ProviderError.
    """
    name = candidate.engine.card.name
    clock = asyncio.get_running_loop().time
    limit = timeouts.first_s
    lag_s: float | None = None
    async with aclosing(ask(candidate.engine)) as parts:
        while True:
            asked = clock()
            try:
                async with asyncio.timeout(limit):
                    part = await anext(parts)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise EngineTimeout(name, f"no more output within {limit:.3g} s") from error
            except ProviderError:
                raise
            except Exception as error:  # an unexpected error of an SDK must not end the learner's turn
                raise InvalidResponse(name, type(error).__name__) from error
            waited = 0.0 if lag_s is None else clock() - asked
            lag_s = (lag_s or 0.0) + waited - duration_s(part)
            limit = max(0.0, min(timeouts.gap_s, timeouts.lag_s - lag_s))
            yield part


def _text_duration_s(part: TextDelta | ToolCall) -> float:
    return len(part.text) / CHARS_PER_S if isinstance(part, TextDelta) else 0.0


async def speak_at_rate(tts: Tts, request: SpeechRequest, rate: int) -> AsyncGenerator[SpeechChunk, None]:
    async with aclosing(tts.speak(request)) as chunks:
        if tts.sample_rate == rate:
            async for chunk in chunks:
                yield chunk
            return
        resampler = Resampler(tts.sample_rate, rate)
        async for chunk in chunks:
            yield SpeechChunk(resampler.feed(chunk.pcm), chunk.marks)
        if len(rest := resampler.finish()):
            yield SpeechChunk(rest)
