"""The class of a room: fetches its text and has the dialogue teach it."""

from __future__ import annotations

import asyncio
import logging

from ai_agent.classes.course import Courses, SubTopic
from ai_agent.classes.teaching import Taught
from ai_agent.dialogue.ports import DialoguePort
from ai_agent.errors import AgentError
from ai_agent.jobs.ports import Outbox
from server.common.tasks import TaskSet
from server.protocol import agents as wire
from server.protocol.classes import ClassPhase, ClassPlace, ClassRef

_ATTEMPTS = 4
_PAUSE_S = 1.0
_log = logging.getLogger(__name__)


class RoomClass:
    """`set` whenever the settings may have changed; `aclose` at the end."""

    def __init__(self, job_id: str, courses: Courses, outbox: Outbox) -> None:
        self._job_id = job_id
        self._courses = courses
        self._outbox = outbox
        self._wanted: wire.ClassToTeach | None = None
        self._tasks = TaskSet()

    async def aclose(self) -> None:
        await self._tasks.aclose()

    def set(
        self, dialogue: DialoguePort, wanted: wire.ClassToTeach | None, at: ClassPlace | None = None
    ) -> None:
        """`at`: where a class that is new begins."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        dialogue.end_class()
        if wanted is not None:
            self._tasks.spawn(self._begin(dialogue, wanted, at or ClassPlace()), "class of a room")

    async def _begin(self, dialogue: DialoguePort, wanted: wire.ClassToTeach, at: ClassPlace) -> None:
        topic = await self._fetch(wanted)
        if wanted is not self._wanted:
            return
        ref = ClassRef(**ClassRef.fields_of(wanted))
        if topic is not None:
            dialogue.teach(Taught(wanted.id, ref, topic, at))
            return
        ended = wire.ShowClass(
            job_id=self._job_id,
            class_id=wanted.id,
            phase=ClassPhase.ENDED,
            sentence=at.sentence,
            **ClassRef.fields_of(wanted),
        )
        self._outbox.send("show_class", ended)

    async def _fetch(self, ref: ClassRef) -> SubTopic | None:
        """None if there is no such class, or it cannot be read."""
        for attempt in range(_ATTEMPTS):
            if attempt:
                await asyncio.sleep(_PAUSE_S)
            try:
                return await self._courses.find(self._outbox.rooms_url, ref)
            except AgentError as error:
                _log.warning("cannot read a class: %s", error)
        return None
