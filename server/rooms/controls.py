"""What people set for themselves, and what the host does to others and to the room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from server.errors import Conflict, ParticipantNotFound
from server.rooms.context import Context
from server.rooms.events import ClosedReason, LeftReason, ParticipantUpdated, RoomUpdated
from server.rooms.membership import Closing, Leaving
from server.rooms.model import RoomInfo, RoomType, User
from server.rooms.room import Member, Room, require_host
from server.rooms.runtime import OpenRoom
from server.rooms.tokens import new_secret
from server.rooms.tutor import Tutoring

T = TypeVar("T")


class OwnState:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def set_muted(self, connection_id: str, muted: bool) -> None:
        """The one way to unmute: the owner's own call. Raises NotJoined, Unavailable.

        Muting acts at once, before it waits for anything, and holds for the seat even if another connection
        takes it meanwhile or the caller gives up waiting. Unmuting is stored first: what the store cannot
        keep does not open a microphone; nor does an unmute that was given up, or followed by a mute.
        """
        opened, member = self._context.rooms.place_of(connection_id)
        if muted:
            await self._mute_own(opened, member)
            return
        if _is_muted_by_host(opened.room, member):
            return
        requests = member.mute_requests

        async def turn(opened: OpenRoom, member: Member) -> None:
            if member.seat.is_muted and member.mute_requests == requests:
                await self._unmute(opened.room, member, requests)

        try:
            await self._context.in_turn(connection_id, turn)
        except asyncio.CancelledError:
            member.mute_requests += 1  # its owner is told that it failed: it must not succeed later
            raise

    async def set_hand(self, connection_id: str, raised: bool) -> None:
        """Raises NotJoined, Unavailable."""

        async def turn(opened: OpenRoom, member: Member) -> None:
            if member.seat.hand_raised == raised:
                return
            member.seat = replace(member.seat, hand_raised=raised)
            self._context.broadcast(opened.room, ParticipantUpdated(member.view()))
            await self._context.store_seat(member, member.seat)

        await self._context.in_turn(connection_id, turn)

    def user_changed(self, user: User) -> None:
        """A profile was edited: its owner is shown anew wherever they sit."""
        for opened in self._context.rooms.all():
            member = opened.room.seat_of(user.id)
            if member is not None:
                member.user = user
                self._context.broadcast(opened.room, ParticipantUpdated(member.view()))
                self._context.lobby.changed(opened.room, self._context.clock())

    async def mute(self, room: Room, member: Member, *, at_once: bool, by_host: bool = False) -> None:
        """Within the room's mailbox. Raises Unavailable if it could not be stored: muted all the same, and
        the sweep stores it as soon as it can."""
        context = self._context
        context.media.set_muted(member.id, True, at_once=at_once)
        if member.seat.is_muted and member.unstored_since is None:
            return
        if not member.seat.is_muted:
            member.seat = replace(member.seat, is_muted=True)
            member.is_speaking = False
            context.broadcast(room, ParticipantUpdated(member.view()), exclude=member)
            context.send_to(member, ParticipantUpdated(member.view(), muted_by_host=by_host))
        await context.store_seat(member, member.seat)

    async def _mute_own(self, opened: OpenRoom, member: Member) -> None:
        member.mute_requests += 1
        self._context.media.set_muted(member.id, True, at_once=False)

        async def turn() -> None:
            if opened.room.members.get(member.id) is member:
                await self.mute(opened.room, member, at_once=False)

        try:
            await opened.mailbox.run(turn)
        except asyncio.CancelledError:
            opened.mailbox.post(turn, member.id)
            raise

    async def _unmute(self, room: Room, member: Member, requests: int) -> None:
        context = self._context
        seat = replace(member.seat, is_muted=False)
        await context.store_seat(member, seat)
        if member.mute_requests != requests:
            await context.store_seat(member, member.seat)
            return
        member.seat = seat
        context.media.set_muted(member.id, False, at_once=False)
        context.broadcast(room, ParticipantUpdated(member.view()))


def _is_muted_by_host(room: Room, member: Member) -> bool:
    """The tutor alone: whether it is heard is for the host to say, and no worker's."""
    tutor = room.info.tutor
    return not member.is_person and tutor is not None and tutor.muted


class Moderation:
    def __init__(
        self, context: Context, own_state: OwnState, leaving: Leaving, closing: Closing, tutoring: Tutoring
    ) -> None:
        self._context = context
        self._own_state = own_state
        self._leaving = leaving
        self._closing = closing
        self._tutoring = tutoring

    async def mute(self, connection_id: str, participant_id: str) -> None:
        """There is no counterpart: nobody unmutes another person."""

        async def turn(room: Room) -> None:
            target = _member(room, participant_id)
            if not target.is_person:
                await self._tutoring.mute(room)
                return
            await self._own_state.mute(room, target, at_once=True, by_host=True)

        await self._as_host(connection_id, turn)

    async def remove(self, connection_id: str, participant_id: str) -> None:
        """For the life of the room; a tutor can be asked for again. Raises Conflict for the host's seat."""

        async def turn(room: Room) -> None:
            target = _member(room, participant_id)
            if not target.is_person:
                await self._tutoring.dismiss_from(room)
                return
            if target.user.id == room.info.host_id:
                raise Conflict("You cannot remove yourself. Leave the room instead.")
            room.info = replace(room.info, banned=room.info.banned | {target.user.id})
            await self._leaving.dismiss(room, target, LeftReason.REMOVED)
            await self._context.saved(self._context.store.save_room(room.info))

        await self._as_host(connection_id, turn)

    async def transfer_host(self, connection_id: str, participant_id: str) -> None:
        async def turn(room: Room) -> None:
            target = _member(room, participant_id)
            if not target.is_person:
                raise ParticipantNotFound
            await self._change(room, replace(room.info, host_id=target.user.id))

        await self._as_host(connection_id, turn)

    async def set_locked(self, connection_id: str, locked: bool) -> None:
        async def turn(room: Room) -> None:
            await self._change(room, replace(room.info, is_locked=locked))

        await self._as_host(connection_id, turn)

    async def close_room(self, connection_id: str) -> None:
        async def turn(room: Room) -> None:
            await self._closing.close(room, ClosedReason.CLOSED_BY_HOST)

        await self._as_host(connection_id, turn)

    async def invite(self, connection_id: str) -> RoomInfo:
        """Empty `invite` unless the room is private."""

        async def turn(room: Room) -> RoomInfo:
            return room.info

        return await self._as_host(connection_id, turn)

    async def renew_invite(self, connection_id: str) -> RoomInfo:
        """The old one stops working at once. Does nothing to a room that is not private."""

        async def turn(room: Room) -> RoomInfo:
            if room.info.type is RoomType.PRIVATE:
                room.info = replace(room.info, invite=new_secret())
                await self._context.saved(self._context.store.save_room(room.info))
            return room.info

        return await self._as_host(connection_id, turn)

    async def _as_host(self, connection_id: str, operation: Callable[[Room], Awaitable[T]]) -> T:
        async def turn(opened: OpenRoom, member: Member) -> T:
            require_host(opened.room.info, member.user.id)
            return await operation(opened.room)

        return await self._context.in_turn(connection_id, turn)

    async def _change(self, room: Room, info: RoomInfo) -> None:
        if info == room.info:
            return
        room.info = info
        self._context.broadcast(room, RoomUpdated(room.view()))
        self._context.lobby.changed(room, self._context.clock())
        await self._context.saved(self._context.store.save_room(info))


def _member(room: Room, participant_id: str) -> Member:
    try:
        return room.members[participant_id]
    except KeyError:
        raise ParticipantNotFound from None
