"""Talks with clients of the voice protocols: which worker has which, and how they are stored.

Such a talk is a conversation of one learner like those in rooms: in the same tables, read by its learner
alone. Its id follows from the learner and from the client's own id of the session, so that every server finds
it again. No sockets here: `server/voice` has them.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from server.common.tasks import TaskSet
from server.errors import Unavailable
from server.protocol import agents as wire
from server.protocol.base import Outbound
from server.protocol.levels import Level
from server.protocol.voice.base import VoiceProtocol
from server.rooms.model import TUTOR_NAME, User, new_id
from server.rooms.tutor_ports import JobSpec
from server.tutor.dispatcher import JobSession
from server.tutor.jobs import JobTable
from server.tutor.messages import past
from server.tutor.model import Conversation
from server.tutor.ports import LearnerMemory
from server.tutor.recall import recall
from server.tutor.recorder import Recorder
from server.tutor.workers import worker_for_voice

LAST_WORDS_S = 5.0
"""After its client has gone, the worker of a talk has this long to send what was said. A connection that goes
on with the talk waits as long for it, on whichever server it was."""
_LOOK_EVERY_S = 0.1
_log = logging.getLogger(__name__)
_BUSY = "All tutors are busy at the moment. Try again in a minute."
_ROOM_NAMES = {
    VoiceProtocol.COACH: "Coach",
    VoiceProtocol.TUTOR: "Voice tutor",
    VoiceProtocol.CLASS: "Class",
    VoiceProtocol.FLUX: "Voice tutor",
    VoiceProtocol.ECHO: "Echo",
}


class Sender(Protocol):
    def send(self, worker_id: str, event: str, message: Outbound) -> None: ...


@dataclass(frozen=True, slots=True)
class VoiceRequest:
    """`session_id`: the client's. `is_known`: the user has signed in, so that the tutor may remember them.
    `continues`: a talk that goes on. `extended`: as in `wire.VoiceJob`."""

    protocol: VoiceProtocol
    session_id: str
    user: User
    is_known: bool
    settings: wire.JobSettings
    continues: Conversation | None = None
    extended: bool = False

    @property
    def keeps_voices(self) -> bool:
        """Parlor's own pages say what is stored; clients of other makers cannot ask for consent. Guests of
        the session alone have no profile in which to give it."""
        return self.extended and self.is_known

    @property
    def conversation_id(self) -> str:
        if self.continues is not None:
            return self.continues.id
        return conversation_id_of(self.protocol, self.user.id, self.session_id)


@dataclass(slots=True)
class VoiceTalk:
    """`ended`: set once its worker has sent all."""

    worker_id: str
    session: JobSession
    request: VoiceRequest
    ended: asyncio.Event

    @property
    def conversation_id(self) -> str:
        return self.session.spec.conversation_id


async def nobody_died(_node_id: str) -> bool:
    return False


class VoiceJobs:
    """One method for each event of workers about voice sessions, with the event's name. `is_in_room`: whether
    a room has the conversation of this id. `has_died`: whether the server of this id is known to be dead."""

    def __init__(
        self,
        table: JobTable,
        workers: Sender,
        recorder: Recorder,
        memory: LearnerMemory,
        is_in_room: Callable[[str], bool] = lambda _: False,
        has_died: Callable[[str], Awaitable[bool]] = nobody_died,
    ) -> None:
        self._is_in_room = is_in_room
        self._has_died = has_died
        self.own_talk = recorder.own_talk
        self.find = recorder.find
        self._table = table
        self._workers = workers
        self._recorder = recorder
        self._memory = memory
        self._talks: dict[str, VoiceTalk] = {}
        self._ending = TaskSet()

    def __len__(self) -> int:
        return len(self._talks)

    async def aclose(self) -> None:
        await self._ending.aclose()
        for job_id in list(self._talks):
            self._forget(job_id)

    def session_of(self, worker_id: str, job_id: str) -> JobSession | None:
        """The talk of that id, if it is the worker's."""
        talk = self._talks.get(job_id)
        return talk.session if talk is not None and talk.worker_id == worker_id else None

    def free_places(self) -> float:
        """Of all workers."""
        return sum(max(0.0, worker.free_voices) for worker in self._table.workers.values())

    async def drain(self) -> None:
        """Wait until all talks whose clients have gone are stored."""
        await self._ending.wait()

    def begin(self, request: VoiceRequest) -> str:
        """Choose a worker for the talk, and take a place of it. Returns the job's id. Raises Unavailable."""
        workers, cost = self._table.workers.values(), wire.VOICE_COST[request.protocol]
        worker = worker_for_voice(workers, request.settings.language, cost)
        if worker is None:
            raise Unavailable(_BUSY if workers else "No tutor is available at the moment.")
        job_id, spec = new_id(), _spec(request)
        worker.give_voice(job_id, cost)
        session = JobSession(job_id, spec)
        session.update(spec)
        self._talks[job_id] = VoiceTalk(worker.id, session, request, asyncio.Event())
        return job_id

    async def send(self, job_id: str) -> None:
        """Give the worker the talk, with its history. The worker may open its connection at once.

        The history is whole: what the connection before it still has to store is waited for.
        """
        talk, request = self._talks[job_id], self._talks[job_id].request
        await self._former_end(talk)
        await self._take_up(talk)
        spec = talk.session.spec
        history, memory = await asyncio.gather(
            self._recorder.history(spec.conversation_id), recall(self._memory, spec)
        )
        job = wire.VoiceJob(
            job_id=job_id,
            protocol=request.protocol,
            session_id=request.session_id,
            name=TUTOR_NAME,
            settings=spec.settings,
            person=spec.people[0],
            history=[past(message) for message in history],
            memory=memory,
            extended=request.extended,
            keeps_voices=request.keeps_voices,
        )
        self._workers.send(talk.worker_id, "voice_job", job)

    async def ended(self, job_id: str) -> None:
        """Wait until its worker has ended the talk, or has given it back, or is lost."""
        await self._talks[job_id].ended.wait()

    def finish(self, job_id: str) -> None:
        """Its client or its worker has gone."""
        self._ending.spawn(self._finish(job_id), f"end of voice session {job_id}")

    # From the workers

    def voice_ended(self, worker_id: str, message: wire.VoiceEnded) -> None:
        talk = self._talks.get(message.job_id)
        if talk is None or talk.worker_id != worker_id:
            return
        worker = self._table.workers.get(worker_id)
        if worker is not None:
            worker.voices.pop(message.job_id, None)
            if message.is_full:
                worker.is_full_of_voices()
        talk.ended.set()

    def remove_worker(self, worker_id: str) -> None:
        """Its connection was lost: no more words of its talks will come."""
        for talk in self._talks.values():
            if talk.worker_id == worker_id:
                talk.ended.set()

    def lesson_changed(self, worker_id: str, message: wire.LessonChanged) -> None:
        session = self.session_of(worker_id, message.job_id)
        if session is None:
            return
        settings = session.spec.settings.model_copy(update={"topic": message.topic, "level": message.level})
        session.update(replace(session.spec, settings=settings))
        self._recorder.update(session.spec)

    async def _former_end(self, talk: VoiceTalk) -> None:
        """Wait until the connection that had the conversation before has left all its words, on this server
        or another; at most LAST_WORDS_S."""
        others = [
            other
            for other in self._talks.values()
            if other is not talk and other.conversation_id == talk.conversation_id
        ]
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                for other in others:
                    await other.ended.wait()
                # Another server ends the conversation once all its messages are stored. One that was killed
                # never does; it is found dead long before its lease ends.
                while server := await self._recorder.open_elsewhere(talk.conversation_id):
                    if await self._has_died(server):
                        break
                    await asyncio.sleep(_LOOK_EVERY_S)
        except TimeoutError:
            _log.warning("a voice session goes on before its last words are stored")

    async def _take_up(self, talk: VoiceTalk) -> None:
        """The conversation begins or goes on; the coach's client finds its topic and level again."""
        spec = talk.session.spec
        if talk.request.protocol is VoiceProtocol.COACH:
            known = await self._recorder.find(spec.conversation_id)
            if known is not None:
                lesson = {"topic": known.topic, "level": Level(known.level)}
                spec = replace(spec, settings=spec.settings.model_copy(update=lesson))
                talk.session.update(spec)
        self._recorder.update(spec)

    async def _finish(self, job_id: str) -> None:
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await self._talks[job_id].ended.wait()
        except TimeoutError:
            pass
        self._forget(job_id)

    def has(self, conversation_id: str) -> bool:
        """Whether a talk with this conversation is open."""
        return any(talk.conversation_id == conversation_id for talk in self._talks.values())

    def _forget(self, job_id: str) -> None:
        """The conversation ends, unless it goes on: by another connection, or in a room."""
        talk = self._talks.pop(job_id)
        worker = self._table.workers.get(talk.worker_id)
        if worker is not None:
            worker.voices.pop(job_id, None)
        conversation_id = talk.conversation_id
        if not self.has(conversation_id) and not self._is_in_room(conversation_id):
            self._recorder.end(conversation_id)


def conversation_id_of(protocol: VoiceProtocol, user_id: str, session_id: str) -> str:
    return f"v{_digest(protocol, user_id, session_id)[:31]}"


def guest_id_of(protocol: VoiceProtocol, session_id: str) -> str:
    """Id of the guest who stands for a client that has not signed in: the same one for the same session."""
    return f"v{_digest(protocol, 'guest', session_id)[:23]}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _spec(request: VoiceRequest) -> JobSpec:
    user = request.user
    conversation_id, continues = request.conversation_id, request.continues
    person = wire.Person(
        participant_id=user.id,
        user_id=user.id,
        name=user.name,
        native_language=user.native_language,
        learning_level=Level(user.level) if user.level else None,
        is_host=True,
        heard=True,
        keep_audio=user.keep_audio and request.keeps_voices,
        browser_recognition=False,
        hand_raised=False,
        reached=True,
        patience=1.0,
        wants_feedback=False,
        country=user.country,
        time_zone=user.time_zone,
    )
    return JobSpec(
        room_id=continues.room_id if continues else conversation_id,
        room_name=continues.room_name if continues else _ROOM_NAMES[request.protocol],
        invite=None,
        conversation_id=conversation_id,
        settings=request.settings,
        people=(person,),
        learner_id=user.id if request.is_known else None,
    )
