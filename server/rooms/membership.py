"""Seats: taken, taken back, held, given up; rooms restored after a restart, swept and closed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from server.errors import AlreadyJoined, Unavailable, UserNotFound
from server.protocol.entities import ParticipantKind
from server.protocol.rooms import (
    ClosedReason,
    Empty,
    Joined,
    LeftReason,
    MediaHints,
    Offer,
    Ok,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    Pong,
    Removed,
    RemovedReason,
    RoomClosed,
    Snapshot,
)
from server.rooms.admission import seat_for, seat_of_tutor
from server.rooms.context import Context
from server.rooms.model import RoomInfo, SeatRecord, User, tutor_user
from server.rooms.persistence import ROOM
from server.rooms.ports import UserStore
from server.rooms.room import Member, Room, empty_slots
from server.rooms.runtime import OpenRoom, Place
from server.rooms.seat_states import SeatEvent, SeatState
from server.rooms.tokens import digest, new_id, new_secret
from server.rooms.views import slot_states

_log = logging.getLogger(__name__)


_TOLD_TO_THE_ONE_REMOVED = {
    LeftReason.REMOVED: RemovedReason.REMOVED_BY_HOST,
    LeftReason.TIMED_OUT: RemovedReason.TIMED_OUT,
}


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """`as_tutor`: the connection plays the room's tutor; its user is made up here."""

    connection_id: str
    user_id: str
    room_id: str
    resume_token: str | None = None
    invite: str | None = None
    as_tutor: bool = False


@dataclass(slots=True)
class _Attempt:
    """A join under way. `deadline` is a time of the event loop. `is_over`: its caller stopped waiting."""

    request: JoinRequest
    deadline: float | None = None
    is_over: bool = False
    is_seated: bool = False


class Membership:
    def __init__(self, context: Context, users: UserStore) -> None:
        self._context = context
        self._rooms = context.rooms
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
        attempt = _Attempt(request)
        try:
            async with asyncio.timeout(context.settings.join_timeout_s) as limit:
                attempt.deadline = limit.when()
                user = await self._user(request)
                return await opened.mailbox.run(self._take_seat, opened, user, attempt)
        except BaseException as error:
            attempt.is_over = True
            if attempt.is_seated:  # in the very moment: the client does not know, so its seat is held for it
                self.connection_lost(request.connection_id)
            if isinstance(error, TimeoutError):
                raise Unavailable from None
            raise

    async def sync(self, connection_id: str, _payload: Empty) -> Snapshot:
        """Raises NotJoined. Waits for nothing: it is what heals a client that has missed something."""
        place = self._rooms.place_of(connection_id)
        return Snapshot(**self._snapshot_fields(place.room, place.member, connection_id))

    async def leave(self, connection_id: str, _payload: Empty) -> Ok:
        """A client whose leave request timed out still leaves. Raises NotJoined."""
        place = self._rooms.place_of(connection_id)
        await place.mailbox.run_anyway(self._leave, connection_id)
        return Ok()

    async def ping(self, _connection_id: str, _payload: Empty) -> Pong:
        """Needs no seat."""
        return Pong(time=int(self._context.clock() * 1000))

    def connection_lost(self, connection_id: str) -> None:
        """The socket is gone without `leave`: the seat is held. Does nothing for one without a seat."""
        place = self._context.rooms.find_connection(connection_id)
        if place is None:
            return
        place.mailbox.post(self._hold, place, connection_id, self._context.clock(), subject=place.member.id)

    async def dismiss(self, room: Room, member: Member, reason: LeftReason) -> None:
        """Within the room's mailbox. The seat is gone whatever the store says: one left behind there is
        forgotten by the sweep, or comes back as a held one after a restart, and times out."""
        context = self._context
        now = context.clock()
        if reason in _TOLD_TO_THE_ONE_REMOVED:
            context.send_to(member, Removed(reason=_TOLD_TO_THE_ONE_REMOVED[reason]))
        context.rooms.unseat(member)
        room.dismiss(member, now)
        context.media.close(member.id)
        context.broadcast(room, ParticipantLeft(participant_id=member.id, reason=reason))
        context.reassign_slots(room)
        context.lobby.changed(room, now)
        _log.info("left: %s", reason, extra={"room_id": room.id, "participant_id": member.id})
        context.settle_host(room)
        context.persistence.mark_dirty(room, member.id)
        await context.persistence.flush(room, [ROOM, member.id], required=False)

    async def _hold(self, place: Place, connection_id: str, now: float) -> None:
        context, room, member = self._context, place.room, place.member
        if member.connection_id != connection_id:
            return
        context.rooms.unbind(member)
        if room.happened(member, SeatEvent.SOCKET_LOST, now, context.settings.seat_grace_s):
            context.broadcast(room, ParticipantUpdated(participant=member.view()))
        _log.info("seat held", extra={"room_id": room.id, "participant_id": member.id})

    async def close(self, room: Room, reason: ClosedReason) -> None:
        """Within the room's mailbox, which ends with it."""
        context = self._context
        context.broadcast(room, RoomClosed(reason=reason))
        for member in room.members.values():
            context.media.close(member.id)
        context.rooms.close(room)
        context.lobby.gone(room.id)
        _log.info("room closed: %s", reason, extra={"room_id": room.id})
        room.is_closed = True
        context.persistence.mark_dirty(room, ROOM)
        await context.persistence.flush(room, required=False)

    async def _leave(self, connection_id: str) -> None:
        place = self._rooms.place_of(connection_id)
        await self.dismiss(place.room, place.member, LeftReason.LEFT)

    async def _user(self, request: JoinRequest) -> User:
        if request.as_tutor:
            return tutor_user(request.room_id, self._context.clock())
        user = await self._users.get_user(request.user_id)
        if user is None:
            raise UserNotFound
        return user

    async def _take_seat(self, opened: OpenRoom, user: User, attempt: _Attempt) -> Joined:
        room, request = opened.room, attempt.request
        token = new_secret()
        if request.as_tutor:
            held = seat_of_tutor(room)
        else:
            held = seat_for(room, user.id, request.invite, request.resume_token)
        member = held or self._new_member(room, user, as_tutor=request.as_tutor)
        offer = await self._prepare(opened, member, digest(token), attempt)
        member.record = replace(member.record, resume_digest=digest(token))
        member.user = user
        if held is None:
            room.admit(member)
            self._rooms.seat(opened, member)
        self._context.settle_host(room)
        self._seated(opened, member, request.connection_id, is_new=held is None)
        attempt.is_seated = True
        opened.mailbox.post(partial(self._context.persistence.flush, room, [ROOM], required=False))
        context = self._context
        return Joined(
            **self._snapshot_fields(room, member, request.connection_id),
            resume_token=token,
            ice_servers=context.ice_servers(user.id),
            offer=offer,
            media=MediaHints(red=context.settings.red),
            node_id=context.settings.node_id,
        )

    def _new_member(self, room: Room, user: User, *, as_tutor: bool) -> Member:
        """A person comes in muted. The tutor has no microphone that was forgotten open: it is heard, unless
        the host muted it."""
        tutor = room.info.tutor
        seat = SeatRecord(
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
        return Member(seat, user, empty_slots(room.slot_count), heard=heard)

    async def _prepare(self, opened: OpenRoom, member: Member, token_digest: str, attempt: _Attempt) -> Offer:
        """All that can fail or take long, before anybody sees the join. If it fails, or its caller stopped
        waiting, nothing of it remains. Raises Unavailable, AlreadyJoined."""
        room, persistence = opened.room, self._context.persistence
        try:
            async with asyncio.timeout_at(attempt.deadline):
                offer = await self._context.open_media(room, member)
                await persistence.store_first(room, replace(member.record, resume_digest=token_digest))
            self._check_still_wanted(room, attempt)
        except BaseException as error:
            persistence.mark_dirty(room, member.id)
            if member.id not in room.members:
                self._context.media.close(member.id)
            if attempt.is_over:
                opened.mailbox.post(partial(persistence.flush, room, required=False))
            if isinstance(error, TimeoutError):
                raise Unavailable from None
            raise
        return offer

    def _check_still_wanted(self, room: Room, attempt: _Attempt) -> None:
        """Raises Unavailable, AlreadyJoined."""
        if attempt.is_over:
            raise Unavailable
        present = self._rooms.find_connection(attempt.request.connection_id)
        if present is not None and present.room is not room:
            raise AlreadyJoined

    def _seated(self, opened: OpenRoom, member: Member, connection_id: str, *, is_new: bool) -> None:
        context, room = self._context, opened.room
        now = context.clock()
        if member.connection_id not in (None, connection_id):
            context.send_to(member, Removed(reason=RemovedReason.JOINED_ELSEWHERE))
        context.rooms.bind(opened, member, connection_id)
        changed = room.happened(member, SeatEvent.SEATED, now, context.settings.seat_grace_s)
        member.asked_at = now
        if is_new:
            context.broadcast(room, ParticipantJoined(participant=member.view()), exclude=member)
        elif changed:
            context.broadcast(room, ParticipantUpdated(participant=member.view()), exclude=member)
        context.reassign_slots(room, skip=member)
        context.media.assign(member.id, member.slots)
        context.lobby.changed(room, now)
        _log.info(
            "joined" if is_new else "took the seat back",
            extra={"room_id": room.id, "participant_id": member.id},
        )

    def _snapshot_fields(self, room: Room, member: Member, connection_id: str) -> dict[str, Any]:
        return {
            "participant_id": member.id,
            "seq": self._context.event_sink.mark(connection_id),
            "room": room.view(),
            "slots": slot_states(member.slots),
        }


async def restore(context: Context) -> None:
    """Open every stored room. Seats of tutors are not kept: a tutor is invited anew."""
    now = context.clock()
    for info, seats, users in await context.persistence.load():
        room, stale = revive(info, seats, users, now, context.settings.seat_grace_s)
        for seat in stale:
            context.persistence.mark_dirty(room, seat.id)
        await context.persistence.flush(room, required=False)
        context.rooms.open(room)
        context.lobby.changed(room, now)


def revive(
    info: RoomInfo, seats: Sequence[SeatRecord], users: Sequence[User], now: float, grace: float
) -> tuple[Room, Sequence[SeatRecord]]:
    """The room with its seats held until `now + grace`, and the seats that nobody can come back to."""
    room = Room.opened(info, now, grace)
    by_id = {u.id: u for u in users}
    kept = [s for s in seats if s.kind is ParticipantKind.PERSON and s.user_id in by_id]
    for seat in sorted(kept, key=lambda s: s.joined_at):
        member = Member(
            seat,
            by_id[seat.user_id],
            empty_slots(room.slot_count),
            state=SeatState.HELD,
            deadline=now + grace,
            heard=seat.user_id not in info.unheard,
        )
        room.admit(member)
    room.reassign()
    return room, [s for s in seats if s not in kept]


class Sweeping:
    def __init__(self, context: Context, membership: Membership) -> None:
        self._context = context
        self._membership = membership
        self._posted: set[str] = set()

    def sweep(self, now: float) -> None:
        """Ask every room; those with something due do it in their turn."""
        if self._context.is_draining:
            return
        for opened in self._context.rooms.all():
            if self._is_due(opened.room, now):
                self._post(opened)

    def _is_due(self, room: Room, now: float) -> bool:
        return (
            room.is_abandoned(now, self._context.settings.empty_room_ttl_s)
            or self._context.persistence.is_due(room, now)
            or bool(room.expired(now))
            or room.needs_host(now)
        )

    def _post(self, opened: OpenRoom) -> None:
        room = opened.room
        if room.id in self._posted:
            return  # a slow store must not let these pile up
        self._posted.add(room.id)
        opened.mailbox.post(self._do_what_is_due, room)

    async def _do_what_is_due(self, room: Room) -> None:
        """Asks again: what was due may have been settled by the operations before this one."""
        self._posted.discard(room.id)
        now = self._context.clock()
        for member in room.expired(now):
            await self._membership.dismiss(room, member, LeftReason.TIMED_OUT)
        self._context.settle_host(room)
        if self._context.persistence.is_due(room, now):
            await self._context.persistence.flush(room, required=False)
        if room.is_abandoned(now, self._context.settings.empty_room_ttl_s):
            await self._membership.close(room, ClosedReason.EMPTY)
