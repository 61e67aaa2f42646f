"""A JobSource whose engines need no loading."""

from __future__ import annotations

from ai_agent.jobs.ports import Outbox
from ai_agent.jobs.runner import JobRunner, Resources
from server.protocol import agents as wire


class LoadedJobs:
    """`languages`: in any."""

    languages: frozenset[str] = frozenset()
    is_loading = False

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def runner(self, job: wire.Job, outbox: Outbox) -> JobRunner:
        return JobRunner(job, self._resources, outbox)
