"""The default local engines: time from the end of a turn to the tutor's first packet."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.figures import Row
from tests.bench.stats import percentiles
from tests.bench.tutor.practice import Learner, speech_end_ns, until_quiet
from tests.bench.tutor.voice_to_voice import UTTERANCES, distribution, greeted
from tests.fakes.rtc import Pacer, RestClient, RtcClient, silence_clip
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.rtc.clips import Clip, speech_clip
from tests.fakes.server_process import ServerProcess


async def local_set(turns: int) -> list[Row]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = await stack.enter_async_context(
            ServerProcess(Path(folder), {"AGENTS": "1", "LOG_LEVEL": "warning"})
        )
        rest = await stack.enter_async_context(RestClient(server.url))
        pacer = await stack.enter_async_context(Pacer())
        token = await rest.guest("Learner", learningLevel="B1")
        room_id = str((await rest.create_room(token, type="ai"))["id"])
        client = await stack.enter_async_context(RtcClient(server.url, token, ClientOptions(keep=True)))
        await client.join(room_id, clip=silence_clip(120))
        await client.set_muted(False)
        assert client.publisher is not None
        pacer.add(client.publisher)
        joined = await client.wait_event(
            "participant_joined", lambda d: d["participant"]["kind"] == "tutor", within=60
        )
        learner = Learner(client, room_id, "", await client.wait_slot(joined.data["participant"]["id"]))
        await greeted(learner)
        taken = [await _one_turn(learner, speech_clip(UTTERANCES[i % len(UTTERANCES)])) for i in range(turns)]
        metrics = await server.metrics()
    found = [turn for turn in taken if turn is not None]
    decided = [turn[0] for turn in found]
    rows = [
        Row("default set: decision to first audio, p50", percentiles(decided)["p50"], "ms", 500),
        Row("default set: decision to first audio, p95", percentiles(decided)["p95"], "ms", 1000),
    ]
    rows += distribution("default set: voice to voice, endpointing included", [turn[1] for turn in found])
    sums = {name: total for name, total in metrics.items() if "tutor" in name and "_sum" in name}
    for name, total in sums.items():
        count = metrics[name.replace("_sum", "_count")]
        if count:
            rows.append(Row(f"mean of {name.replace('_sum', '')}", total / count * 1000, "ms"))
    return [*rows, Row("turns that were cut in two and not counted", turns - len(found), f"of {turns}")]


async def _one_turn(learner: Learner, clip: Clip) -> tuple[float, float] | None:
    """Milliseconds from the final transcript (sent as the turn ends), and from the end of speech.

    None if a stall of the machine made two turns of one.
    """
    publisher = learner.client.publisher
    assert publisher is not None
    seen = len(learner.client.events)
    learner.say(clip)
    async with asyncio.timeout(60):
        while publisher.first_speech_ns is None:  # noqa: ASYNC110 - of a hot path
            await asyncio.sleep(0.001)
        first_loud = next(i for i, level in enumerate(clip.levels) if level < 50)
        ended = speech_end_ns(clip, publisher.first_speech_ns - first_loud * 20_000_000) - 20_000_000
        while not (packets := learner.tutor_packets(ended)):  # noqa: ASYNC110 - of a hot path
            await asyncio.sleep(0.01)
    finals = [e.at_ns for e in learner.client.events[seen:] if e.name == "transcript" and e.data["isFinal"]]
    await until_quiet(learner, 1.0)
    if len(finals) != 1:
        return None
    return (packets[0] - finals[-1]) / 1e6, (packets[0] - ended) / 1e6
