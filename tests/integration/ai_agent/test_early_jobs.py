"""Jobs that a worker gets while it is loading its engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import SecretStr

from ai_agent.config import Settings
from ai_agent.jobs.ports import Outbox, Result, Voice
from ai_agent.worker import Worker
from server.common.tasks import cancel_and_wait
from server.protocol import agents as wire
from tests.fakes.tutor.agents_server import AgentsServer
from tests.fakes.tutor.worker import a_job, a_person, a_setting


class NotedRunner:
    def __init__(self) -> None:
        self.changes: list[wire.JobChanged] = []

    async def run(self) -> Result:
        return Result("done", "the test's")

    def change(self, changed: wire.JobChanged) -> None:
        self.changes.append(changed)

    def take_input(self, given: wire.PersonInput) -> None:
        pass

    def say_goodbye(self, *, for_others: bool = False) -> None:
        pass


class SlowSource:
    """Its runner is there once `may_load` is set.."""

    languages = frozenset({"en"})

    def __init__(self) -> None:
        self.may_load = asyncio.Event()
        self.made = NotedRunner()
        self.fails = False

    @property
    def is_loading(self) -> bool:
        return not self.may_load.is_set()

    async def runner(self, job: wire.Job, outbox: Outbox) -> NotedRunner:
        await self.may_load.wait()
        if self.fails:
            raise RuntimeError("the test's")
        return self.made

    async def voice(self, job: wire.VoiceJob, outbox: Outbox) -> Voice:
        raise NotImplementedError


@asynccontextmanager
async def loading_worker(server: AgentsServer) -> AsyncIterator[SlowSource]:
    source = SlowSource()
    settings = Settings(server_url=server.url, token=SecretStr(server.token), _env_file=None)
    task = asyncio.create_task(Worker(settings, source).run())
    try:
        yield source
    finally:
        await cancel_and_wait(task)


async def test_a_worker_registers_and_says_that_it_is_loading() -> None:
    async with AgentsServer() as server, loading_worker(server) as source:
        registered = await server.wait_for("register")
        assert registered["languages"] == ["en"]
        await server.wait_for("report", lambda report: report["isLoading"])
        source.may_load.set()
        await server.wait_for("report", lambda report: not report["isLoading"])


async def test_an_early_job_waits_and_begins_with_the_last_change() -> None:
    async with AgentsServer() as server, loading_worker(server) as source:
        worker = await server.worker()
        await server.send(worker, "job", a_job("room", "token"))
        for name in ("ann", "ben"):
            changed = wire.JobChanged(job_id="job1", settings=a_setting(), people=[a_person(name)])
            await server.send(worker, "job_changed", changed)
        await server.wait_for("report", lambda report: report["jobs"] == ["job1"])
        assert not server.count("job_ended")
        source.may_load.set()
        ended = await server.wait_for("job_ended")
        assert (ended["reason"], ended["detail"]) == ("done", "the test's")
        assert [[p.participant_id for p in change.people] for change in source.made.changes] == [["ben"]]


async def test_a_job_that_is_cancelled_while_it_waits_ends() -> None:
    async with AgentsServer() as server, loading_worker(server):
        worker = await server.worker()
        await server.send(worker, "job", a_job("room", "token"))
        await server.send(worker, "cancel_job", wire.JobCancelled(job_id="job1"))
        ended = await server.wait_for("job_ended")
        assert (ended["reason"], ended["detail"]) == ("done", "cancelled")


async def test_a_job_whose_parts_cannot_be_made_is_given_to_another_worker() -> None:
    async with AgentsServer() as server, loading_worker(server) as source:
        worker = await server.worker()
        await server.send(worker, "job", a_job("room", "token"))
        source.fails = True
        source.may_load.set()
        ended = await server.wait_for("job_ended")
        assert (ended["reason"], ended["detail"]) == ("failed", "RuntimeError")
