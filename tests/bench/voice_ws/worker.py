"""A worker of voice sessions with engines of known latency: `... tests.bench.voice_ws.worker URL`."""

from __future__ import annotations

import asyncio
import sys

import uvloop
from pydantic import SecretStr

from ai_agent.config import Settings
from ai_agent.dialogue.dialogue import Dialogue
from ai_agent.jobs.ports import Outbox
from ai_agent.jobs.runner import JobRunner
from ai_agent.jobs.uploads import Uploads
from ai_agent.providers.ports import EngineSet
from ai_agent.vad.service import open_vad
from ai_agent.voice_ws.encoder import Mp3Encoder
from ai_agent.voice_ws.runner import VoiceRunner
from ai_agent.voice_ws.talk import TalkParts
from ai_agent.worker import Worker
from server.common.logs import configure_logging
from server.protocol import agents as wire
from tests.fakes.tutor.passages import FakeKnowledge
from tests.fakes.tutor.timed_engines import Latencies, timed_engines
from tests.fakes.voice import TOKEN

LATENCIES = Latencies(sentences=4, sentence_s=1.5)


class TimedVoices:
    """A JobSource."""

    languages: frozenset[str] = frozenset()
    is_loading = False

    def __init__(self) -> None:
        self.vad = open_vad("onnx")
        self.encoder = Mp3Encoder()
        self._parts = TalkParts(
            self._engines,
            lambda engines, sink, **brief: Dialogue(engines=engines, sink=sink, vad=self.vad, **brief),
            FakeKnowledge().search,
            self.encoder,
            Uploads(TOKEN),
        )

    def _engines(self, language: str) -> EngineSet:
        del language
        return timed_engines(LATENCIES)

    async def runner(self, job: wire.Job, outbox: Outbox) -> JobRunner:
        raise NotImplementedError

    async def voice(self, job: wire.VoiceJob, outbox: Outbox) -> VoiceRunner:
        return VoiceRunner(job, self._parts, outbox, TOKEN)


async def work(url: str) -> None:
    source = TimedVoices()
    await source.vad.warm_up()
    try:
        await Worker(
            Settings(server_url=url, token=SecretStr(TOKEN), capacity=1_000, _env_file=None), source
        ).run()
    finally:
        await source.encoder.aclose()
        await source.vad.aclose()


if __name__ == "__main__":
    configure_logging("warning", "console")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work(sys.argv[1]))
