"""A voice session that is opened again gets the whole history of its talk, whoever had it before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from server.protocol import agents as wire
from server.protocol.base import Outbound
from server.protocol.levels import Level
from server.protocol.voice.base import VoiceProtocol
from server.tutor import voice_jobs
from server.tutor.model import Conversation
from server.tutor.service import Stores, TutorService
from server.tutor.voice_jobs import VoiceRequest
from tests.fakes.conversations import FakeConversations
from tests.fakes.rooms_world import a_user
from tests.fakes.stores import FakeUserStore
from tests.unit.tutor.test_recorder import ANSWER, SAID, SETTINGS

WITHIN_S = 5.0


class Anything:
    """A collaborator of which nothing matters here."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_named: None


@dataclass
class SentJobs:
    """The connections of workers. `jobs`: those that were given to them."""

    jobs: dict[str, wire.VoiceJob] = field(default_factory=dict)

    def send(self, worker_id: str, event: str, message: Outbound) -> None:
        del worker_id, event
        assert isinstance(message, wire.VoiceJob)
        self.jobs[message.job_id] = message

    def cut(self, worker_id: str) -> None:
        del worker_id


@dataclass
class Scene:
    """`dead`: ids of servers that are known to be dead."""

    service: TutorService
    talks: FakeConversations
    workers: SentJobs
    request: VoiceRequest
    dead: set[str]

    def begin(self) -> tuple[str, asyncio.Task[None]]:
        """The job's id, and the task that gives it to a worker."""
        job_id = self.service.voices.begin(self.request)
        return job_id, asyncio.create_task(self.service.voices.send(job_id))

    async def open(self) -> str:
        job_id, sending = self.begin()
        async with asyncio.timeout(WITHIN_S):
            await sending
        return job_id

    def keep(self, job_id: str, text: str) -> None:
        """The worker stores a message of the tutor."""
        kept = wire.KeepMessage(
            job_id=job_id,
            id=f"m{len(text)}",
            turn_id="t",
            role="tutor",
            participant_id=None,
            text=text,
            speech_s=1.0,
            was_cut=True,
            confidence=None,
        )
        self.service.agent_events.keep_message("w", kept)

    def history(self, job_id: str) -> list[str]:
        return [message.text for message in self.workers.jobs[job_id].history]


@pytest.fixture(params=[VoiceProtocol.COACH, VoiceProtocol.TUTOR, VoiceProtocol.CLASS, VoiceProtocol.FLUX])
async def scene(request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    talks, users, workers = FakeConversations(), FakeUserStore(), SentJobs()
    anything: Any = Anything()
    stores = Stores(talks, talks, anything, users, anything, anything)
    dead: set[str] = set()

    async def has_died(node_id: str) -> bool:
        return node_id in dead

    service = TutorService(anything, workers, stores, CollectorRegistry(), lambda: 10.0, has_died=has_died)
    service._writes.start()
    service.dispatcher.register("w", wire.Register(worker_id="w", capacity=4))
    asked = VoiceRequest(request.param, "s", a_user("ann"), False, SETTINGS)
    yield Scene(service, talks, workers, asked, dead)
    await service.aclose()


async def test_the_last_words_of_the_connection_before_are_waited_for(scene: Scene) -> None:
    first = await scene.open()
    scene.service.voices.finish(first)  # the client is cut
    second, sending = scene.begin()
    await asyncio.sleep(0)
    assert second not in scene.workers.jobs
    scene.keep(first, "Last words")
    scene.service.voices.voice_ended("w", wire.VoiceEnded(job_id=first))
    await asyncio.wait_for(sending, WITHIN_S)
    assert scene.history(second) == ["Last words"]
    await scene.service.dispatcher.stored()
    assert scene.talks.conversations[scene.request.conversation_id].ended_at is None


async def test_a_worker_that_is_lost_has_no_last_words(scene: Scene) -> None:
    first = await scene.open()
    scene.keep(first, "Known")
    scene.service.voices.finish(first)
    second, sending = scene.begin()
    await asyncio.sleep(0)
    assert second not in scene.workers.jobs
    scene.service.voices.remove_worker("w")
    await asyncio.wait_for(sending, WITHIN_S)
    assert scene.history(second) == ["Known"]


def _open_elsewhere(scene: Scene) -> str:
    conversation_id = scene.request.conversation_id
    scene.talks.conversations[conversation_id] = Conversation(
        conversation_id, "r", "Talk", "en", "A2", "Tea", 1.0
    )
    scene.talks.elsewhere[conversation_id] = "n2"
    return conversation_id


async def test_what_another_server_still_stores_is_waited_for(scene: Scene) -> None:
    conversation_id = _open_elsewhere(scene)
    job_id, sending = scene.begin()
    for _ in range(20):
        await asyncio.sleep(0)
    assert job_id not in scene.workers.jobs
    await scene.talks.add_message(replace(SAID, conversation_id=conversation_id), ["ann"])
    await scene.talks.add_message(replace(ANSWER, conversation_id=conversation_id), ["ann"])
    await scene.talks.end_conversation(conversation_id, 9.0)
    await asyncio.wait_for(sending, WITHIN_S)
    assert scene.history(job_id) == [SAID.text, ANSWER.text]
    await scene.service.dispatcher.stored()
    assert scene.talks.conversations[conversation_id].ended_at is None


async def test_a_server_that_was_killed_keeps_nobody_waiting(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    conversation_id = _open_elsewhere(scene)
    await scene.talks.add_message(replace(SAID, conversation_id=conversation_id), ["ann"])
    scene.dead.add("n2")
    job_id, sending = scene.begin()
    await asyncio.wait_for(sending, WITHIN_S)
    assert scene.history(job_id) == [SAID.text]
    assert caplog.text == ""


async def test_a_server_of_which_nothing_is_known_keeps_nobody_waiting_for_long(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(voice_jobs, "LAST_WORDS_S", 0.05)
    conversation_id = _open_elsewhere(scene)
    await scene.talks.add_message(replace(SAID, conversation_id=conversation_id), ["ann"])
    job_id = await scene.open()
    assert scene.history(job_id) == [SAID.text]
    assert "before its last words are stored" in caplog.text


async def test_the_coach_has_the_topic_and_the_level_that_were_set_before(scene: Scene) -> None:
    conversation_id = _open_elsewhere(scene)
    ended = replace(scene.talks.conversations[conversation_id], ended_at=9.0)
    scene.talks.conversations[conversation_id] = ended
    settings = scene.workers.jobs[await scene.open()].settings
    is_coach = scene.request.protocol is VoiceProtocol.COACH
    assert (settings.topic, settings.level) == (("Tea", Level.A2) if is_coach else ("Food", Level.B1))


async def test_at_the_end_of_the_server_last_words_are_stored(scene: Scene) -> None:
    job_id = await scene.open()
    scene.service.voices.finish(job_id)
    draining = asyncio.create_task(scene.service.voices.drain())
    await asyncio.sleep(0)
    assert not draining.done()
    scene.keep(job_id, "Last words")
    scene.service.voices.voice_ended("w", wire.VoiceEnded(job_id=job_id))
    await asyncio.wait_for(draining, WITHIN_S)
    await scene.service.dispatcher.stored()
    assert [message.text for message in scene.talks.messages.values()] == ["Last words"]
    assert scene.talks.conversations[scene.request.conversation_id].ended_at == 10.0
