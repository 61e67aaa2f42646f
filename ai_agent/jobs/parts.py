"""What all jobs of a worker share: engines, models of the speech loop, uploads. Its import takes a second."""

from __future__ import annotations

from ai_agent.config import Settings
from ai_agent.dialogue.dialogue import Dialogue
from ai_agent.jobs.ports import Outbox
from ai_agent.jobs.runner import JobRunner, Resources
from ai_agent.jobs.uploads import Uploads
from ai_agent.providers.catalog import Choice
from ai_agent.providers.registry import EngineRegistry
from ai_agent.vad.finished import FinishedService, SmartTurn
from ai_agent.vad.service import open_vad
from server.protocol import agents as wire


class JobParts:
    """Call `open` first, `aclose` at the end. Models and processes load when they are used or warmed up."""

    def __init__(self, settings: Settings, choice: Choice) -> None:
        self.vad = open_vad(settings.vad)
        self.judge = FinishedService(SmartTurn)
        self.engines = EngineRegistry(settings, choice)
        self._uploads = Uploads(settings.server_url, settings.token.get_secret_value())
        self._resources = Resources(
            server_url=settings.server_url,
            engines=self.engines,
            dialogue=lambda engines, sink, **brief: Dialogue(
                engines=engines, sink=sink, vad=self.vad, judge=self.judge, **brief
            ),
            audio=self._uploads,
        )

    async def open(self) -> None:
        """Raises SettingError if no LLM engine can run here."""
        await self._uploads.__aenter__()
        await self.engines.build()

    async def runner(self, job: wire.Job, outbox: Outbox) -> JobRunner:
        """Once the voice and the recogniser of the job's language have started."""
        await self.engines.ready(job.settings.language)
        return JobRunner(job, self._resources, outbox)

    async def aclose(self) -> None:
        await self._uploads.__aexit__(None, None, None)
        await self.engines.aclose()
        await self.vad.aclose()
        await self.judge.aclose()
