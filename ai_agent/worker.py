"""The worker: asks the server for jobs, does them, says each second that it is there."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from ai_agent.config import Settings
from ai_agent.errors import ServerLost
from ai_agent.hub import Hub
from ai_agent.jobs.runner import Ending, JobRunner, Means
from server.common.logs import log_context
from server.common.tasks import cancel_and_wait
from server.protocol import agents as wire

_log = logging.getLogger(__name__)

RETRY_S = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Between attempts to reach the server; the last one stands for all after it."""
GOODBYE_S = 1.0


class Worker:
    """`run` until cancelled."""

    def __init__(self, settings: Settings, means: Means) -> None:
        self.id = f"w{secrets.token_hex(6)}"
        self._settings = settings
        self._means = means
        self._hub: Hub | None = None
        self._was_registered = False
        self._jobs: dict[str, tuple[JobRunner, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Connects, and connects again whenever the server is lost."""
        attempt = 0
        try:
            while True:
                try:
                    await self._serve_once()
                except ServerLost as lost:
                    _log.info("not connected to the server", extra={"error": str(lost)})
                attempt = 0 if self._was_registered else attempt + 1
                pause = RETRY_S[min(attempt, len(RETRY_S) - 1)]
                await asyncio.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311 - only spreads arrivals
        finally:
            await self._end_jobs()

    async def _serve_once(self) -> None:
        self._was_registered = False
        token = self._settings.token.get_secret_value()
        hub = Hub(self._settings.server_url, token, self._take)
        try:
            await hub.connect()
            self._hub = hub
            languages = sorted(self._means.engines.languages())
            me = wire.Register(worker_id=self.id, capacity=self._settings.capacity, languages=languages)
            await hub.call("register", me)
            self._was_registered = True
            _log.info("registered", extra={"worker_id": self.id})
            reports = asyncio.create_task(self._report(hub), name="reports")
            try:
                await hub.serve()
            finally:
                await cancel_and_wait(reports)
        finally:
            # Without the server's word this worker may not speak: the jobs are somebody else's by now.
            await self._end_jobs()
            self._hub = None
            with suppress(ServerLost):
                await hub.flush(GOODBYE_S)
            await hub.aclose()

    async def _report(self, hub: Hub) -> None:
        used, at = time.process_time(), time.monotonic()
        while True:
            await asyncio.sleep(wire.HEARTBEAT_S)
            used_now, now = time.process_time(), time.monotonic()
            load = max(0.0, used_now - used) / max(0.001, now - at)
            used, at = used_now, now
            hub.say("report", wire.Report(load=min(1_000.0, load), jobs=list(self._jobs)))

    def _take(self, name: str, data: Mapping[str, Any]) -> None:
        """Called by the socket, in order."""
        try:
            message = wire.WORKER_EVENTS[name].model_validate(data)
        except ValidationError as error:
            _log.error(
                "message from the server is invalid",
                extra={"event_name": name, "errors": error.errors(include_input=False)},
            )
            return
        if isinstance(message, wire.Job):
            self._begin(message)
            return
        found = self._jobs.get(getattr(message, "job_id", ""))
        if found is None:
            return
        runner, task = found
        if isinstance(message, wire.JobChanged):
            runner.change(message)
        elif isinstance(message, wire.PersonInput):
            runner.take_input(message)
        elif isinstance(message, wire.JobCancelled):
            runner.is_cancelled = True
            task.cancel()

    def _begin(self, job: wire.Job) -> None:
        hub = self._hub
        if hub is None or job.job_id in self._jobs:
            return
        runner = JobRunner(job, self._means, hub)
        task = asyncio.create_task(self._do(runner, hub), name=f"job {job.job_id}")
        self._jobs[job.job_id] = (runner, task)

    async def _do(self, runner: JobRunner, hub: Hub) -> None:
        with log_context(job_id=runner.id):
            ending = Ending("done", "cancelled")
            try:
                ending = await runner.run()
            except asyncio.CancelledError:
                # The worker ends, or lost the server: unsaid, so that the job counts as lost and goes on.
                if not runner.is_cancelled:
                    raise
            finally:
                del self._jobs[runner.id]
            _log.info("job ended", extra={"reason": ending.reason, "detail": ending.detail})
            hub.say(
                "job_ended",
                wire.JobEnded(job_id=runner.id, reason=ending.reason, detail=ending.detail[:1_000]),
            )

    async def _end_jobs(self) -> None:
        tasks = [task for _, task in self._jobs.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
