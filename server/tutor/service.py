"""The tutor service: builds the parts of this package and starts and stops them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry

from server.common.tasks import Ticker
from server.learning.ports import ClassStore
from server.rooms.ports import UserStore
from server.rooms.tutor_events import TutorEvents
from server.tutor.agent_events import AgentEvents
from server.tutor.conversations import Conversations
from server.tutor.dispatcher import JobDispatcher, Workers
from server.tutor.jobs import JobState
from server.tutor.metrics import TutorMetrics
from server.tutor.ports import AudioStore, ConversationStore, LearnerMemory, ProgressStore
from server.tutor.recorder import Recorder
from server.tutor.server_list import ServerList
from server.tutor.voice_jobs import VoiceJobs, nobody_died
from server.tutor.write_queue import WriteQueue

_SWEEP_EVERY_S = 3_600.0
_LAST_SWEEP = "tutor_swept_at"

RunShared = Callable[[str, float, Callable[[], Awaitable[None]]], Awaitable[None]]
"""Runs periodic work unless another server does: `SharedRuns.run`."""


async def run_always(_name: str, _every_s: float, work: Callable[[], Awaitable[None]]) -> None:
    await work()


@dataclass(frozen=True, slots=True)
class Stores:
    conversations: ConversationStore
    progress: ProgressStore
    audio: AudioStore
    users: UserStore
    memory: LearnerMemory
    classes: ClassStore


class TutorService:
    """`start` in the loop, before the rooms request tutors; `aclose` after the workers' last message.

    `clock` is seconds since the epoch. `audio_ttl_s`: how long recordings are stored; 0: no limit.
    `servers`: those that workers may serve too. `practised` is told who said something, or was corrected.
    `has_died`: whether another server, by its id, is known to be dead.
    """

    def __init__(  # noqa: PLR0913 - one argument for each collaborator
        self,
        events: TutorEvents,
        workers: Workers,
        stores: Stores,
        registry: CollectorRegistry,
        clock: Callable[[], float],
        *,
        audio_ttl_s: float = 0.0,
        servers: ServerList | None = None,
        run_shared: RunShared = run_always,
        practised: Callable[[str], None] = lambda _user_id: None,
        has_died: Callable[[str], Awaitable[bool]] = nobody_died,
    ) -> None:
        self._writes = WriteQueue()
        recorder = self._recorder = Recorder(
            stores.conversations, stores.progress, stores.users, self._writes, clock, practised
        )
        metrics = TutorMetrics(registry)
        self.dispatcher = JobDispatcher(
            events,
            workers,
            recorder,
            stores.memory,
            time.monotonic,
            servers,
            is_in_voice_session=self._has_voice_session,
        )
        self.voices = VoiceJobs(
            self.dispatcher.jobs, workers, recorder, stores.memory, self.dispatcher.has, has_died
        )
        self.agent_events = AgentEvents(
            self.dispatcher,
            self.voices,
            events,
            recorder,
            memory=stores.memory,
            classes=stores.classes,
            writes=self._writes,
            metrics=metrics,
            clock=clock,
        )
        self.conversations = Conversations(
            stores.conversations, stores.progress, stores.audio, stores.users, self._writes, clock
        )
        self._audio_ttl = audio_ttl_s
        self._run_shared = run_shared
        self._sweeper = Ticker("tutor sweep", _SWEEP_EVERY_S, self._sweep)
        metrics.workers_from(lambda: self.dispatcher.jobs.worker_count)
        for state in JobState:
            metrics.jobs_from(state.name.lower(), partial(self.dispatcher.count, state))

    def start(self) -> None:
        self._writes.start()
        self.dispatcher.start()
        self._sweep(every_s=0.0)  # an unclean end of this server may have left something a moment ago
        self._sweeper.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._sweeper.aclose()
        await self.voices.aclose()
        await self.dispatcher.aclose()
        await self._writes.aclose()

    def _has_voice_session(self, conversation_id: str) -> bool:
        return self.voices.has(conversation_id)

    def _sweep(self, every_s: float = _SWEEP_EVERY_S / 2) -> None:
        self._writes.post(lambda: self._run_shared(_LAST_SWEEP, every_s, self._sweep_stores))

    async def _sweep_stores(self) -> None:
        await self._recorder.end_orphaned()
        await self.conversations.sweep(self._audio_ttl)
