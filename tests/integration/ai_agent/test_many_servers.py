"""One worker that serves several servers, each a fake of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr

import ai_agent.worker
from ai_agent.config import Settings
from ai_agent.jobs.ports import Outbox, Result, Voice
from ai_agent.servers import MAX_SERVERS, chosen
from ai_agent.worker import Worker
from server.common.tasks import cancel_and_wait
from server.protocol import agents as wire
from tests.fakes.signalling_server import eventually
from tests.fakes.tutor.agents_server import AgentsServer
from tests.fakes.tutor.worker import a_job


@dataclass
class EndlessRunner:
    """Runs until it is cancelled."""

    job: wire.Job
    rooms_url: str
    has_ended: bool = False

    async def run(self) -> Result:
        try:
            await asyncio.Event().wait()
        finally:
            self.has_ended = True
        return Result("done")

    def change(self, changed: wire.JobChanged) -> None: ...

    def take_input(self, given: wire.PersonInput) -> None: ...

    def say_goodbye(self, *, for_others: bool) -> None: ...


@dataclass
class EndlessJobs:
    languages: frozenset[str] = frozenset()
    is_loading: bool = False
    made: dict[str, EndlessRunner] = field(default_factory=dict)

    async def runner(self, job: wire.Job, outbox: Outbox) -> EndlessRunner:
        self.made[job.job_id] = EndlessRunner(job, outbox.rooms_url)
        return self.made[job.job_id]

    async def voice(self, job: wire.VoiceJob, outbox: Outbox) -> Voice:
        raise NotImplementedError


@asynccontextmanager
async def a_worker(home: AgentsServer, *, capacity: int = 8) -> AsyncIterator[EndlessJobs]:
    source = EndlessJobs()
    settings = Settings(server_url=home.url, token=SecretStr(home.token), capacity=capacity, _env_file=None)
    task = asyncio.create_task(Worker(settings, source).run())
    try:
        yield source
    finally:
        await cancel_and_wait(task)


@pytest.fixture
async def servers() -> AsyncIterator[list[AgentsServer]]:
    """Three that know each other."""
    async with AsyncExitStack() as stack:
        found = [await stack.enter_async_context(AgentsServer(f"n{i + 1}")) for i in range(3)]
        for server in found:
            await server.list_servers(*found)
        yield found


async def give(server: AgentsServer, job_id: str, conversation_id: str = "") -> None:
    job = a_job("room", "token", job_id=job_id, conversation_id=conversation_id or f"talk-{job_id}")
    await server.send(server.workers[-1], "job", job)


async def all_registered(servers: list[AgentsServer]) -> None:
    await eventually(lambda: all(len(server.workers) == 1 for server in servers), within_s=10)


async def test_a_worker_registers_with_every_server_that_its_first_one_names(
    servers: list[AgentsServer],
) -> None:
    async with a_worker(servers[0]):
        await all_registered(servers)
        registered = [await server.wait_for("register") for server in servers]
        assert len({each["workerId"] for each in registered}) == 1
        for server in servers:
            assert (await server.wait_for("report"))["free"] == 8
            assert server.count("register") == 1


async def test_a_server_alone_has_the_worker_for_itself() -> None:
    async with AgentsServer() as alone, a_worker(alone) as source:
        await alone.worker()
        await give(alone, "j1")
        report = await alone.wait_for("report", lambda report: report["jobs"] == ["j1"])
        assert "free" not in report  # an earlier version would refuse it
        assert source.made["j1"].rooms_url == alone.url
        await alone.drop(alone.workers[0])
        await eventually(lambda: alone.count("register") == 2, within_s=10)
        assert source.made["j1"].has_ended


async def test_jobs_of_all_servers_count_and_each_reports_its_own(servers: list[AgentsServer]) -> None:
    async with a_worker(servers[0], capacity=2) as source:
        await all_registered(servers)
        await give(servers[0], "j1")
        await give(servers[1], "j2")
        report = await servers[0].wait_for("report", lambda report: report["free"] == 0)
        assert report["jobs"] == ["j1"]
        assert (await servers[2].wait_for("report", lambda report: report["free"] == 0))["jobs"] == []
        assert [made.rooms_url for made in source.made.values()] == [servers[0].url, servers[1].url]


async def test_a_job_beyond_the_capacity_is_refused_at_once(servers: list[AgentsServer]) -> None:
    async with a_worker(servers[0], capacity=1) as source:
        await all_registered(servers)
        await give(servers[0], "j1")
        await servers[0].wait_for("report", lambda report: report["jobs"] == ["j1"])
        await give(servers[1], "j2")
        ended = await servers[1].wait_for("job_ended")
        assert (ended["jobId"], ended["reason"]) == ("j2", "full")
        assert list(source.made) == ["j1"]


async def test_the_death_of_a_server_ends_its_jobs_and_no_other(servers: list[AgentsServer]) -> None:
    async with a_worker(servers[0]) as source:
        await all_registered(servers)
        for server, job_id in zip(servers, ("j1", "j2", "j3"), strict=True):
            await give(server, job_id)
        await eventually(lambda: len(source.made) == 3)
        await servers[0].drop(servers[0].workers[0])
        await eventually(lambda: source.made["j1"].has_ended)
        await eventually(lambda: servers[0].count("register") == 2, within_s=10)
        assert not source.made["j2"].has_ended
        assert not source.made["j3"].has_ended
        await servers[1].wait_for("report", lambda report: report["free"] == 6)


async def test_a_conversation_has_one_tutor_when_another_server_takes_it_over(
    servers: list[AgentsServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frozen server's connection lasts longer than its rooms."""
    monkeypatch.setattr(ai_agent.worker, "GIVE_UP_AFTER_S", 0.2)
    async with a_worker(servers[0]) as source:
        await all_registered(servers)
        await give(servers[0], "old", "talk")
        await eventually(lambda: "old" in source.made)
        await give(servers[1], "new", "talk")
        await eventually(lambda: source.made["old"].has_ended)
        assert not source.made["new"].has_ended


async def test_a_server_that_comes_later_is_served_and_one_that_is_gone_is_forgotten(
    servers: list[AgentsServer],
) -> None:
    one, two, three = servers
    for server in (one, two):
        await server.list_servers(one, two)
    async with a_worker(one):
        await all_registered([one, two])
        assert three.count("register") == 0
        await one.list_servers(one, two, three)
        await three.wait_for("register")
        for server in servers:
            await server.list_servers(one, two)
        await three.drop(three.workers[0])
        await one.list_servers(one, two, AgentsServer("gone"))  # its address is empty
        await asyncio.sleep(0)
        await two.drop(two.workers[0])
        await eventually(lambda: two.count("register") == 2, within_s=10)
        assert three.count("register") == 1


async def test_a_worker_whose_first_server_is_gone_reaches_the_others_by_their_own_addresses() -> None:
    async with AgentsServer("n2") as two, AsyncExitStack() as first:
        one = await first.enter_async_context(AgentsServer("n1"))
        for server in (one, two):
            await server.list_servers(one, two)
        async with a_worker(one):
            await all_registered([one, two])
            await first.aclose()
            await two.drop(two.workers[0])
            await eventually(lambda: two.count("register") == 2, within_s=10)


async def test_a_name_for_all_servers_leads_to_each_by_its_own_address(
    servers: list[AgentsServer],
) -> None:
    """The setting may be the name of a service: the room's seat must not go to any of them."""
    home = servers[0].url.replace("127.0.0.1", "localhost")
    settings = Settings(server_url=home, token=SecretStr(servers[0].token), _env_file=None)
    source = EndlessJobs()
    task = asyncio.create_task(Worker(settings, source).run())
    try:
        await all_registered(servers)
        await give(servers[0], "j1")
        await eventually(lambda: "j1" in source.made)
        assert source.made["j1"].rooms_url == servers[0].url != home
    finally:
        await cancel_and_wait(task)


async def test_of_many_servers_a_worker_serves_eight_and_keeps_one_that_it_has_jobs_of() -> None:
    async with AsyncExitStack() as stack:
        names = [f"n{i}" for i in range(12)]
        many = [await stack.enter_async_context(AgentsServer(name)) for name in names]
        home = many[0]
        await home.list_servers(home)
        source = await stack.enter_async_context(a_worker(home))
        await home.worker()
        await give(home, "j1")
        await eventually(lambda: "j1" in source.made)
        for server in many:
            await server.list_servers(*many)

        def served() -> int:
            return sum(bool(server.workers) for server in many)

        others = set(chosen(str((await home.wait_for("register"))["workerId"]), names)) - {"n0"}
        await eventually(lambda: {s.name for s in many[1:] if s.workers} == others, within_s=10)
        assert home.workers
        await home.send(home.workers[0], "cancel_job", wire.JobCancelled(job_id="j1"))
        await eventually(lambda: served() == MAX_SERVERS, within_s=10)
