"""Repeated interruptions: how soon the tutor falls silent, and whether the stored text is what was played."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from typing import Any

from tests.bench.figures import Row
from tests.bench.stats import percentiles
from tests.bench.tutor.practice import Learner, TutorBench, tutor_bench
from tests.bench.tutor.vad_alone import vad_onset_ms
from tests.bench.tutor.voice_to_voice import distribution
from tests.fakes.rtc.clips import Clip, speech_clip
from tests.fakes.tutor.timed_engines import REPLY, Latencies

LATENCIES = Latencies(sentences=12, sentence_s=1.5)
INTERRUPTIONS = (
    "Wait, please, I have a question about that.",
    "Sorry, can you say that again for me?",
    "No, I do not think so at all.",
    "But my teacher told us something else.",
)
_GAP_NS = 200_000_000


async def barge_in(times: int) -> list[Row]:
    clips = [speech_clip(text) for text in INTERRUPTIONS]
    vad = [vad_onset_ms(clip) for clip in clips]
    async with tutor_bench(LATENCIES) as here:
        learner = await here.learner()
        await _speaks(learner)
        stops = [await _interrupt(learner, clips[i % len(clips)]) for i in range(times)]
        await _speaks(learner)
        spoken = _spoken(here, learner)
    own = [ms - vad[i % len(vad)] for i, ms in enumerate(stops)]
    whole = REPLY * LATENCIES.sentences
    cut = [text for text in spoken if text and len(text) < len(whole)]
    return [
        *distribution("barge-in: speech to the tutor's last packet", stops, limit_p95=200),
        *distribution("beyond the VAD's own windows", own, limit_p95=40),
        Row("the VAD's own, p50 over the clips", percentiles(vad)["p50"], "ms"),
        Row("answers that were cut and stored as cut", len(cut), f"of {times}", times, at_most=False),
    ]


async def _speaks(learner: Learner, for_s: float = 0.6) -> None:
    """Waits until the tutor is in mid-reply."""
    count = int(for_s * 50)
    async with asyncio.timeout(30):
        while True:
            packets = learner.tutor_packets(time.time_ns() - int(for_s * 1.3e9))
            if len(packets) >= count:
                return
            await asyncio.sleep(0.02)


async def _interrupt(learner: Learner, clip: Clip) -> float:
    """Milliseconds from the first loud frame sent to the last packet of the tutor received."""
    publisher = learner.client.publisher
    assert publisher is not None
    learner.say(clip)
    async with asyncio.timeout(30):
        while publisher.first_speech_ns is None:  # noqa: ASYNC110 - of a hot path
            await asyncio.sleep(0.001)
        began = publisher.first_speech_ns
        await asyncio.sleep(len(clip) * 0.02)
        await _speaks(learner)
    packets = learner.tutor_packets(began - _GAP_NS)
    last = next(at for at, after in pairwise(packets) if after - at > _GAP_NS)
    return (last - began) / 1e6


def _spoken(here: TutorBench, learner: Learner) -> list[str]:
    finals: list[dict[str, Any]] = [
        data
        for _, name, data in here.agents_server.received
        if name == "keep_message" and data["jobId"] == learner.job_id and data["role"] == "tutor"
    ]
    return [data["text"] for data in finals]
