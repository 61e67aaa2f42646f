"""The worker's connection to one server, and the jobs that it has there."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from ai_agent import servers
from ai_agent.agent_client import AgentClient
from ai_agent.config import Settings
from ai_agent.errors import ServerLost
from ai_agent.jobs.ports import JobSource, Result, Runner
from ai_agent.voice_ws.sessions import VoiceSessions
from server.common.logs import log_context
from server.common.tasks import BackgroundTask, cancel_and_wait
from server.protocol import agents as wire

_log = logging.getLogger(__name__)

_FLUSH_WITHIN_S = 1.0


@dataclass(slots=True)
class AssignedJob:
    """`runner`: None until what it needs is loaded. `changed`: the last change before that. `is_cancelled`:
    by the server, or because another server has the conversation now.
    """

    conversation_id: str
    task: asyncio.Task[None]
    runner: Runner | None = None
    changed: wire.JobChanged | None = None
    is_cancelled: bool = False

    def change(self, changed: wire.JobChanged) -> None:
        if self.runner is not None:
            self.runner.change(changed)
        else:
            self.changed = changed

    def begin(self, runner: Runner) -> None:
        self.runner = runner
        if self.changed is not None:
            runner.change(self.changed)

    def cancel(self) -> None:
        self.is_cancelled = True
        self.task.cancel()


class Owner(Protocol):
    """The worker, as far as its connections need it."""

    @property
    def id(self) -> str: ...

    def free(self) -> int:
        """The number of jobs that it can still take, of all servers together."""
        ...

    def free_voices(self) -> float:
        """The number of voice sessions that it can still take, in units of `VOICE_COST`."""
        ...

    def registered(self, link: ServerJobs) -> None:
        """Raises ServerLost if another connection serves that server already."""
        ...

    def changed(self) -> None:
        """A server has come or gone, or a job has ended."""
        ...

    def begins(self, link: ServerJobs, conversation_id: str) -> None:
        """The conversation is this server's now."""
        ...


class ServerJobs:
    """Call `serve` once. `name`: the server's, once it is known; empty for one that shares no rooms.
    `listed`: addresses of all servers that it knows, by name. `is_registered`: whether it may give jobs now;
    `has_registered`: whether it ever could."""

    def __init__(self, url: str, settings: Settings, source: JobSource, owner: Owner) -> None:
        self.name = ""
        self.listed: dict[str, str] = {}
        self.is_registered = self.has_registered = False
        self.jobs: dict[str, AssignedJob] = {}
        self._settings = settings
        self._source = source
        self._owner = owner
        self._client = AgentClient(url, settings.token.get_secret_value(), self._receive)
        self._takes_places = False
        self.voices = VoiceSessions(source.voice, self._client, owner.free_voices)

    async def serve(self) -> None:
        """Register and run jobs until the connection is lost. Raises ServerLost."""
        client = self._client
        try:
            await client.connect()
            await self._register()
            reports = BackgroundTask("reports", self._report)
            reports.start()
            try:
                await client.serve()
            finally:
                await reports.aclose()
        finally:
            self.is_registered = False
            # Without the connection the jobs are another worker's by now, and two tutors must not speak.
            await cancel_and_wait(*(assigned.task for assigned in self.jobs.values()))
            await self.voices.aclose()
            with suppress(ServerLost):
                await client.flush(_FLUSH_WITHIN_S)
            await client.aclose()
            self._owner.changed()

    @property
    def is_idle(self) -> bool:
        """It has neither jobs nor voice sessions here."""
        return not self.jobs and not len(self.voices)

    def leave(self) -> None:
        """End `serve`."""
        self._client.leave()

    async def _register(self) -> None:
        """Raises ServerLost."""
        me = wire.Register(
            worker_id=self._owner.id,
            capacity=self._settings.capacity,
            languages=sorted(self._source.languages),
        )
        ack = await self._client.call("register", me)
        try:
            answer = wire.Registered.model_validate(ack)
        except ValidationError as error:
            raise ServerLost("the answer to register is not valid") from error
        self.name, self._takes_places = answer.name, answer.takes_places
        self._list(answer.servers)
        self._owner.registered(self)
        self.is_registered = self.has_registered = True
        _log.info("registered", extra={"worker_id": self._owner.id, "server": self.name})

    def _list(self, listed: list[wire.ListedServer]) -> None:
        self.listed = servers.addresses(listed, self._settings.server_url)
        self._client.rooms_url = self.listed.get(self.name, self._client.rooms_url)
        self._owner.changed()

    async def _report(self) -> None:
        used, at = time.process_time(), time.monotonic()
        while True:
            await asyncio.sleep(wire.HEARTBEAT_S)
            used_now, now = time.process_time(), time.monotonic()
            load = max(0.0, used_now - used) / max(0.001, now - at)
            used, at = used_now, now
            report = wire.Report(
                load=min(1_000.0, load), jobs=list(self.jobs), is_loading=self._source.is_loading
            )
            if self._takes_places:
                places = {
                    "free": self._owner.free(),
                    "voices": self.voices.ids,
                    "free_voices": self._owner.free_voices(),
                }
                report = report.model_copy(update=places)
            self._client.send("report", report)

    def _receive(self, name: str, data: Mapping[str, Any]) -> None:
        """Called for each event, in order."""
        try:
            message = wire.WORKER_EVENTS[name].model_validate(data)
        except ValidationError as error:
            wrong = error.errors(include_input=False)
            _log.error("message of the server is not valid", extra={"event_name": name, "errors": wrong})
            return
        if isinstance(message, wire.Job):
            self._start(message)
        elif isinstance(message, wire.VoiceJob):
            self.voices.start(message)
        elif isinstance(message, wire.ServersChanged):
            self._list(message.servers)
        elif (assigned := self.jobs.get(getattr(message, "job_id", ""))) is not None:
            _pass_on(message, assigned)

    def _start(self, job: wire.Job) -> None:
        if job.job_id in self.jobs:
            return
        self._owner.begins(self, job.conversation_id)
        if not self._owner.free():
            self._end(job.job_id, Result("full"))
            return
        task = asyncio.create_task(self._run_job(job), name=f"job {job.job_id}")
        self.jobs[job.job_id] = AssignedJob(job.conversation_id, task)

    async def _run_job(self, job: wire.Job) -> None:
        job_id = job.job_id
        assigned = self.jobs[job_id]
        result = Result("done", "cancelled")
        with log_context(job_id=job_id):
            try:
                runner = await self._source.runner(job, self._client)
                assigned.begin(runner)
                result = await runner.run()
            except Exception as error:  # noqa: BLE001 - an error before `run`, which returns its own
                _log.exception("job cannot begin")
                result = Result("failed", type(error).__name__)
            except asyncio.CancelledError:
                # The worker stops, or lost the server. Without a `job_ended` the job counts as lost, and
                # another worker continues it.
                if not assigned.is_cancelled:
                    raise
            finally:
                del self.jobs[job_id]
                self._owner.changed()
        self._end(job_id, result)

    def _end(self, job_id: str, result: Result) -> None:
        extra = {"job_id": job_id, "reason": result.reason, "detail": result.detail}
        _log.info("job ended", extra=extra)
        ended = wire.JobEnded(job_id=job_id, reason=result.reason, detail=result.detail[:1_000])
        self._client.send("job_ended", ended)


def _pass_on(message: object, assigned: AssignedJob) -> None:
    runner = assigned.runner
    if isinstance(message, wire.JobChanged):
        assigned.change(message)
    elif isinstance(message, wire.JobCancelled):
        assigned.cancel()
    elif isinstance(message, wire.PersonInput) and runner is not None:
        runner.take_input(message)
    elif isinstance(message, wire.SayGoodbye) and runner is not None:
        runner.say_goodbye(for_others=message.for_others)
