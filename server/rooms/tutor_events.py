"""Events of tutors, and who receives them."""

from __future__ import annotations

from server.protocol.classes import ClassMove
from server.protocol.rooms import SeqEvent
from server.protocol.tutor import TutorState
from server.rooms.effects import Effects
from server.rooms.model import TutorReport
from server.rooms.room import Room
from server.rooms.runtime import OpenRooms
from server.rooms.tutor_state import move_class, set_tutor_report, set_tutor_state


class TutorEvents:
    """Sends each event to the people who may see it. No method waits or raises: a room that has closed and a
    person who has left are skipped."""

    def __init__(self, rooms: OpenRooms, effects: Effects) -> None:
        self._rooms = rooms
        self._effects = effects

    def report(self, room_id: str, report: TutorReport) -> None:
        """The state of the job that serves the room."""
        room = self._room(room_id)
        if room is not None:
            self._effects.apply(room, set_tutor_report(room, report))

    def state(self, room_id: str, state: TutorState) -> None:
        room = self._room(room_id)
        if room is not None:
            self._effects.apply(room, set_tutor_state(room, state))

    def class_moved(self, room_id: str, move: ClassMove) -> None:
        room = self._room(room_id)
        if room is not None:
            self._effects.apply(room, move_class(room, move))

    def to_all(self, room_id: str, event: SeqEvent) -> None:
        room = self._room(room_id)
        if room is not None:
            self._effects.apply(room, [room.broadcast(event)])

    def to_one(self, room_id: str, participant_id: str, event: SeqEvent) -> None:
        room = self._room(room_id)
        member = room.members.get(participant_id) if room is not None else None
        if room is not None and member is not None and member.is_person:
            self._effects.apply(room, room.send(member, event))

    def to_speaker(self, room_id: str, participant_id: str, event: SeqEvent) -> None:
        """To the speaker alone, or to everyone where the host turned captions on."""
        room = self._room(room_id)
        if room is not None and room.require_tutor().captions:
            self.to_all(room_id, event)
        else:
            self.to_one(room_id, participant_id, event)

    def _room(self, room_id: str) -> Room | None:
        opened = self._rooms.find(room_id)
        return opened.room if opened is not None and opened.room.info.tutor is not None else None
