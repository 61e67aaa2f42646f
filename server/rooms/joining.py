"""Taking a seat, and taking it back."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from server.errors import AlreadyJoined, Unavailable, UserNotFound
from server.rooms import slots as slot_table
from server.rooms.admission import seat_for, seat_of_tutor
from server.rooms.context import Context
from server.rooms.events import ParticipantJoined, ParticipantUpdated, Removed, RemovedReason
from server.rooms.model import ParticipantKind, Seat, User, tutor_user
from server.rooms.open_rooms import OpenRoom
from server.rooms.ports import MediaOffer, UserStore
from server.rooms.room import Member, Room
from server.rooms.seat_states import SeatEvent
from server.rooms.slots import Slots
from server.rooms.tokens import digest, new_id, new_secret
from server.rooms.views import RoomView

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """`as_tutor`: the connection plays the room's tutor; its user is made up here."""

    connection_id: str
    user_id: str
    room_id: str
    resume_token: str | None = None
    invite: str | None = None
    as_tutor: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`seq`: the last event that is contained in this state."""

    participant_id: str
    seq: int
    room: RoomView
    slots: Slots


@dataclass(frozen=True, slots=True)
class Joined:
    snapshot: Snapshot
    resume_token: str
    offer: MediaOffer


class Joining:
    def __init__(self, context: Context, users: UserStore) -> None:
        self._context = context
        self._users = users

    async def join(self, request: JoinRequest) -> Joined:
        """Raises RoomNotFound, RoomFull, RoomLocked, InviteInvalid, RemovedFromRoom, AlreadyJoined,
        NoTutor, UserNotFound, Unavailable."""
        context = self._context
        if context.is_draining:
            raise Unavailable
        opened = context.rooms.get(request.room_id)
        present = context.rooms.find_connection(request.connection_id)
        if present is not None and present[0] is not opened:
            raise AlreadyJoined
        user = await self._user(request)

        async def turn() -> Joined:
            return await self._take_seat(opened, user, request)

        return await opened.mailbox.run(turn)

    async def _user(self, request: JoinRequest) -> User:
        if request.as_tutor:
            return tutor_user(request.room_id, self._context.clock())
        user = await self._users.get_user(request.user_id)
        if user is None:
            raise UserNotFound
        return user

    async def sync(self, connection_id: str) -> Snapshot:
        """Raises NotJoined. Waits for nothing: it is what heals a client that has missed something."""
        opened, member = self._context.rooms.place_of(connection_id)
        return self._snapshot(opened.room, member, connection_id)

    async def _take_seat(self, opened: OpenRoom, user: User, request: JoinRequest) -> Joined:
        room = opened.room
        token = new_secret()
        if request.as_tutor:
            held = seat_of_tutor(room)
        else:
            held = seat_for(room, user.id, request.invite, request.resume_token)
        member = held or self._new_member(room, user, as_tutor=request.as_tutor)
        seat = replace(member.seat, resume_digest=digest(token))
        offer = await self._prepare(room, member, seat, is_new=held is None)
        member.seat = replace(member.seat, resume_digest=seat.resume_digest)
        member.user = user
        if held is None:
            room.admit(member)
            self._context.rooms.seat(opened, member)
        await self._context.settle_host(room)
        self._seated(opened, member, request.connection_id, is_new=held is None)
        return Joined(self._snapshot(room, member, request.connection_id), token, offer)

    def _new_member(self, room: Room, user: User, *, as_tutor: bool) -> Member:
        """A person comes in muted. The tutor has no microphone that was forgotten open: it is heard, unless
        the host muted it."""
        tutor = room.info.tutor
        seat = Seat(
            id=new_id(),
            room_id=room.id,
            user_id=user.id,
            kind=ParticipantKind.TUTOR if as_tutor else ParticipantKind.PERSON,
            number=room.next_number(),
            resume_digest="",
            is_muted=tutor is not None and tutor.muted if as_tutor else True,
            joined_at=self._context.clock(),
        )
        heard = user.id not in room.info.unheard
        return Member(seat, user, slot_table.empty(room.slot_count), heard=heard)

    async def _prepare(self, room: Room, member: Member, seat: Seat, *, is_new: bool) -> MediaOffer:
        """All that can fail, before anybody sees the join."""
        offer = await self._context.open_media(room, member)
        try:
            await self._context.saved(self._context.store.save_seat(seat))
        except BaseException:
            if is_new:
                self._context.media.close(member.id)
            raise
        return offer

    def _seated(self, opened: OpenRoom, member: Member, connection_id: str, *, is_new: bool) -> None:
        context, room = self._context, opened.room
        now = context.clock()
        if member.connection_id not in (None, connection_id):
            context.tell_one(member, Removed(RemovedReason.JOINED_ELSEWHERE))
        context.rooms.bind(opened, member, connection_id)
        changed = room.happened(member, SeatEvent.SEATED, now, context.settings.seat_grace_s)
        member.asked_at = now
        if is_new:
            context.tell(room, ParticipantJoined(member.view()), besides=member)
        elif changed:
            context.tell(room, ParticipantUpdated(member.view()), besides=member)
        context.reassign_slots(room, untold=member)
        context.media.assign(member.id, member.slots)
        context.lobby.changed(room, now)
        _log.info(
            "joined" if is_new else "took the seat back",
            extra={"room_id": room.id, "participant_id": member.id},
        )

    def _snapshot(self, room: Room, member: Member, connection_id: str) -> Snapshot:
        seq = self._context.audience.mark(connection_id)
        return Snapshot(member.id, seq, room.view(), member.slots)
