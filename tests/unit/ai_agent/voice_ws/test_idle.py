"""When a session is closed because nobody speaks, on virtual time."""

from __future__ import annotations

import asyncio
import json
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
from tests.fakes.voice import loud

_ERROR = {
    VoiceProtocol.TUTOR: {"event", "message"},
    VoiceProtocol.CLASS: {"type", "error"},
    VoiceProtocol.FLUX: {"type", "sequence_id", "code", "description"},
}
PING = '{"type":"ping"}'
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


class _Client:
    """In place of a Link: says each message at its second, then nothing."""

    def __init__(self, said: Sequence[Said]) -> None:
        self.out = Outgoing()
        self.got: list[str | bytes] = []
        self.closed: tuple[float, int] | None = None
        self._said = said

    async def send_all(self) -> None:
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


def _job(protocol: VoiceProtocol) -> wire.VoiceJob:
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
    )


def _run(
    monkeypatch: pytest.MonkeyPatch, *said: Said, protocol: VoiceProtocol = VoiceProtocol.COACH
) -> _Client:
    client = _Client(said)

    @asynccontextmanager
    async def linked(*_: object) -> AsyncIterator[_Client]:
        yield client

    async def pace(on_tick: Callable[[float, int], None]) -> None:
        while True:
            on_tick(asyncio.get_running_loop().time(), 1)
            await asyncio.sleep(0.02)

    monkeypatch.setattr(runner, "linked", linked)
    monkeypatch.setattr(runner, "pace", pace)
    engines = EngineSet(ScriptedStt("I like tea."), ScriptedLlm(), ScriptedTts())
    parts = TalkParts(
        lambda _: engines,
        lambda engines, sink, **brief: Dialogue(engines=engines, sink=sink, vad=LoudnessVad(), **brief),
        _search,
        encoder=Mp3Encoder(),
        audio=Uploads("secret"),
    )
    outbox = _Outbox()
    on_virtual_time(runner.VoiceRunner(_job(protocol), parts, outbox, "token").run())
    assert outbox.sent[-1] == "voice_ended"
    return client


def test_signs_of_life_keep_no_session_open(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _run(monkeypatch, *((minute * 60.0, PING) for minute in range(1, 20)))
    assert client.closed is not None
    at, code = client.closed
    assert runner.IDLE_S <= at < runner.IDLE_S + 15
    assert code == 1000
    assert "5 minutes" in str(client.got[-1])


@pytest.mark.parametrize("protocol", [VoiceProtocol.TUTOR, VoiceProtocol.CLASS, VoiceProtocol.FLUX])
def test_each_protocol_says_in_its_own_form_that_a_session_was_idle(
    monkeypatch: pytest.MonkeyPatch, protocol: VoiceProtocol
) -> None:
    client = _run(monkeypatch, protocol=protocol)
    assert client.closed is not None
    assert client.closed[1] == 1000
    told = [message for message in map(json.loads, client.got) if "5 minutes" in str(message)]
    assert [set(message) for message in told] == [_ERROR[protocol]]


def test_speech_keeps_a_session_open(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _run(monkeypatch, (1.0, PING), (200.0, loud(0.1)), (210.0, '{"type":"end_turn"}'))
    assert client.closed is not None
    assert 210 + runner.IDLE_S <= client.closed[0] < 230 + runner.IDLE_S


def test_a_session_of_echo_is_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    client = _run(monkeypatch, (1.0, b"one"), (200.0, b"two"), protocol=VoiceProtocol.ECHO)
    assert client.got[:2] == [b"one", b"two"]
    assert "IDLE" in str(client.got[2])
    assert "5 minutes" in str(client.got[2])
    assert client.closed is not None
    at, code = client.closed
    assert at == pytest.approx(200 + runner.IDLE_S)
    assert code == 1000
