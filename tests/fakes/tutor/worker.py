"""A worker in this process, in a room of a real server, with a dialogue of the test's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from ai_agent.audio import Pcm
from ai_agent.config import Settings
from ai_agent.jobs.runner import MakeDialogue, Resources
from ai_agent.jobs.uploads import Uploads
from ai_agent.worker import Worker
from server.protocol import agents as wire
from server.protocol.entities import Level
from tests.fakes.classes import FakeCourses
from tests.fakes.tutor.agents_server import AgentsServer
from tests.fakes.tutor.echo import EchoDialogue
from tests.fakes.tutor.engines import FixedEngines
from tests.fakes.tutor.loaded_jobs import LoadedJobs
from tests.fakes.tutor.passages import FakeKnowledge


@dataclass
class WorkerScene:
    """`dialogues`: one for each job, as they were begun."""

    agents_server: AgentsServer
    worker: Worker
    task: asyncio.Task[None]
    engines: FixedEngines
    dialogues: list[EchoDialogue] = field(default_factory=list)


class _Uploads(Uploads):
    """To the server that gives the jobs: here the rooms are on another one."""

    def __init__(self, agents_server: AgentsServer) -> None:
        super().__init__(agents_server.token)
        self._agents_url = agents_server.url

    def put(self, server_url: str, message_id: str, audio: Pcm, rate: int, accepted: Awaitable[bool]) -> None:
        del server_url
        super().put(self._agents_url, message_id, audio, rate, accepted)


@asynccontextmanager
async def running_worker(
    agents_server: AgentsServer,
    server_url: str,
    make: MakeDialogue | None = None,
    engines: FixedEngines | None = None,
) -> AsyncIterator[WorkerScene]:
    """`agents_server` gives the jobs, the rooms are those of `server_url`."""
    settings = Settings(server_url=agents_server.url, token=SecretStr(agents_server.token), _env_file=None)
    engines = engines or FixedEngines()
    dialogues: list[EchoDialogue] = []

    def echo(*given: Any, **named: Any) -> EchoDialogue:
        dialogues.append(EchoDialogue(*given, **named))
        return dialogues[-1]

    async with _Uploads(agents_server) as uploads:
        resources = Resources(
            engines=engines,
            dialogue=make or echo,
            audio=uploads,
            knowledge=FakeKnowledge(),
            courses=FakeCourses(),
        )
        worker = Worker(settings, LoadedJobs(resources, server_url))
        task = asyncio.create_task(worker.run())
        try:
            yield WorkerScene(agents_server, worker, task, engines, dialogues)
        finally:
            task.cancel()
            await asyncio.wait([task])


def a_job(room_id: str, token: str, **given: Any) -> wire.Job:
    """A job in that room, 1:1 at B1 unless given otherwise."""
    members: dict[str, Any] = {
        "job_id": "job1",
        "room_id": room_id,
        "conversation_id": "conversation1",
        "token": token,
        "invite": None,
        "name": "Emma",
        "settings": a_setting(),
        "people": [],
        "history": [],
    }
    return wire.Job(**{**members, **given})


def a_setting(**given: Any) -> wire.JobSettings:
    members: dict[str, Any] = {
        "language": "en",
        "level": Level.B1,
        "topic": "Travel",
        "voice": None,
        "rate": 0.9,
        "one_to_one": True,
        "captions": False,
        "breaks_silence": False,
    }
    return wire.JobSettings(**{**members, **given})


def a_person(participant_id: str, **given: Any) -> wire.Person:
    members: dict[str, Any] = {
        "participant_id": participant_id,
        "user_id": f"user-{participant_id}",
        "name": "Ann",
        "native_language": "vi",
        "learning_level": Level.B1,
        "is_host": True,
        "heard": True,
        "keep_audio": False,
        "browser_recognition": False,
        "hand_raised": False,
        "reached": True,
        "patience": 1.0,
        "wants_feedback": False,
        "country": None,
        "time_zone": None,
    }
    return wire.Person(**{**members, **given})


def some_history(texts: Sequence[str]) -> list[wire.HistoryItem]:
    return [
        wire.HistoryItem(role="tutor", participant_id=None, name=None, text=text, at=datetime.now(UTC))
        for text in texts
    ]
