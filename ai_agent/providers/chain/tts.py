"""A chain of voices. All speak at the sample rate of the first, so that a fallback is no change of format."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import av
import numpy as np

from ai_agent.audio import Pcm
from ai_agent.providers.chain.members import FallbackChain, Timeouts
from ai_agent.providers.chain.parts import stream_with_fallback
from ai_agent.providers.ports import EngineCard, SpeechChunk, SpeechRequest, Tts, VoiceCard

TIMEOUTS = Timeouts(first_s=4.0, gap_s=4.0, behind_s=4.0)


class FallbackTts:
    def __init__(
        self, members: FallbackChain[Tts], sample_rate: int, *, timeouts: Timeouts = TIMEOUTS
    ) -> None:
        self.members = members
        self.sample_rate = sample_rate
        self._timeouts = timeouts

    @property
    def card(self) -> EngineCard:
        """Of the engine that answers now."""
        return self.members.current.card

    @property
    def voices(self) -> Sequence[VoiceCard]:
        return self.members.current.voices

    def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        """A voice that another engine knows means its own choice to this one."""
        may_be_empty = not any(char.isalnum() for char in request.text)
        return stream_with_fallback(
            self.members,
            lambda tts: at_rate(tts, request, self.sample_rate),
            self._timeouts,
            lambda chunk: len(chunk.pcm) / self.sample_rate,
            may_be_empty=may_be_empty,
        )

    async def aclose(self) -> None:
        """The engines belong to the registry."""


async def at_rate(tts: Tts, request: SpeechRequest, rate: int) -> AsyncGenerator[SpeechChunk, None]:
    async with aclosing(tts.speak(request)) as chunks:
        if tts.sample_rate == rate:
            async for chunk in chunks:
                yield chunk
            return
        resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
        async for chunk in chunks:
            yield SpeechChunk(resampled(resampler, chunk.pcm, tts.sample_rate), chunk.marks)
        if len(rest := resampled(resampler, None, rate)):
            yield SpeechChunk(rest)


def resampled(resampler: av.AudioResampler, pcm: Pcm | None, rate: int) -> Pcm:
    """None: what is left in it."""
    frame = None
    if pcm is not None:
        if not len(pcm):
            return pcm
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = rate
    parts = [part.to_ndarray().reshape(-1) for part in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.int16) if parts else np.zeros(0, np.int16)
