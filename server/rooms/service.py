"""The rooms of one node: starts, ticks, drains and stops them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from server.common.tasks import Ticker
from server.protocol.entities import Connection
from server.protocol.rooms import ServerDraining
from server.rooms.effects import Effects
from server.rooms.groups import RoomPorts, build_groups
from server.rooms.lobby import Lobby, OnlineUsers
from server.rooms.model import User
from server.rooms.persistence import Persistence
from server.rooms.practice import PracticeMeter
from server.rooms.runtime import OpenRooms
from server.rooms.seat_states import public_status


class RoomsService:
    """Construct, `start` in a running loop, `aclose`.

    `actions` has the method of each client event but those of `NEED_JOINER`. The SFU reports to
    `media_events`.
    """

    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        persistence: Persistence,
        lobby: Lobby,
        online: OnlineUsers,
        ports: RoomPorts,
        *,
        practice: PracticeMeter | None = None,
    ) -> None:
        groups = build_groups(rooms, effects, persistence, lobby, ports)
        self.actions = groups.actions
        self.chat = groups.chat
        self.directory = groups.directory
        self.door = groups.door
        self.events = groups.events
        self.keep_apart = groups.keep_apart
        self.media_events = groups.media_events
        self.membership = groups.membership
        self.moves = groups.moves
        self.online = online
        self.tutor = groups.tutor
        self.upkeep = groups.upkeep
        self._groups = groups
        self._rooms = rooms
        self._persistence = persistence
        self._lobby = lobby
        self._event_sink = ports.event_sink
        self._clock = ports.clock
        self._practice = practice
        settings = ports.settings
        self._ticker = Ticker("rooms", settings.tick_interval_s, self.tick)
        self._ownership = Ticker("ownership", settings.ownership_interval_s, self.upkeep.keep_ownership)

    @property
    def room_count(self) -> int:
        return len(self._rooms)

    def participants_in(self, status: Connection) -> int:
        """Return the number of seats that have this status."""
        return sum(
            public_status(m.state) is status for o in self._rooms.all() for m in o.room.members.values()
        )

    def place_of(self, connection_id: str) -> dict[str, str]:
        """`room_id` and `participant_id` for the log; empty before a join."""
        place = self._rooms.find_connection(connection_id)
        return {"room_id": place.room.id, "participant_id": place.member.id} if place is not None else {}

    async def start(self) -> None:
        """Restore what the store holds, then start the clock of rooms and seats. Raises Unavailable."""
        await self.upkeep.restore()
        self._ticker.start()
        self._ownership.start()

    def tick(self) -> None:
        """Do what is due. The ticker calls this, as do tests that own the clock."""
        now = self._clock()
        self.upkeep.tick(now)
        if self._practice is not None:
            self._practice.tick(now)
        self._groups.reconciler.tick()
        self.directory.publish_claims(now)
        self._groups.tutor_shares.publish(now)
        self._lobby.flush(now)
        self.online.flush(now)

    def user_changed(self, user: User) -> None:
        """Show an edited profile."""
        self._groups.controls.user_changed(user)
        self.online.user_changed(user)

    def user_deleted(self, user_id: str) -> None:
        """The profile is gone: so is what the person wrote in open rooms, and its place as their host or
        co-host."""
        self.chat.forget(user_id)
        self.upkeep.person_gone(user_id)

    def silence(self, user_id: str, until: float | None) -> None:
        """A moderator has muted the person until then, in wall time; None: they may unmute again."""
        self._groups.controls.silence(user_id, until)

    def connection_lost(self, connection_id: str) -> None:
        """The socket closed: its seat is held, or its knock kept for a moment."""
        if self.moves.connection_lost(connection_id):
            return
        self.membership.connection_lost(connection_id)
        self.door.connection_lost(connection_id)

    def signed_out(self, user_id: str, connection_ids: Collection[str]) -> None:
        """The user signed out on the device of these connections: no seat, and nobody at a door."""
        self.membership.signed_out(user_id, connection_ids)
        self.door.signed_out(connection_ids)

    def drain(self, *, hands_over: bool = False) -> None:
        """Refuse new joins. Seats stay stored. Notify all clients of the coming restart, unless other servers
        are to take the rooms: then `moves.hand_over` follows, and notifies those of rooms that stay."""
        if self._rooms.is_draining:
            return
        self._rooms.is_draining = True
        if not hands_over:
            self._event_sink.send(self._event_sink.ids(), ServerDraining())
            self._lobby.draining()

    async def aclose(self) -> None:
        """Stop without giving up a seat: the next start finds them in the store."""
        self.drain()
        await self._ownership.aclose()
        await self._ticker.aclose()
        await asyncio.gather(*(opened.mailbox.aclose() for opened in self._rooms.all()))
        for claims in self._groups.claims:
            claims.close()
        self.keep_apart.close()
        self.events.close()
        self._lobby.close()
        self.online.close()
        await self._persistence.aclose()
