"""A conversation that goes on, in a room or in a voice session, does not end with the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from server.protocol import agents as wire
from server.protocol.base import Outbound
from server.protocol.voice.base import VoiceProtocol
from server.tutor import voice_jobs
from server.tutor.model import Conversation
from server.tutor.service import Stores, TutorService
from server.tutor.voice_jobs import VoiceRequest
from tests.fakes.conversations import FakeConversations
from tests.fakes.rooms_world import a_user
from tests.fakes.stores import FakeUserStore
from tests.unit.tutor.test_recorder import SAID, SETTINGS, SPEC

TALK = Conversation("k1", "r1", "Coffee", "en", "B1", "Food", 1.0)


class Anything:
    """A collaborator of which nothing matters here."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_named: None

    def send(self, worker_id: str, event: str, message: Outbound) -> None: ...


@dataclass
class Scene:
    service: TutorService
    talks: FakeConversations

    def begin(self) -> str:
        """A voice session that goes on with the room's conversation."""
        user = a_user("ann")
        request = VoiceRequest(VoiceProtocol.FLUX, "s", user, False, SETTINGS, continues=TALK)
        return self.service.voices.begin(request)

    async def end(self, job_id: str) -> None:
        self.service.voices.voice_ended("w", wire.VoiceEnded(job_id=job_id))
        self.service.voices.finish(job_id)
        async with asyncio.timeout(5):
            while len(self.service.voices):  # noqa: ASYNC110 - no event says so
                await asyncio.sleep(0)

    async def has_ended(self) -> bool:
        await self.service.dispatcher.stored()
        return self.talks.conversations["k1"].ended_at is not None


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.setattr(voice_jobs, "LAST_WORDS_S", 1.0)
    talks, users = FakeConversations(), FakeUserStore()
    anything: Any = Anything()
    stores = Stores(talks, talks, anything, users, anything, anything)
    service = TutorService(anything, anything, stores, CollectorRegistry(), lambda: 10.0)
    service._writes.start()
    service.dispatcher.register("w", wire.Register(worker_id="w", capacity=4))
    await talks.save_conversation(TALK)
    await talks.add_message(replace(SAID, at=2.0), ["ann"])
    yield Scene(service, talks)
    await service.aclose()


async def test_the_room_ends_before_the_voice_session(scene: Scene) -> None:
    scene.service.dispatcher.request(SPEC)
    job_id = scene.begin()
    scene.service.dispatcher.release("r1")
    assert not await scene.has_ended()
    await scene.end(job_id)
    assert await scene.has_ended()


async def test_the_voice_session_ends_before_the_room(scene: Scene) -> None:
    job_id = scene.begin()
    scene.service.dispatcher.request(SPEC)
    await scene.end(job_id)
    assert not await scene.has_ended()
    scene.service.dispatcher.release("r1")
    assert await scene.has_ended()
