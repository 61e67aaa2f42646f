"""Which rooms want a tutor now, and what a tutor does, shown to those who may see it."""

from __future__ import annotations

from server.protocol.entities import RoomType
from server.protocol.rooms import LeftReason, RoomUpdated, SeqEvent, TutorStateChanged
from server.protocol.tutor import TutorState
from server.rooms.context import Context
from server.rooms.membership import Membership
from server.rooms.model import RoomInfo
from server.rooms.room import Member, Room
from server.rooms.runtime import OpenRoom
from server.rooms.seat_states import SeatState
from server.rooms.tutor_model import TutorReport
from server.rooms.tutor_port import TutorBrief, TutorPerson

_MEDIA_WITHIN_S = 5.0


class TutorReconciler:
    """`tick` compares rooms with what the tutors were told, so that nothing that changes a room can forget
    to say so."""

    def __init__(self, context: Context, membership: Membership) -> None:
        self._context = context
        self._membership = membership
        self._told: dict[str, TutorBrief] = {}

    def tick(self) -> None:
        if self._context.is_draining:
            return
        opened = {o.room.id: o for o in self._context.rooms.all()}
        for each in opened.values():
            self._compare(each)
        for room_id in [r for r in self._told if r not in opened]:
            self._not_wanted(room_id)

    def _compare(self, opened: OpenRoom) -> None:
        room = opened.room
        told = self._told.get(room.id)
        context = self._context
        brief = brief_of(room, context.clock(), context.settings.seat_grace_s, is_at_work=told is not None)
        if brief is not None and brief != told:
            self._told[room.id] = brief
            self._context.tutors.wanted(brief)
        elif brief is None and told is not None:
            self._not_wanted(room.id)
            opened.mailbox.post(self._take_away, room)

    def _not_wanted(self, room_id: str) -> None:
        del self._told[room_id]
        self._context.tutors.not_wanted(room_id)

    async def _take_away(self, room: Room) -> None:
        member = room.tutor_member
        if member is not None and room.id not in self._told:
            await self._membership.dismiss(room, member, LeftReason.LEFT)


def brief_of(room: Room, now: float, grace: float, *, is_at_work: bool) -> TutorBrief | None:
    """None where no tutor is wanted: it comes once somebody can hear it, and goes with the last seat.

    Whose media does not come about can still read and type: for them it comes a little later.
    """
    info, people = room.info, room.people
    if info.tutor is None or not people:
        return None
    if not is_at_work and not any(_is_there(member, now) for member in people):
        return None
    return TutorBrief(
        room_id=info.id,
        room_name=info.name,
        invite=info.invite or None,
        settings=info.tutor,
        one_to_one=info.type is RoomType.AI or len(people) == 1,
        people=tuple(_person(info, member, reached=_is_reached(member, now, grace)) for member in people),
    )


def _is_there(member: Member, now: float) -> bool:
    if member.state is SeatState.CONNECTED:
        return True
    return member.connection_id is not None and now - member.record.joined_at > _MEDIA_WITHIN_S


def _is_reached(member: Member, now: float, grace: float) -> bool:
    """Who has been connecting for long reads, and the tutor must not wait for them to hear it."""
    if member.state is SeatState.CONNECTING and member.deadline is not None:
        return now - (member.deadline - grace) > _MEDIA_WITHIN_S
    return member.state is SeatState.CONNECTED


def _person(info: RoomInfo, member: Member, *, reached: bool) -> TutorPerson:
    return TutorPerson(
        participant_id=member.id,
        user=member.user,
        is_host=member.user.id == info.host_id,
        heard=member.heard,
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
