"""The room's door: people who knock, and what the host does about them and about people who were removed.

Actions of the host raise NotJoined, NotHost (those of co-hosts too NotCohost), and Unavailable if a change
could not be stored.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

from server.errors import AlreadyJoined, Conflict, Unavailable, UserNotFound
from server.protocol.door import AnswerKnock, Bans, Knock, Knocking, LiftBan, SetKnock
from server.protocol.rooms import Empty, Ok
from server.rooms.banning import lift_ban
from server.rooms.beginning import admit_all
from server.rooms.effects import Effects
from server.rooms.entrance import Entrance
from server.rooms.hearing import set_apart
from server.rooms.keep_apart import KeepApart
from server.rooms.knocking import (
    admit,
    can_answer_knocks,
    decline,
    knock_at,
    knocker_lost,
    set_knock_to_enter,
    withdraw_knock,
)
from server.rooms.knocks import KNOCK_TTL_S
from server.rooms.membership import Joiner
from server.rooms.model import User
from server.rooms.persistence import Persistence
from server.rooms.ports import Clock, EventSink, UserStore
from server.rooms.room import Room
from server.rooms.runtime import OpenRoom, OpenRooms, Place, as_cohost, as_host
from server.rooms.views import bans_view

_log = logging.getLogger(__name__)


class Door:
    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        persistence: Persistence,
        keep_apart: KeepApart,
        users: UserStore,
        event_sink: EventSink,
        *,
        clock: Clock,
        entrance: Entrance,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._persistence = persistence
        self._keep_apart = keep_apart
        self._users = users
        self._event_sink = event_sink
        self._clock = clock
        self._entrance = entrance

    # People outside the room

    async def knock(self, joiner: Joiner, request: Knock) -> Knocking:
        """Wait for the host's answer, which is an event. A connection waits at one door at a time.

        Raises RoomNotFound, RoomElsewhere, RoomFull, RoomLocked, InviteInvalid, RemovedFromRoom,
        KnockDeclined, KnockQueueFull, AlreadyJoined, Conflict, UserNotFound, RulesNotAccepted,
        WarningNotRead, Unavailable.
        """
        if self._rooms.is_draining:
            raise Unavailable
        opened = await self._rooms.look_up(request.room_id)
        if self._rooms.find_connection(joiner.connection_id) is not None:
            raise AlreadyJoined
        if self._rooms.find_knock(joiner.connection_id) not in (None, opened):
            raise Conflict("You already wait at the door of another room on this connection.")
        user = await self._users.get_user(joiner.user_id)
        if user is None:
            raise UserNotFound
        await self._entrance.require(opened.room, user)
        return await opened.mailbox.run(self._knock, opened.room, user, joiner, request)

    async def withdraw_knock(self, connection_id: str, _payload: Empty) -> Ok:
        """Does nothing for a connection that does not wait."""
        opened = self._rooms.find_knock(connection_id)
        if opened is not None:
            await opened.mailbox.run_anyway(self._withdraw, opened.room, connection_id)
        return Ok()

    def connection_lost(self, connection_id: str) -> None:
        """Does nothing for a connection that does not wait."""
        opened = self._rooms.find_knock(connection_id)
        if opened is not None:
            opened.mailbox.post(self._lost, opened, connection_id)

    def signed_out(self, connection_ids: Collection[str]) -> None:
        """Knocks of these connections end at once, without the moment for a reconnect."""
        for connection_id in connection_ids:
            opened = self._rooms.find_knock(connection_id)
            if opened is not None:
                opened.mailbox.post(self._withdraw, opened.room, connection_id)

    # Actions of the host

    @as_host
    async def set_knock(self, place: Place, payload: SetKnock) -> Ok:
        changes = set_knock_to_enter(place.room, payload.knock_to_enter)
        await self._effects.commit(place.room, changes)
        return Ok()

    @as_cohost
    async def answer_knock(self, place: Place, payload: AnswerKnock) -> Ok:
        """Raises ParticipantNotFound if nobody waits with that knock any more, RoomFull."""
        room = place.room
        knock = room.knocks.get(payload.knock_id)
        changes = admit(room, knock) if payload.admitted else decline(room, knock, self._clock())
        _log.info("knock %s", "admitted" if payload.admitted else "declined", extra={"room_id": room.id})
        await self._effects.commit(room, changes)
        return Ok()

    @as_cohost
    async def admit_all(self, place: Place, _payload: Empty) -> Ok:
        await self._effects.commit(place.room, admit_all(place.room))
        return Ok()

    @as_host
    async def get_bans(self, place: Place, _payload: Empty) -> Bans:
        return bans_view(place.room.info.bans)

    @as_host
    async def lift_ban(self, place: Place, payload: LiftBan) -> Bans:
        await self._effects.commit(place.room, lift_ban(place.room, payload.ban_id))
        return bans_view(place.room.info.bans)

    # In the room's mailbox

    async def _knock(self, room: Room, user: User, joiner: Joiner, request: Knock) -> Knocking:
        apart = await self._keep_apart.with_arriving(room, user.id)
        now = self._clock()
        self._effects.apply(room, set_apart(room, apart))
        knock, changes = knock_at(room, user, request.invite, joiner.origin, joiner.connection_id, now)
        seq = self._event_sink.mark(joiner.connection_id)  # the answer may be among the changes
        self._effects.apply(room, changes)
        if knock is not None:
            _log.info("knocked", extra={"room_id": room.id})
        expires_in = KNOCK_TTL_S if knock is None else knock.expires_at - now
        position = 1 if knock is None else knock.shown_position
        return Knocking(
            seq=seq, expires_in=expires_in, can_be_answered=can_answer_knocks(room), position=position
        )

    async def _withdraw(self, room: Room, connection_id: str) -> None:
        self._effects.apply(room, withdraw_knock(room, connection_id))

    async def _lost(self, opened: OpenRoom, connection_id: str) -> None:
        self._effects.apply(opened.room, knocker_lost(opened.room, connection_id, self._clock()))
