"""Actions of people on themselves, and of the host on others and the room.

Each action has the name of its client event. Every one raises NotJoined, and Unavailable if it could not be
stored; those of the host raise NotHost, and those with a target ParticipantNotFound.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from server.errors import Conflict, ParticipantNotFound
from server.protocol.entities import RoomType
from server.protocol.rooms import (
    ClosedReason,
    Empty,
    InviteState,
    LeftReason,
    Ok,
    ParticipantUpdated,
    RoomUpdated,
    SetHand,
    SetLocked,
    SetMuted,
    TargetParticipant,
)
from server.rooms.context import Context
from server.rooms.membership import Membership
from server.rooms.model import RoomInfo, User
from server.rooms.persistence import ROOM
from server.rooms.room import Member, Room
from server.rooms.runtime import Place, as_host, in_room
from server.rooms.tokens import new_secret
from server.rooms.tutor import TutorActions


class Controls:
    def __init__(self, context: Context, membership: Membership, tutor: TutorActions) -> None:
        self._context = context
        self._rooms = context.rooms
        self._membership = membership
        self._tutor = tutor

    # On oneself

    async def set_muted(self, connection_id: str, payload: SetMuted) -> Ok:
        """The one way to unmute: the owner's own call.

        Muting acts at once, before it waits for anything, and holds for the seat even if another connection
        takes it meanwhile or the caller gives up waiting. Unmuting is stored first: what the store cannot
        keep does not open a microphone; nor does an unmute that was given up, or followed by a mute.
        """
        place = self._rooms.place_of(connection_id)
        member = place.member
        if payload.muted:
            member.mute_requests += 1
            self._context.media.set_muted(member.id, True, at_once=False)
            await place.mailbox.run_anyway(self._mute_own, place)
        elif not _is_muted_by_host(place):
            try:
                await self._rooms.run(connection_id, self._unmute, member.mute_requests)
            except asyncio.CancelledError:
                member.mute_requests += 1  # the caller is told that it failed: it must not succeed later
                raise
        return Ok()

    @in_room
    async def set_hand(self, place: Place, payload: SetHand) -> Ok:
        member = place.member
        if member.record.hand_raised != payload.raised:
            member.record = replace(member.record, hand_raised=payload.raised)
            self._context.broadcast(place.room, ParticipantUpdated(participant=member.view()))
            await self._context.store(place.room, member.id)
        return Ok()

    def user_changed(self, user: User) -> None:
        """Show an edited profile in every room where its owner sits."""
        for opened in self._rooms.all():
            member = opened.room.seat_of(user.id)
            if member is not None:
                member.user = user
                self._context.broadcast(opened.room, ParticipantUpdated(participant=member.view()))
                self._context.lobby.changed(opened.room, self._context.clock())

    # Of the host

    @as_host
    async def mute_participant(self, place: Place, payload: TargetParticipant) -> Ok:
        """There is no counterpart: nobody unmutes another person."""
        target = _target(place.room, payload)
        if target.is_person:
            await self._mute(place.room, target, at_once=True, by_host=True)
        else:
            await self._tutor.mute(place.room)
        return Ok()

    @as_host
    async def remove_participant(self, place: Place, payload: TargetParticipant) -> Ok:
        """For the life of the room; a removed tutor can be asked for again. Raises Conflict for oneself."""
        room = place.room
        target = _target(room, payload)
        if not target.is_person:
            await self._tutor.dismiss_from(room)
            return Ok()
        if target.user.id == room.info.host_id:
            raise Conflict("You cannot remove yourself. Leave the room instead.")
        room.info = replace(room.info, banned=room.info.banned | {target.user.id})
        self._context.persistence.mark_dirty(room, ROOM)
        await self._membership.dismiss(room, target, LeftReason.REMOVED)
        await self._context.store(room, ROOM)
        return Ok()

    @as_host
    async def transfer_host(self, place: Place, payload: TargetParticipant) -> Ok:
        target = _target(place.room, payload)
        if not target.is_person:
            raise ParticipantNotFound
        await self._change(place.room, replace(place.room.info, host_id=target.user.id))
        return Ok()

    @as_host
    async def set_locked(self, place: Place, payload: SetLocked) -> Ok:
        await self._change(place.room, replace(place.room.info, is_locked=payload.locked))
        return Ok()

    @as_host
    async def close_room(self, place: Place, _payload: Empty) -> Ok:
        await self._membership.close(place.room, ClosedReason.CLOSED_BY_HOST)
        return Ok()

    @as_host
    async def get_invite(self, place: Place, _payload: Empty) -> InviteState:
        return _invite(place.room.info)

    @as_host
    async def renew_invite(self, place: Place, _payload: Empty) -> InviteState:
        """The old one stops working at once. Does nothing to a room that is not private."""
        room = place.room
        if room.info.type is RoomType.PRIVATE:
            room.info = replace(room.info, invite=new_secret())
            await self._context.store(room, ROOM)
        return _invite(room.info)

    # In the room's mailbox

    async def _mute_own(self, place: Place) -> None:
        if place.room.members.get(place.member.id) is place.member:
            await self._mute(place.room, place.member, at_once=False)

    async def _mute(self, room: Room, member: Member, *, at_once: bool, by_host: bool = False) -> None:
        """Raises Unavailable if it could not be stored: muted all the same, and stored later."""
        context = self._context
        context.media.set_muted(member.id, True, at_once=at_once)
        if member.record.is_muted and not context.persistence.is_dirty(room, member.id):
            return
        if not member.record.is_muted:
            member.record = replace(member.record, is_muted=True)
            member.is_speaking = False
            context.broadcast(room, ParticipantUpdated(participant=member.view()), exclude=member)
            context.send_to(member, ParticipantUpdated(participant=member.view(), muted_by_host=by_host))
        await context.store(room, member.id)

    async def _unmute(self, place: Place, requests: int) -> None:
        """`requests`: the owner's mutes when they asked; a newer one has priority."""
        context, member = self._context, place.member
        if not member.record.is_muted or member.mute_requests != requests:
            return
        record = replace(member.record, is_muted=False)
        await context.persistence.store_first(place.room, record)
        if member.mute_requests != requests:
            await context.store(place.room, member.id)
            return
        member.record = record
        context.media.set_muted(member.id, False, at_once=False)
        context.broadcast(place.room, ParticipantUpdated(participant=member.view()))

    async def _change(self, room: Room, info: RoomInfo) -> None:
        if info == room.info:
            return
        room.info = info
        self._context.broadcast(room, RoomUpdated(room=room.view()))
        self._context.lobby.changed(room, self._context.clock())
        await self._context.store(room, ROOM)


def _target(room: Room, payload: TargetParticipant) -> Member:
    try:
        return room.members[payload.participant_id]
    except KeyError:
        raise ParticipantNotFound from None


def _invite(info: RoomInfo) -> InviteState:
    path = f"/rooms/{info.id}"
    if not info.invite:
        return InviteState(invite=None, path=path)
    return InviteState(invite=info.invite, path=f"{path}?invite={info.invite}")


def _is_muted_by_host(place: Place) -> bool:
    """Of the tutor alone: only the host unmutes it, no worker."""
    tutor = place.room.info.tutor
    return not place.member.is_person and tutor is not None and tutor.muted
