"""Voice sessions on a real server with a worker in this process, whose engines say what the test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from pydantic import SecretStr

from ai_agent.audio import INPUT_HZ
from ai_agent.classes.course import Question, SubTopic
from ai_agent.config import Settings
from ai_agent.dialogue.dialogue import Dialogue
from ai_agent.errors import SettingError
from ai_agent.jobs.ports import Outbox
from ai_agent.jobs.runner import JobRunner
from ai_agent.jobs.uploads import Uploads
from ai_agent.knowledge.client import KnowledgeClient
from ai_agent.providers.ports import EngineSet, Llm, Stt, Tts
from ai_agent.voice_ws.backlog import Backlog
from ai_agent.voice_ws.encoder import Mp3Encoder
from ai_agent.voice_ws.runner import VoiceRunner
from ai_agent.voice_ws.talk import TalkParts
from ai_agent.worker import Worker
from server.common.tasks import cancel_and_wait
from server.protocol import agents as wire
from server.protocol.classes import ClassRef
from tests.fakes.server_process import ServerProcess
from tests.fakes.speech import LoudnessVad, ScriptedLlm, ScriptedStt, ScriptedTts

TOKEN = "voice-tests-agent-token-of-enough-characters"
WITHIN_S = 15.0


def loud(seconds: float) -> bytes:
    """Return sound that `LoudnessVad` takes for speech."""
    samples = 8000 * np.sin(np.arange(round(seconds * INPUT_HZ)) / 7)
    return samples.astype("<i2").tobytes()


def quiet(seconds: float) -> bytes:
    return bytes(2 * round(seconds * INPUT_HZ))


@dataclass
class VoiceEngines:
    """`languages`: of the language model."""

    stt: Stt | None = field(default_factory=lambda: ScriptedStt(*["I like tea."] * 200))
    llm: Llm = field(default_factory=ScriptedLlm)
    tts: Tts | None = field(default_factory=ScriptedTts)
    languages: tuple[str, ...] = ("en", "vi")
    sentences: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    """Of the only sub-topic of the course "1"."""
    backlog: Backlog = field(default_factory=Backlog)

    def become(self, other: VoiceEngines) -> None:
        """For the sessions that begin from now on."""
        self.stt, self.llm, self.tts, self.languages = other.stt, other.llm, other.tts, other.languages
        self.sentences, self.questions = other.sentences, other.questions

    async def find(self, server_url: str, ref: ClassRef) -> SubTopic | None:
        is_known = (ref.course_id, ref.module_index, ref.sub_topic_index) == ("1", 0, 0)
        return SubTopic("At the market", self.sentences, self.questions) if is_known else None

    def of(self, language: str) -> EngineSet:
        if language.partition("-")[0] not in self.languages:
            raise SettingError(f"no LLM engine serves the language {language}")
        return EngineSet(self.stt, self.llm, self.tts)


class VoiceSource:
    """A JobSource of voice sessions."""

    languages: frozenset[str] = frozenset()
    is_loading = True
    """So that a machine that tests keep busy refuses no session."""

    def __init__(
        self,
        engines: VoiceEngines,
        knowledge: KnowledgeClient,
        encoder: Mp3Encoder,
        uploads: Uploads,
        token: str,
    ) -> None:
        self._token = token
        self._parts = TalkParts(
            engines.of,
            lambda engines, sink, **brief: Dialogue(engines=engines, sink=sink, vad=LoudnessVad(), **brief),
            knowledge.search,
            encoder,
            uploads,
            engines,
            engines.backlog,
        )

    async def runner(self, job: wire.Job, outbox: Outbox) -> JobRunner:
        raise NotImplementedError

    async def voice(self, job: wire.VoiceJob, outbox: Outbox) -> VoiceRunner:
        return VoiceRunner(job, self._parts, outbox, self._token)


class VoiceSocket:
    """A client. `texts`: its JSON messages so far; a binary one is in `order` as its bytes."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.order: list[dict[str, Any] | bytes] = []
        self.close_code: int | None = None
        """Of the server's close frame."""

    @property
    def texts(self) -> list[dict[str, Any]]:
        return [message for message in self.order if isinstance(message, dict)]

    @property
    def audio(self) -> bytes:
        return b"".join(message for message in self.order if isinstance(message, bytes))

    async def say(self, **message: Any) -> None:
        await self.socket.send_json(message)

    async def send(self, audio: bytes, chunk: int = 1_024) -> None:
        for at in range(0, len(audio), chunk):
            await self.socket.send_bytes(audio[at : at + chunk])

    async def until(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next message that fits; those before it are in `order`. Raises AssertionError at the end."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                message = await self.socket.receive()
                if message.type is aiohttp.WSMsgType.BINARY:
                    self.order.append(message.data)
                elif message.type is aiohttp.WSMsgType.TEXT:
                    found: dict[str, Any] = json.loads(message.data)
                    self.order.append(found)
                    if fits(found):
                        return found
                else:
                    if message.type is aiohttp.WSMsgType.CLOSE:
                        self.close_code = message.data
                    raise AssertionError(f"closed with {self.socket.close_code} after {self.texts}")

    async def kind(self, name: str, key: str = "type") -> dict[str, Any]:
        return await self.until(lambda message: message.get(key) == name)

    async def closed(self) -> int | None:
        """Read on to the end. Returns the code."""
        with suppress(AssertionError):
            await self.until(lambda _: False)
        # aiohttp says 1006 if the connection ends before its own frame was sent.
        return self.close_code or self.socket.close_code


@dataclass
class VoiceScene:
    server: ServerProcess
    engines: VoiceEngines
    http: aiohttp.ClientSession

    @asynccontextmanager
    async def connect(self, path: str, **options: Any) -> AsyncIterator[VoiceSocket]:
        async with self.http.ws_connect(self.server.url + path, max_msg_size=0, **options) as socket:
            yield VoiceSocket(socket)

    async def sign_in(self, name: str = "Ann") -> str:
        """A new guest's token."""
        async with self.http.post(self.server.url + "/api/auth/guest", json={"name": name}) as response:
            return str((await response.json())["token"])

    async def restart(self) -> None:
        """Returns once the worker has registered again."""
        await self.server.restart(kill=False)
        await self.until_registered()

    async def until_registered(self) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not (await self.server.metrics()).get("parlor_tutor_workers"):  # noqa: ASYNC110 - a metric
                await asyncio.sleep(0.05)


@asynccontextmanager
async def worker_at(url: str, token: str, engines: VoiceEngines) -> AsyncIterator[None]:
    """A worker that has registered at the server of that address."""
    settings = Settings(server_url=url, token=SecretStr(token), _env_file=None)
    async with KnowledgeClient(token) as knowledge, Uploads(token) as uploads:
        encoder = Mp3Encoder()
        worker = Worker(settings, VoiceSource(engines, knowledge, encoder, uploads, token))
        task = asyncio.create_task(worker.run())
        try:
            async with asyncio.timeout(WITHIN_S):
                await worker.has_registered.wait()
            yield
        finally:
            await cancel_and_wait(task)
            await encoder.aclose()


@asynccontextmanager
async def voice_scene(
    folder: Path, engines: VoiceEngines | None = None, settings: Mapping[str, str] | None = None
) -> AsyncIterator[VoiceScene]:
    engines = engines or VoiceEngines()
    given = {"AGENT_TOKEN": TOKEN, "COACH_LANGUAGE": "en", **(settings or {})}
    async with (
        ServerProcess(folder, given) as server,
        worker_at(server.url, TOKEN, engines),
        aiohttp.ClientSession() as http,
    ):
        yield VoiceScene(server, engines, http)
        assert server.complaints() == [], server.complaints()
