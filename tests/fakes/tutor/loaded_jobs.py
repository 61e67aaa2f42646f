"""A JobSource whose engines need no loading."""

from __future__ import annotations

from collections.abc import Awaitable

from ai_agent.jobs.ports import Outbox, Voice
from ai_agent.jobs.runner import JobRunner, Resources
from server.protocol import agents as wire
from server.protocol.base import Inbound


class LoadedJobs:
    """`languages`: in any. `rooms_url`: where the rooms are, if not at the server that gives the jobs."""

    languages: frozenset[str] = frozenset()
    is_loading = False

    def __init__(self, resources: Resources, rooms_url: str = "") -> None:
        self._resources = resources
        self._rooms_url = rooms_url

    async def runner(self, job: wire.Job, outbox: Outbox) -> JobRunner:
        return JobRunner(
            job, self._resources, _Elsewhere(outbox, self._rooms_url) if self._rooms_url else outbox
        )

    async def voice(self, job: wire.VoiceJob, outbox: Outbox) -> Voice:
        raise NotImplementedError


class _Elsewhere:
    def __init__(self, outbox: Outbox, rooms_url: str) -> None:
        self._outbox = outbox
        self.rooms_url = rooms_url

    @property
    def is_open(self) -> bool:
        return self._outbox.is_open

    def send(self, event: str, message: Inbound) -> None:
        self._outbox.send(event, message)

    def deliver(self, event: str, message: Inbound) -> Awaitable[bool]:
        return self._outbox.deliver(event, message)
