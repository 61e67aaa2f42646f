"""Actions of people on themselves, and of the host on others and the room.

Each action has the name of its client event. Every one raises NotJoined, and Unavailable if it could not be
stored; those of the host raise NotHost, those of co-hosts too NotCohost, and those with a target
ParticipantNotFound.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

from server.errors import Forbidden, RoomElsewhere, Unavailable
from server.protocol.club import SetCohost
from server.protocol.entities import RoomType
from server.protocol.rooms import (
    ClosedReason,
    Empty,
    HandLowered,
    InviteState,
    Ok,
    SetHand,
    SetLocked,
    SetMuted,
    TargetParticipant,
)
from server.rooms.admission import renew_invite, set_locked
from server.rooms.banning import ban_member
from server.rooms.changes import ROOM
from server.rooms.effects import Effects
from server.rooms.entrance import require_voice
from server.rooms.hands import lower_hand, raise_hand, raised
from server.rooms.members import Member
from server.rooms.membership import Membership
from server.rooms.model import RoomInfo, User, new_secret
from server.rooms.persistence import Persistence
from server.rooms.ports import Clock, WallClock
from server.rooms.room import Room
from server.rooms.runtime import OpenRooms, Place, as_cohost, as_host, in_room
from server.rooms.speaking import mute, unmute
from server.rooms.succession import set_cohost, set_host
from server.rooms.tutor import TutorActions


class Controls:
    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        persistence: Persistence,
        membership: Membership,
        tutor: TutorActions,
        *,
        clock: Clock,
        wall_clock: WallClock,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._persistence = persistence
        self._membership = membership
        self._tutor = tutor
        self._clock = clock
        self._wall_clock = wall_clock

    # On oneself

    async def set_muted(self, connection_id: str, payload: SetMuted) -> Ok:
        """The one way to unmute: the owner's own call.

        Muting acts at once, before it waits for anything, and holds for the seat even if another connection
        takes it meanwhile or the caller stops waiting. Unmuting is stored first: what the store cannot keep
        does not open a microphone. An unmute whose caller stopped waiting, or that a mute followed, is void.
        """
        place = self._rooms.place_of(connection_id)
        member = place.member
        if payload.muted:
            member.mute_requests += 1
            self._effects.apply(place.room, mute(place.room, member))
            await place.mailbox.run_anyway(self._mute_own, place)
        else:
            try:
                await self._rooms.run(connection_id, self._unmute, member.mute_requests)
            except asyncio.CancelledError:
                member.mute_requests += 1  # the caller gets an error, so it must not succeed later
                raise
        return Ok()

    @in_room
    async def set_hand(self, place: Place, payload: SetHand) -> Ok:
        room, member = place.room, place.member
        changes = raise_hand(room, member, self._wall_clock()) if payload.raised else lower_hand(room, member)
        await self._effects.commit(room, changes)
        return Ok()

    def user_changed(self, user: User) -> None:
        """Show an edited profile in every room where its owner has a seat."""
        for opened in self._rooms.all():
            member = opened.room.seat_of(user.id)
            if member is not None:
                self._effects.apply(opened.room, opened.room.set_user(member, user))

    def silence(self, user_id: str, until: float | None) -> None:
        """A moderator has muted the person in rooms with others until then (wall time), or no longer. Media
        first; it is stored later. Nobody but its owner opens a microphone again."""
        for opened in self._rooms.all():
            room = opened.room
            member = room.seat_of(user_id)
            if member is None or room.info.type is RoomType.AI:
                continue
            member.muted_until = until
            if until is not None:
                member.mute_requests += 1
                self._effects.apply(room, mute(room, member, at_once=True))
                opened.mailbox.post(self._store_mute, room, member, subject=member.id)
        if until is not None:
            self._effects.silence_handed_over(user_id)

    # Actions of the host and co-hosts

    @as_cohost
    async def mute_participant(self, place: Place, payload: TargetParticipant) -> Ok:
        """There is no counterpart: nobody unmutes another person."""
        room = place.room
        target = room.member(payload.participant_id)
        if target.is_person:
            await self._mute(room, target, at_once=True, by_host=True)
        else:
            await self._tutor.mute(room)
        return Ok()

    @as_cohost
    async def lower_hand(self, place: Place, payload: TargetParticipant) -> Ok:
        target = place.room.person(payload.participant_id)
        await self._effects.commit(place.room, lower_hand(place.room, target, HandLowered.BY_HOST))
        return Ok()

    @as_cohost
    async def lower_hands(self, place: Place, _payload: Empty) -> Ok:
        room = place.room
        changes = [change for m in raised(room) for change in lower_hand(room, m, HandLowered.BY_HOST)]
        await self._effects.commit(room, changes)
        return Ok()

    @as_cohost
    async def give_floor(self, place: Place, payload: TargetParticipant) -> Ok:
        """Does nothing for a hand that is down. It unmutes nobody: its owner is asked to do so."""
        target = place.room.person(payload.participant_id)
        await self._effects.commit(place.room, lower_hand(place.room, target, HandLowered.FLOOR))
        return Ok()

    @as_cohost
    async def remove_participant(self, place: Place, payload: TargetParticipant) -> Ok:
        """For the life of the room; a removed tutor can be invited again. Only the host removes co-hosts.
        Raises Conflict for the host themselves, Forbidden."""
        room = place.room
        target = room.member(payload.participant_id)
        if not target.is_person:
            await self._tutor.remove(room)
            return Ok()
        if place.member.user.id != room.info.host_id and room.is_leading(target.user.id):
            raise Forbidden("Only the host can remove a co-host, and nobody the host.")
        self._effects.apply(room, ban_member(room, target, self._clock(), self._wall_clock()))
        await self._persistence.flush(room, [ROOM], required=True)
        await self._persistence.flush(room, [target.id], required=False)
        return Ok()

    # Actions of the host

    @as_host
    async def set_cohost(self, place: Place, payload: SetCohost) -> Ok:
        """For the life of the room, whatever happens to the seat and the server."""
        target = place.room.person(payload.participant_id)
        await self._effects.commit(place.room, set_cohost(place.room, target, payload.cohost))
        return Ok()

    @as_host
    async def transfer_host(self, place: Place, payload: TargetParticipant) -> Ok:
        target = place.room.person(payload.participant_id)
        await self._effects.commit(place.room, set_host(place.room, target))
        return Ok()

    @as_host
    async def set_locked(self, place: Place, payload: SetLocked) -> Ok:
        await self._effects.commit(place.room, set_locked(place.room, payload.locked))
        return Ok()

    @as_host
    async def close_room(self, place: Place, _payload: Empty) -> Ok:
        """Raises RoomElsewhere if another server has taken the room: there it goes on."""
        with suppress(Unavailable):  # then it closes here, and is deleted later if it still belongs here
            await self._persistence.find_lost([place.room])
        if self._persistence.is_lost(place.room):
            await self._membership.close(place.room, ClosedReason.MOVED)
            raise RoomElsewhere
        await self._membership.close(place.room, ClosedReason.CLOSED_BY_HOST)
        return Ok()

    @as_host
    async def get_invite(self, place: Place, _payload: Empty) -> InviteState:
        return _invite(place.room.info)

    @as_host
    async def renew_invite(self, place: Place, _payload: Empty) -> InviteState:
        await self._effects.commit(place.room, renew_invite(place.room, new_secret()))
        return _invite(place.room.info)

    # In the room's mailbox

    async def _mute_own(self, place: Place) -> None:
        """Mutes media again: a new connection may have been opened with the state before the mute."""
        if place.room.has(place.member):
            await self._mute(place.room, place.member)

    async def _store_mute(self, room: Room, member: Member) -> None:
        await self._persistence.flush(room, [member.id], required=False)

    async def _mute(
        self, room: Room, member: Member, *, at_once: bool = False, by_host: bool = False
    ) -> None:
        """Raises Unavailable if it could not be stored: still muted, and stored later."""
        self._effects.apply(room, mute(room, member, at_once=at_once, by_host=by_host))
        await self._persistence.flush(room, [member.id], required=True)

    async def _unmute(self, place: Place, mute_requests: int) -> None:
        """`mute_requests`: the mutes when the owner asked to unmute. A newer mute wins. Raises
        MutedByModerator."""
        room, member = place.room, place.member
        require_voice(member, self._wall_clock())
        if not member.record.is_muted or member.mute_requests != mute_requests or _is_muted_by_host(place):
            return
        await self._persistence.store_first(room, replace(member.record, is_muted=False))
        if member.mute_requests == mute_requests:
            self._effects.apply(room, unmute(room, member))
        else:
            self._persistence.mark_dirty(room, member.id)
            await self._persistence.flush(room, [member.id], required=True)


def _invite(info: RoomInfo) -> InviteState:
    path = f"/rooms/{info.id}"
    if not info.invite:
        return InviteState(invite=None, path=path)
    return InviteState(invite=info.invite, path=f"{path}?invite={info.invite}")


def _is_muted_by_host(place: Place) -> bool:
    """True only of a tutor that the host has muted; a worker cannot unmute it."""
    tutor = place.room.info.tutor
    return not place.member.is_person and tutor is not None and tutor.muted
