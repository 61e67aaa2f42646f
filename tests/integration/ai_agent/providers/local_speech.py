"""Speech of a local TTS engine for a local recogniser, and their child processes."""

from __future__ import annotations

import asyncio
import os
import signal

import numpy as np
import psutil

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.providers.ports import SpeechRequest, SttEvent, SttStream, Tts
from ai_agent.resampler import Resampler
from tests.integration.ai_agent.providers.asking import all_of

DECODE_S = 60.0
"""A decoder may be slow on a busy machine."""


async def spoken(tts: Tts, text: str) -> Pcm:
    """Speech at INPUT_HZ between short silences."""
    chunks = await all_of(tts.speak(SpeechRequest(text, "en", voice="en-us", rate=0.9)))
    resampler = Resampler(tts.sample_rate, INPUT_HZ)
    speech = resampler.feed(np.concatenate([chunk.pcm for chunk in chunks]))
    quiet = np.zeros(INPUT_HZ // 4, np.int16)
    return np.concatenate([quiet, speech, resampler.finish(), quiet])


async def until_flushed(stream: SttStream) -> list[SttEvent]:
    events: list[SttEvent] = []
    async with asyncio.timeout(DECODE_S):
        while not events or events[-1].kind != "flushed":
            events.append(await anext(stream))
    return events


def children_of_this_process(module: str) -> list[int]:
    return [
        child.pid
        for child in psutil.Process().children(recursive=True)
        if any(module in word for word in child.cmdline())
    ]


def kill(pids: list[int]) -> None:
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
