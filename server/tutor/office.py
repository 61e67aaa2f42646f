"""All of this package, put together."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry

from server.common.tasks import Ticker
from server.rooms.ports import UserStore
from server.rooms.service import RoomsService
from server.tutor.desk import TutorDesk, Workers
from server.tutor.histories import Histories
from server.tutor.jobs import JobState
from server.tutor.keeping import Keeping
from server.tutor.metrics import TutorMetrics
from server.tutor.ports import AudioStore, ConversationStore, ProgressStore
from server.tutor.scribe import Scribe
from server.tutor.showing import Showing

_SWEEP_EVERY_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Stores:
    conversations: ConversationStore
    progress: ProgressStore
    audio: AudioStore
    users: UserStore


class TutorOffice:
    """`start` in the loop, before the rooms start to ask; `aclose` once no worker can say anything any more.

    `clock` is seconds since the epoch. `audio_ttl_s`: how long audio is kept; 0: for ever.
    """

    def __init__(
        self,
        rooms: RoomsService,
        workers: Workers,
        stores: Stores,
        registry: CollectorRegistry,
        clock: Callable[[], float],
        audio_ttl_s: float = 0.0,
    ) -> None:
        self._scribe = Scribe()
        keeping = self._keeping = Keeping(stores.conversations, stores.progress, self._scribe, clock)
        metrics = TutorMetrics(registry)
        stage = rooms.tutor_stage
        self.desk = TutorDesk(stage, workers, keeping, self._scribe, time.monotonic)
        self.showing = Showing(self.desk, stage, keeping, metrics, clock)
        self.histories = Histories(
            stores.conversations, stores.progress, stores.audio, stores.users, self._scribe, clock
        )
        self._audio_ttl = audio_ttl_s
        self._sweeper = Ticker("tutor recordings", _SWEEP_EVERY_S, self._sweep)
        rooms.tutored_by(self.desk)
        metrics.workers_from(lambda: self.desk.jobs.worker_count)
        for state in JobState:
            metrics.jobs_from(state.name.lower(), partial(self.desk.count, state))

    def start(self) -> None:
        self._scribe.start()
        self.desk.start()
        self._sweep()
        self._sweeper.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._sweeper.aclose()
        await self.desk.aclose()
        await self._scribe.aclose()

    def _sweep(self) -> None:
        self._keeping.sweep()
        self._scribe.post(lambda: self.histories.sweep(self._audio_ttl))
