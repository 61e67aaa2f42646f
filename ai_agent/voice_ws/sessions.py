"""The voice sessions of a worker on one connection to a server."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from ai_agent.jobs.ports import Outbox, Voice
from server.common.logs import log_context
from server.common.tasks import TaskSet
from server.protocol import agents as wire

MakeVoice = Callable[[wire.VoiceJob, Outbox], Awaitable[Voice]]
"""Waits until what the session needs is loaded."""
_ALMOST = 1e-6
"""Costs are tenths, and their sums are not exact."""
_log = logging.getLogger(__name__)


class VoiceSessions:
    """They end with the connection on which they were given. `free`: places for more, of all connections
    together, in units of `VOICE_COST`."""

    def __init__(self, make: MakeVoice, outbox: Outbox, free: Callable[[], float]) -> None:
        self._make = make
        self._outbox = outbox
        self._free = free
        self._tasks = TaskSet()
        self._costs: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def ids(self) -> list[str]:
        return list(self._costs)

    @property
    def cost(self) -> float:
        """Places that they take."""
        return sum(self._costs.values())

    def start(self, job: wire.VoiceJob) -> None:
        """Or give the session back, if there is no place for it: other servers fill this worker, too."""
        cost = wire.VOICE_COST[job.protocol]
        if self._free() + _ALMOST < cost:
            _log.info("no place for a voice session", extra={"job_id": job.job_id})
            self._outbox.send("voice_ended", wire.VoiceEnded(job_id=job.job_id, is_full=True))
            return
        self._costs[job.job_id] = cost
        self._tasks.spawn(self._run(job), f"voice session {job.job_id}")

    async def aclose(self) -> None:
        """Idempotent."""
        await self._tasks.aclose()

    async def _run(self, job: wire.VoiceJob) -> None:
        try:
            with log_context(job_id=job.job_id):
                voice = await self._make(job, self._outbox)
                await voice.run()
        finally:
            del self._costs[job.job_id]
