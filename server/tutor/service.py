"""The tutor service: builds the parts of this package and starts and stops them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry

from server.common.tasks import Ticker
from server.rooms.ports import UserStore
from server.rooms.tutor_events import TutorEvents
from server.tutor.agent_events import AgentEvents
from server.tutor.conversations import Conversations
from server.tutor.dispatcher import JobDispatcher, Workers
from server.tutor.jobs import JobState
from server.tutor.metrics import TutorMetrics
from server.tutor.ports import AudioStore, ConversationStore, LearnerMemory, ProgressStore
from server.tutor.recorder import Recorder
from server.tutor.write_queue import WriteQueue

_SWEEP_EVERY_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Stores:
    conversations: ConversationStore
    progress: ProgressStore
    audio: AudioStore
    users: UserStore
    memory: LearnerMemory


class TutorService:
    """`start` in the loop, before the rooms request tutors; `aclose` after the workers' last message.

    `clock` is seconds since the epoch. `audio_ttl_s`: how long recordings are stored; 0: no limit.
    """

    def __init__(
        self,
        events: TutorEvents,
        workers: Workers,
        stores: Stores,
        registry: CollectorRegistry,
        clock: Callable[[], float],
        audio_ttl_s: float = 0.0,
    ) -> None:
        self._writes = WriteQueue()
        recorder = self._recorder = Recorder(
            stores.conversations, stores.progress, stores.users, self._writes, clock
        )
        metrics = TutorMetrics(registry)
        self.dispatcher = JobDispatcher(events, workers, recorder, stores.memory, time.monotonic)
        self.agent_events = AgentEvents(
            self.dispatcher,
            events,
            recorder,
            memory=stores.memory,
            writes=self._writes,
            metrics=metrics,
            clock=clock,
        )
        self.conversations = Conversations(
            stores.conversations, stores.progress, stores.audio, stores.users, self._writes, clock
        )
        self._audio_ttl = audio_ttl_s
        self._sweeper = Ticker("tutor sweep", _SWEEP_EVERY_S, self._sweep)
        metrics.workers_from(lambda: self.dispatcher.jobs.worker_count)
        for state in JobState:
            metrics.jobs_from(state.name.lower(), partial(self.dispatcher.count, state))

    def start(self) -> None:
        self._writes.start()
        self.dispatcher.start()
        self._sweep()
        self._sweeper.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._sweeper.aclose()
        await self.dispatcher.aclose()
        await self._writes.aclose()

    def _sweep(self) -> None:
        self._recorder.sweep()
        self._writes.post(lambda: self.conversations.sweep(self._audio_ttl))
