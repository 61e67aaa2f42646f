"""What the client events about the tutor do."""

from __future__ import annotations

from server.protocol import tutor as wire
from server.protocol.base import Outbound
from server.protocol.rooms import Empty, Ok
from server.rooms.service import RoomsService
from server.rooms.tutor_port import InputKind
from server.signalling.connection import Connection, Handler

_OK = Ok()


class TutorHandlers:
    def __init__(self, rooms: RoomsService) -> None:
        self._rooms = rooms
        self.table: dict[str, Handler] = {
            "say": self._say,
            "hold": self._hold,
            "recognized": self._recognized,
            "ask_tutor": self._ask_tutor,
            "ask_feedback": self._ask_feedback,
            "set_topic": self._set_topic,
            "set_level": self._set_level,
            "set_tutor_options": self._set_tutor_options,
            "set_heard": self._set_heard,
            "set_recognition": self._set_recognition,
        }

    async def _say(self, connection: Connection, payload: wire.Say) -> Outbound:
        self._rooms.tutoring.give(connection.id, InputKind.SAY, payload.text)
        return _OK

    async def _hold(self, connection: Connection, payload: wire.Hold) -> Outbound:
        self._rooms.tutoring.give(connection.id, InputKind.HOLD, flag=payload.speaking)
        return _OK

    async def _recognized(self, connection: Connection, payload: wire.Recognized) -> Outbound:
        self._rooms.tutoring.give(connection.id, InputKind.RECOGNIZED, payload.text, payload.is_final)
        return _OK

    async def _ask_tutor(self, connection: Connection, _payload: Empty) -> Outbound:
        self._rooms.tutoring.give(connection.id, InputKind.ASK_TUTOR)
        return _OK

    async def _ask_feedback(self, connection: Connection, _payload: Empty) -> Outbound:
        self._rooms.tutoring.give(connection.id, InputKind.ASK_FEEDBACK)
        return _OK

    async def _set_topic(self, connection: Connection, payload: wire.SetTopic) -> Outbound:
        await self._rooms.tutoring.change(connection.id, topic=payload.topic)
        return _OK

    async def _set_level(self, connection: Connection, payload: wire.SetLevel) -> Outbound:
        await self._rooms.tutoring.change(connection.id, level=payload.level.value)
        return _OK

    async def _set_tutor_options(self, connection: Connection, payload: wire.SetTutorOptions) -> Outbound:
        await self._rooms.tutoring.change(connection.id, **payload.model_dump(exclude_none=True))
        return _OK

    async def _set_heard(self, connection: Connection, payload: wire.SetHeard) -> Outbound:
        await self._rooms.tutor_hearing.set_heard(connection.id, payload.heard)
        return _OK

    async def _set_recognition(self, connection: Connection, payload: wire.SetRecognition) -> Outbound:
        await self._rooms.tutor_hearing.set_recognition(connection.id, payload.browser)
        return _OK
