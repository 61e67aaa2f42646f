"""A worker in the test's process with the engines that the test gives it: real dialogues, no models."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr

from ai_agent.classes.course import Courses
from ai_agent.config import Settings
from ai_agent.dialogue.dialogue import Dialogue
from ai_agent.jobs.runner import Resources
from ai_agent.jobs.uploads import Uploads
from ai_agent.providers.ports import EngineSet
from ai_agent.tutor.corrector import Judgement, judge
from ai_agent.worker import Worker
from server.common.tasks import cancel_and_wait
from tests.fakes.speech import LoudnessVad
from tests.fakes.tutor.engines import FixedEngines
from tests.fakes.tutor.loaded_jobs import LoadedJobs
from tests.fakes.tutor.passages import FakeKnowledge


class ThreadChecker:
    """Implements `Checker`: the corrector in a thread, without a limit of time."""

    async def warm_up(self) -> None:
        await self.judge("She like tea.")

    async def judge(
        self, text: str, *, spoken: bool = False, confidence: float = 1.0, native: str | None = None
    ) -> Judgement:
        return await asyncio.to_thread(judge, text, spoken=spoken, confidence=confidence, native=native)

    async def aclose(self) -> None:
        pass


@asynccontextmanager
async def light_worker(url: str, token: str, engines: EngineSet, courses: Courses) -> AsyncIterator[None]:
    async with Uploads(token) as uploads:
        resources = Resources(
            engines=FixedEngines(engines),
            dialogue=lambda engines, sink, **brief: Dialogue(
                engines=engines, sink=sink, vad=LoudnessVad(), **brief
            ),
            audio=uploads,
            knowledge=FakeKnowledge(),
            courses=courses,
        )
        settings = Settings(server_url=url, token=SecretStr(token), _env_file=None)
        task = asyncio.create_task(Worker(settings, LoadedJobs(resources)).run())
        try:
            yield
        finally:
            await cancel_and_wait(task)
