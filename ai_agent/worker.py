"""The worker: registers with the server, runs the jobs that it is assigned, and reports every second."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ai_agent.agent_client import AgentClient
from ai_agent.config import Settings
from ai_agent.errors import ServerLost
from ai_agent.jobs.ports import JobSource, Result, Runner
from server.common.logs import log_context
from server.common.tasks import BackgroundTask, cancel_and_wait
from server.protocol import agents as wire

_log = logging.getLogger(__name__)

RETRY_S = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Between attempts to connect to the server; the last one applies to all later attempts."""
_FLUSH_WITHIN_S = 1.0


@dataclass(slots=True)
class AssignedJob:
    """`runner`: None until what it needs is loaded. `changed`: the last change before that. `is_cancelled`:
    by the server.
    """

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


class Worker:
    """`run` until cancelled. `registered`: set once it has registered for the first time."""

    def __init__(self, settings: Settings, source: JobSource) -> None:
        self.id = f"w{secrets.token_hex(6)}"
        self.registered = asyncio.Event()
        self._settings = settings
        self._source = source
        self._client: AgentClient | None = None
        self._was_registered = False
        self._jobs: dict[str, AssignedJob] = {}

    async def run(self) -> None:
        """Connect, and reconnect whenever the connection is lost."""
        attempt = 0
        try:
            while True:
                try:
                    await self._serve_once()
                except ServerLost as lost:
                    _log.info("not connected: %s", lost)
                attempt = 0 if self._was_registered else attempt + 1
                pause = RETRY_S[min(attempt, len(RETRY_S) - 1)]
                await asyncio.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311 - only spreads arrivals
        finally:
            await self._end_jobs()

    async def _serve_once(self) -> None:
        self._was_registered = False
        token = self._settings.token.get_secret_value()
        client = AgentClient(self._settings.server_url, token, self._receive)
        try:
            await client.connect()
            self._client = client
            languages = sorted(self._source.languages)
            me = wire.Register(worker_id=self.id, capacity=self._settings.capacity, languages=languages)
            await client.call("register", me)
            self._was_registered = True
            self.registered.set()
            _log.info("registered", extra={"worker_id": self.id})
            reports = BackgroundTask("reports", lambda: self._report(client))
            reports.start()
            try:
                await client.serve()
            finally:
                await reports.aclose()
        finally:
            # Without the connection the jobs are another worker's by now, and two tutors must not speak.
            await self._end_jobs()
            self._client = None
            with suppress(ServerLost):
                await client.flush(_FLUSH_WITHIN_S)
            await client.aclose()

    async def _report(self, client: AgentClient) -> None:
        used, at = time.process_time(), time.monotonic()
        while True:
            await asyncio.sleep(wire.HEARTBEAT_S)
            used_now, now = time.process_time(), time.monotonic()
            load = max(0.0, used_now - used) / max(0.001, now - at)
            used, at = used_now, now
            jobs, is_loading = list(self._jobs), self._source.is_loading
            client.send("report", wire.Report(load=min(1_000.0, load), jobs=jobs, is_loading=is_loading))

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
            return
        assigned = self._jobs.get(getattr(message, "job_id", ""))
        if assigned is None:
            return
        if isinstance(message, wire.JobChanged):
            assigned.change(message)
        elif isinstance(message, wire.JobCancelled):
            assigned.is_cancelled = True
            assigned.task.cancel()
        elif assigned.runner is None:
            return
        elif isinstance(message, wire.PersonInput):
            assigned.runner.take_input(message)
        elif isinstance(message, wire.SayGoodbye):
            assigned.runner.say_goodbye()

    def _start(self, job: wire.Job) -> None:
        client = self._client
        if client is None or job.job_id in self._jobs:
            return
        task = asyncio.create_task(self._run_job(job, client), name=f"job {job.job_id}")
        self._jobs[job.job_id] = AssignedJob(task)

    async def _run_job(self, job: wire.Job, client: AgentClient) -> None:
        job_id = job.job_id
        assigned = self._jobs[job_id]
        with log_context(job_id=job_id):
            result = Result("done", "cancelled")
            try:
                runner = await self._source.runner(job, client)
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
                del self._jobs[job_id]
            _log.info("job ended", extra={"reason": result.reason, "detail": result.detail})
            client.send(
                "job_ended",
                wire.JobEnded(job_id=job_id, reason=result.reason, detail=result.detail[:1_000]),
            )

    async def _end_jobs(self) -> None:
        await cancel_and_wait(*(assigned.task for assigned in self._jobs.values()))
