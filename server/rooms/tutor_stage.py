"""What a tutor does, shown to those who may see it. Nothing here waits or raises: a room or a person who is
not there any more is passed over."""

from __future__ import annotations

from server.rooms.context import Context
from server.rooms.events import (
    Feedback,
    FeedbackNone,
    RoomEvent,
    RoomUpdated,
    Transcript,
    TutorStateChanged,
    TutorText,
)
from server.rooms.room import Member, Room
from server.rooms.tutor_model import Correction, TutorReport, TutorState


class TutorStage:
    def __init__(self, context: Context) -> None:
        self._context = context

    def report(self, room_id: str, report: TutorReport) -> None:
        """Who plays the tutor, and how that goes."""
        room = self._room(room_id)
        if room is None or room.tutor_report == report:
            return
        if report.status is not room.tutor_report.status:
            room.tutor_state = TutorState.IDLE
        room.tutor_report = report
        self._context.tell(room, RoomUpdated(room.view()))
        self._context.lobby.changed(room, self._context.clock())

    def state(self, room_id: str, state: TutorState) -> None:
        room = self._room(room_id)
        if room is not None and room.tutor_state is not state:
            room.tutor_state = state
            self._context.tell(room, TutorStateChanged(state))

    def transcript(self, room_id: str, transcript: Transcript) -> None:
        """To the speaker alone, or to everyone where the room turned captions on."""
        room = self._room(room_id)
        if room is None or room.info.tutor is None:
            return
        if room.info.tutor.captions:
            self._context.tell(room, transcript)
        else:
            self._tell_one(room, transcript.participant_id, transcript)

    def text(self, room_id: str, text: TutorText) -> None:
        room = self._room(room_id)
        if room is not None:
            self._context.tell(room, text)

    def feedback(self, room_id: str, participant_id: str, correction: Correction) -> None:
        self._tell_one(self._room(room_id), participant_id, Feedback(correction))

    def no_feedback(self, room_id: str, participant_id: str, none: FeedbackNone) -> None:
        self._tell_one(self._room(room_id), participant_id, none)

    def person(self, room_id: str, participant_id: str) -> Member | None:
        """Somebody in that room, never the tutor."""
        room = self._room(room_id)
        member = room.members.get(participant_id) if room is not None else None
        return member if member is not None and member.is_person else None

    def people(self, room_id: str) -> list[Member]:
        room = self._room(room_id)
        return room.people if room is not None else []

    def _tell_one(self, room: Room | None, participant_id: str, event: RoomEvent) -> None:
        member = room.members.get(participant_id) if room is not None else None
        if member is not None and member.is_person:
            self._context.tell_one(member, event)

    def _room(self, room_id: str) -> Room | None:
        opened = self._context.rooms.find(room_id)
        return opened.room if opened is not None and opened.room.info.tutor is not None else None
