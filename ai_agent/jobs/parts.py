"""Parts that all jobs of a worker share: engines, models of the speech loop, uploads. Its import takes a
second."""

from __future__ import annotations

from ai_agent.classes.client import CourseClient
from ai_agent.config import Settings
from ai_agent.dialogue.dialogue import Dialogue
from ai_agent.jobs.ports import Outbox
from ai_agent.jobs.runner import JobRunner, Resources
from ai_agent.jobs.uploads import Uploads
from ai_agent.knowledge.client import KnowledgeClient
from ai_agent.providers.catalog import Choice
from ai_agent.providers.registry import EngineRegistry
from ai_agent.vad.finished import FinishedService, SmartTurn
from ai_agent.vad.service import open_vad
from ai_agent.voice_ws.encoder import Mp3Encoder
from ai_agent.voice_ws.runner import VoiceRunner
from ai_agent.voice_ws.talk import TalkParts
from server.protocol import agents as wire
from server.protocol.voice.base import VoiceProtocol


class JobParts:
    """Call `open` first, `aclose` at the end. Models and processes load when they are used or warmed up."""

    def __init__(self, settings: Settings, choice: Choice) -> None:
        self.vad = open_vad(settings.vad)
        self.judge = FinishedService(SmartTurn)
        self.engines = EngineRegistry(settings, choice)
        self._uploads = Uploads(settings.token.get_secret_value())
        self._token = settings.token.get_secret_value()
        self._knowledge = KnowledgeClient(self._token)
        self._courses = CourseClient()
        self._encoder = Mp3Encoder()
        self._talks = TalkParts(
            engines=self.engines.engines,
            search=self._knowledge.search,
            encoder=self._encoder,
            audio=self._uploads,
            courses=self._courses,
            idle_s=settings.voice_idle_minutes * 60.0,
            dialogue=lambda engines, sink, **brief: Dialogue(
                engines=engines, sink=sink, vad=self.vad, judge=self.judge, **brief
            ),
        )
        self._resources = Resources(
            engines=self.engines,
            dialogue=lambda engines, sink, **brief: Dialogue(
                engines=engines, sink=sink, vad=self.vad, judge=self.judge, **brief
            ),
            audio=self._uploads,
            knowledge=self._knowledge,
            courses=self._courses,
        )

    async def open(self) -> None:
        """Raises SettingError if no LLM engine can run here."""
        await self._uploads.__aenter__()
        await self._knowledge.__aenter__()
        await self._courses.__aenter__()
        await self.engines.build()

    async def runner(self, job: wire.Job, outbox: Outbox) -> JobRunner:
        """Once the voice and the recogniser of the job's language have started."""
        await self.engines.ready(job.settings.language)
        return JobRunner(job, self._resources, outbox)

    async def voice(self, job: wire.VoiceJob, outbox: Outbox) -> VoiceRunner:
        """Once the voice and the recogniser of the session's language have started."""
        if job.protocol is not VoiceProtocol.ECHO:
            await self.engines.ready(job.settings.language)
        return VoiceRunner(job, self._talks, outbox, self._token)

    async def aclose(self) -> None:
        await self._uploads.__aexit__(None, None, None)
        await self._knowledge.__aexit__()
        await self._courses.__aexit__()
        await self._encoder.aclose()
        await self.engines.aclose()
        await self.vad.aclose()
        await self.judge.aclose()
