"""Which rooms want a tutor now, and what a tutor does, shown to those who may see it."""

from __future__ import annotations

from server.protocol.agents import JobSettings, Person
from server.protocol.entities import RoomType
from server.protocol.levels import Level
from server.protocol.rooms import LeftReason, RoomUpdated, SeqEvent, TutorStateChanged
from server.protocol.tutor import TutorState
from server.rooms.context import Context
from server.rooms.membership import Membership
from server.rooms.model import RoomInfo
from server.rooms.room import Member, Room
from server.rooms.runtime import OpenRoom
from server.rooms.seat_states import SeatState
from server.rooms.tutor_model import TutorReport, TutorSettings
from server.rooms.tutor_port import JobSpec

_MEDIA_WITHIN_S = 5.0


class TutorReconciler:
    """`tick` compares what rooms need with what was requested, so that no change of a room can be missed."""

    def __init__(self, context: Context, membership: Membership) -> None:
        self._context = context
        self._membership = membership
        self._requested: dict[str, JobSpec] = {}

    def tick(self) -> None:
        if self._context.is_draining:
            return
        opened = {o.room.id: o for o in self._context.rooms.all()}
        for each in opened.values():
            self._compare(each)
        for room_id in [r for r in self._requested if r not in opened]:
            self._release(room_id)

    def _compare(self, opened: OpenRoom) -> None:
        room = opened.room
        requested = self._requested.get(room.id)
        context = self._context
        spec = spec_of(room, context.clock(), context.settings.seat_grace_s, is_at_work=requested is not None)
        if spec is not None and spec != requested:
            self._requested[room.id] = spec
            self._context.tutors.request(spec)
        elif spec is None and requested is not None:
            self._release(room.id)
            opened.mailbox.post(self._take_away, room)

    def _release(self, room_id: str) -> None:
        del self._requested[room_id]
        self._context.tutors.release(room_id)

    async def _take_away(self, room: Room) -> None:
        member = room.tutor_member
        if member is not None and room.id not in self._requested:
            await self._membership.dismiss(room, member, LeftReason.LEFT)


def spec_of(room: Room, now: float, grace: float, *, is_at_work: bool) -> JobSpec | None:
    """None if the room needs no tutor: it comes once somebody can hear it, and leaves with the last seat.

    Someone whose media does not connect can still read and type: for them it comes a little later.
    """
    info, people = room.info, room.people
    if info.tutor is None or not people:
        return None
    if not is_at_work and not any(_is_there(member, now) for member in people):
        return None
    return JobSpec(
        room_id=info.id,
        room_name=info.name,
        invite=info.invite or None,
        conversation_id=info.tutor.conversation_id,
        settings=_settings(info.tutor, one_to_one=info.type is RoomType.AI or len(people) == 1),
        people=tuple(_person(info, member, reached=_is_reached(member, now, grace)) for member in people),
    )


def _is_there(member: Member, now: float) -> bool:
    if member.state is SeatState.CONNECTED:
        return True
    return member.connection_id is not None and now - member.record.joined_at > _MEDIA_WITHIN_S


def _is_reached(member: Member, now: float, grace: float) -> bool:
    """Someone whose media does not connect can still read, so the tutor must not wait for them."""
    if member.state is SeatState.CONNECTING and member.deadline is not None:
        return now - (member.deadline - grace) > _MEDIA_WITHIN_S
    return member.state is SeatState.CONNECTED


def _settings(settings: TutorSettings, *, one_to_one: bool) -> JobSettings:
    return JobSettings(
        language=settings.language,
        level=Level(settings.level),
        topic=settings.topic,
        voice=settings.voice,
        rate=settings.rate,
        one_to_one=one_to_one,
        captions=settings.captions,
        breaks_silence=settings.breaks_silence,
    )


def _person(info: RoomInfo, member: Member, *, reached: bool) -> Person:
    user = member.user
    return Person(
        participant_id=member.id,
        user_id=user.id,
        name=user.name,
        native_language=user.native_language,
        learning_level=Level(user.level) if user.level else None,
        is_host=user.id == info.host_id,
        heard=member.heard,
        keep_audio=user.keep_audio,
        browser_recognition=member.record.browser_recognition,
        hand_raised=member.record.hand_raised,
        reached=reached,
    )


class TutorEvents:
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
        self._context.broadcast(room, RoomUpdated(room=room.view()))
        self._context.lobby.changed(room, self._context.clock())

    def state(self, room_id: str, state: TutorState) -> None:
        room = self._room(room_id)
        if room is not None and room.tutor_state is not state:
            room.tutor_state = state
            self._context.broadcast(room, TutorStateChanged(state=state))

    def to_all(self, room_id: str, event: SeqEvent) -> None:
        room = self._room(room_id)
        if room is not None:
            self._context.broadcast(room, event)

    def to_one(self, room_id: str, participant_id: str, event: SeqEvent) -> None:
        self._tell_one(self._room(room_id), participant_id, event)

    def to_speaker(self, room_id: str, participant_id: str, event: SeqEvent) -> None:
        """To the speaker alone, or to everyone where the room turned captions on."""
        room = self._room(room_id)
        if room is None or room.info.tutor is None:
            return
        if room.info.tutor.captions:
            self._context.broadcast(room, event)
        else:
            self._tell_one(room, participant_id, event)

    def person(self, room_id: str, participant_id: str) -> Member | None:
        """Somebody in that room, never the tutor."""
        room = self._room(room_id)
        member = room.members.get(participant_id) if room is not None else None
        return member if member is not None and member.is_person else None

    def people(self, room_id: str) -> list[Member]:
        room = self._room(room_id)
        return room.people if room is not None else []

    def _tell_one(self, room: Room | None, participant_id: str, event: SeqEvent) -> None:
        member = room.members.get(participant_id) if room is not None else None
        if member is not None and member.is_person:
            self._context.send_to(member, event)

    def _room(self, room_id: str) -> Room | None:
        opened = self._context.rooms.find(room_id)
        return opened.room if opened is not None and opened.room.info.tutor is not None else None
