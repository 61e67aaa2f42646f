"""Time from the end of a learner's speech to the tutor's first packet at their socket, and what it consists
of.

The end of speech is its last loud frame; silero still detects speech for some 80 ms after it (printed). The
pause that ends a turn is that of the level.
"""

from __future__ import annotations

import asyncio
from typing import Any

from ai_agent.turns.endpointing import DELAY_S
from tests.bench.figures import Row
from tests.bench.stats import percentiles
from tests.bench.tutor.practice import Learner, TutorBench, speech_end_ns, tutor_bench, until_quiet
from tests.bench.tutor.vad_alone import vad_tail_ms
from tests.fakes.rtc.clips import Clip, speech_clip
from tests.fakes.tutor.timed_engines import LOUD, WORD_FRAMES, Latencies

LEVEL = "B1"
LATENCIES = Latencies()
UTTERANCES = (
    "I went to the mountains with my family.",
    "My brother likes to cook dinner for us.",
    "Yesterday I saw a very good film.",
    "We are going to visit the museum tomorrow.",
)


async def voice_to_voice(turns: int) -> list[Row]:
    clips = [speech_clip(text) for text in UTTERANCES]
    async with tutor_bench(LATENCIES) as here:
        learner = await here.learner(level=LEVEL)
        await greeted(learner)
        taken = [await _one_turn(here, learner, clips[i % len(clips)]) for i in range(turns)]
    found = [turn for turn in taken if turn is not None]
    total = [turn["total_ms"] for turn in found]
    endpointing = DELAY_S[LEVEL] * 1000
    beyond = [ms - endpointing - LATENCIES.answer * 1000 for ms in total]
    tails = [vad_tail_ms(clip) for clip in clips]
    own = [ms - tails[clips.index(turn["clip"])] for ms, turn in zip(beyond, found, strict=True)]
    late = [turn["endpointing_ms"] - endpointing for turn in found]
    inside = [turn["inside_ms"] for turn in found]
    path = [turn["total_ms"] - turn["dialogue_ms"] for turn in found]
    partials = [ms for turn in found for ms in turn["partials_ms"]]
    rows = [Row(f"voice to voice, {LEVEL}, p50", percentiles(total)["p50"], "ms")]
    rows += distribution("own share (less pause, VAD's tail, engines)", own, limit_p95=60)
    rows += distribution("own share with the VAD's tail", beyond)
    rows += distribution("of that: beyond the pause that ends a turn", late)
    rows += distribution("of that: between engines and to the pacer", inside)
    rows += distribution("of that: network and decoding, in and out", path)
    rows += distribution("partial transcript beyond the provider", partials, limit_p95=300)
    return [*rows, Row("turns that were cut in two and not counted", turns - len(found), f"of {turns}")]


def distribution(name: str, values: list[float], limit_p95: float | None = None) -> list[Row]:
    found = percentiles(values)
    return [
        Row(f"{name}, {key}", found.get(key, 0.0), "ms", limit_p95 if key == "p95" else None)
        for key in ("p50", "p95", "p99", "max")
    ]


async def greeted(learner: Learner) -> None:
    """In a 1:1 room the tutor speaks first."""
    async with asyncio.timeout(20):
        while not learner.tutor.packets:  # noqa: ASYNC110 - of a hot path
            await asyncio.sleep(0.05)
    await until_quiet(learner)


async def _one_turn(here: TutorBench, learner: Learner, clip: Clip) -> dict[str, Any] | None:
    """None if a stall of the machine made two turns of one."""
    publisher = learner.client.publisher
    assert publisher is not None
    heard_before = len(here.agents_server.received)
    learner.say(clip)
    async with asyncio.timeout(20):
        while publisher.first_speech_ns is None:  # noqa: ASYNC110 - of a hot path
            await asyncio.sleep(0.001)
        first_loud = next(i for i, level in enumerate(clip.levels) if level < 50)
        began = publisher.first_speech_ns - first_loud * 20_000_000
        ended = speech_end_ns(clip, began) - 20_000_000
        while not (packets := learner.tutor_packets(ended)):  # noqa: ASYNC110 - of a hot path
            await asyncio.sleep(0.01)
    await until_quiet(learner)
    said = [
        (name, data)
        for _, name, data in here.agents_server.received[heard_before:]
        if data.get("jobId") == learner.job_id
    ]
    timings = [data for name, data in said if name == "turn_timing"]
    if len(timings) != 1 or timings[0]["voiceToVoiceMs"] is None:
        return None
    timing = timings[0]
    return {
        "clip": clip,
        "total_ms": (packets[0] - ended) / 1e6,
        "endpointing_ms": timing["endpointingMs"],
        "dialogue_ms": timing["voiceToVoiceMs"],
        "inside_ms": timing["voiceToVoiceMs"]
        - timing["endpointingMs"]
        - timing["llmFirstTokenMs"]
        - timing["ttsFirstByteMs"],
        "partials_ms": _partials(here, learner, clip, began),
    }


def _partials(here: TutorBench, learner: Learner, clip: Clip, began_ns: int) -> list[float]:
    """How late each partial was at the server, beyond the engine's own time: when its last frame was sent."""
    loud = [i for i, level in enumerate(clip.levels) if level < LOUD]
    found: list[float] = []
    seen: set[int] = set()
    for (_, name, data), at_ns in zip(
        here.agents_server.received, here.agents_server.received_at_ns, strict=True
    ):
        words = len(data["text"].split()) if name == "show_transcript" and not data["isFinal"] else 0
        if at_ns < began_ns or data.get("jobId") != learner.job_id or not words or words in seen:
            continue
        seen.add(words)
        if words * WORD_FRAMES <= len(loud):
            sent_ns = began_ns + loud[words * WORD_FRAMES - 1] * 20_000_000
            found.append((at_ns - sent_ns) / 1e6 - LATENCIES.stt_partial * 1000)
    return found
