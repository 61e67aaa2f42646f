"""A worker with engines of known latency, as a process: `... tests.bench.tutor.worker JSON`."""

from __future__ import annotations

import json
import sys

import uvloop
from pydantic import SecretStr

from ai_agent.config import Settings
from ai_agent.dialogue.dialogue import Dialogue
from ai_agent.jobs.runner import Resources
from ai_agent.jobs.uploads import Uploads
from ai_agent.vad.service import open_vad
from ai_agent.worker import Worker
from server.common.logs import configure_logging
from tests.fakes.classes import FakeCourses
from tests.fakes.tutor.engines import FixedEngines
from tests.fakes.tutor.loaded_jobs import LoadedJobs
from tests.fakes.tutor.passages import FakeKnowledge
from tests.fakes.tutor.timed_engines import Latencies, timed_engines


async def work(agents_url: str, server_url: str, token: str, latencies: Latencies) -> None:
    vad = open_vad("onnx")
    settings = Settings(server_url=agents_url, token=SecretStr(token), capacity=1_000, _env_file=None)
    try:
        async with Uploads(token) as uploads:
            resources = Resources(
                engines=FixedEngines(timed_engines(latencies)),
                dialogue=lambda engines, sink, **brief: Dialogue(
                    engines=engines, sink=sink, vad=vad, **brief
                ),
                audio=uploads,
                knowledge=FakeKnowledge(),
                courses=FakeCourses(),
            )
            await Worker(settings, LoadedJobs(resources, server_url)).run()
    finally:
        await vad.aclose()


def main() -> None:
    options = json.loads(sys.argv[1])
    latencies = Latencies(**options.pop("latencies"))
    configure_logging("warning", "console")
    uvloop.run(work(latencies=latencies, **options))


if __name__ == "__main__":
    main()
