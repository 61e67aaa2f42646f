"""A voice session on virtual time, with a scripted client in place of its connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from ai_agent.dialogue.dialogue import Dialogue
from ai_agent.jobs.uploads import Uploads
from ai_agent.providers.ports import EngineSet
from ai_agent.voice_ws import runner
from ai_agent.voice_ws.encoder import Mp3Encoder
from ai_agent.voice_ws.outgoing import Outgoing
from ai_agent.voice_ws.talk import TalkParts
from server.protocol import agents as wire
from server.protocol.base import Inbound
from server.protocol.knowledge import KnowledgeFound
from server.protocol.levels import Level
from server.protocol.voice.base import VoiceProtocol
from tests.fakes.speech import LoudnessVad, ScriptedLlm, ScriptedStt, ScriptedTts
from tests.fakes.virtual_time import on_virtual_time

Said = tuple[float, str | bytes]


class _Outbox:
    rooms_url = ""
    is_open = True

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, event: str, message: Inbound) -> None:
        self.sent.append(event)

    def deliver(self, event: str, message: Inbound) -> Awaitable[bool]:
        raise NotImplementedError


class ScriptedClient:
    """In place of a Link: says each message at its second, then nothing. Reads nothing before `reads_from`.
    `got`: what it has read."""

    def __init__(self, said: Sequence[Said], reads_from: float) -> None:
        self.out = Outgoing()
        self.got: list[str | bytes] = []
        self.closed: tuple[float, int] | None = None
        self._said = said
        self._reads_from = reads_from

    async def send_all(self) -> None:
        await asyncio.sleep(self._reads_from)
        while True:
            self.got.append(await self.out.get())

    async def flush(self) -> None:
        while len(self.out):
            self.got.append(await self.out.get())

    async def messages(self) -> AsyncIterator[str | bytes]:
        loop = asyncio.get_running_loop()
        for at, message in self._said:
            await asyncio.sleep(at - loop.time())
            yield message
        await asyncio.Event().wait()

    async def close(self, code: int) -> None:
        self.closed = self.closed or (asyncio.get_running_loop().time(), code)


async def _search(url: str, base: wire.KnowledgeRef, question: str) -> KnowledgeFound:
    raise NotImplementedError


def _job(protocol: VoiceProtocol, extended: bool) -> wire.VoiceJob:
    return wire.VoiceJob(
        job_id="job",
        protocol=protocol,
        session_id="session",
        name="Tutor",
        settings=wire.JobSettings(
            language="en",
            level=Level.B1,
            topic="",
            voice=None,
            rate=1.0,
            one_to_one=True,
            captions=True,
            breaks_silence=False,
        ),
        person=wire.Person(
            participant_id="ann",
            user_id="ann",
            name="Ann",
            native_language=None,
            learning_level=None,
            is_host=True,
            heard=True,
            keep_audio=False,
            browser_recognition=False,
            hand_raised=False,
            reached=True,
            patience=1.0,
            wants_feedback=False,
            country=None,
            time_zone=None,
        ),
        history=[],
        extended=extended,
    )


def run_session(
    monkeypatch: pytest.MonkeyPatch,
    *said: Said,
    protocol: VoiceProtocol = VoiceProtocol.COACH,
    extended: bool = False,
    llm: ScriptedLlm | None = None,
    reads_from: float = 0.0,
    idle_s: float = 300.0,
) -> ScriptedClient:
    """Until the session ends by itself: the client stays."""
    client = ScriptedClient(said, reads_from)

    @asynccontextmanager
    async def linked(*_: object) -> AsyncIterator[ScriptedClient]:
        yield client

    async def pace(on_tick: Callable[[float, int], None]) -> None:
        while True:
            on_tick(asyncio.get_running_loop().time(), 1)
            await asyncio.sleep(0.02)

    def clock() -> float:
        """Of the loop; in other threads nothing is measured."""
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:
            return 0.0

    monkeypatch.setattr(time, "monotonic", clock)
    monkeypatch.setattr(runner, "linked", linked)
    monkeypatch.setattr(runner, "pace", pace)
    engines = EngineSet(ScriptedStt("I like tea."), llm or ScriptedLlm(), ScriptedTts())
    parts = TalkParts(
        lambda _: engines,
        lambda engines, sink, **brief: Dialogue(
            engines=engines, sink=sink, vad=LoudnessVad(), clock=clock, **brief
        ),
        _search,
        encoder=Mp3Encoder(),
        audio=Uploads("secret"),
        idle_s=idle_s,
    )
    outbox = _Outbox()
    on_virtual_time(runner.VoiceRunner(_job(protocol, extended), parts, outbox, "token").run())
    assert outbox.sent[-1] == "voice_ended"
    return client
