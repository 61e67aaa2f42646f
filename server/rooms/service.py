"""The rooms of one node: builds the groups of actions, and starts, ticks, drains and stops them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection

from server.common.tasks import Ticker
from server.protocol.entities import Connection
from server.protocol.rooms import CLIENT_EVENTS, ServerDraining
from server.rooms.actions import actions_of
from server.rooms.controls import Controls
from server.rooms.directory import Directory
from server.rooms.door import Door
from server.rooms.effects import Effects
from server.rooms.lobby import Lobby, OnlineUsers
from server.rooms.media import MediaActions
from server.rooms.membership import Membership
from server.rooms.model import User
from server.rooms.persistence import Persistence
from server.rooms.ports import (
    Clock,
    EventSink,
    IceServers,
    Media,
    RoomsSettings,
    Tutors,
    UserStore,
    WallClock,
)
from server.rooms.runtime import OpenRooms
from server.rooms.seat_states import public_status
from server.rooms.shares import TutorShares
from server.rooms.tutor import TutorActions
from server.rooms.tutor_jobs import TutorReconciler
from server.rooms.upkeep import Upkeep
from server.rooms.voice_consent import VoiceConsent

NEED_JOINER = frozenset({"join", "knock"})
"""Events of connections without a seat: their methods need to know the connection's user."""


class RoomsService:
    """Construct, `start` in a running loop, `aclose`.

    `actions` has the method of each client event but those of `NEED_JOINER`. The
    SFU reports to `media_events`. `observe_join`: as in `MediaActions`.
    """

    def __init__(  # noqa: PLR0913 - one argument for each collaborator
        self,
        rooms: OpenRooms,
        effects: Effects,
        persistence: Persistence,
        *,
        users: UserStore,
        media: Media,
        event_sink: EventSink,
        lobby: Lobby,
        online: OnlineUsers,
        clock: Clock,
        wall_clock: WallClock,
        settings: RoomsSettings,
        tutors: Tutors,
        ice_servers: IceServers = lambda _user_id: [],
        observe_join: Callable[[str, float], None] = lambda _room_id, _seconds: None,
    ) -> None:
        self._rooms = rooms
        self._persistence = persistence
        self._event_sink = event_sink
        self._lobby = lobby
        self._clock = clock
        self.online = online
        self.membership = Membership(
            rooms,
            effects,
            persistence,
            users=users,
            media=media,
            event_sink=event_sink,
            ice_servers=ice_servers,
            clock=clock,
            wall_clock=wall_clock,
            settings=settings,
        )
        self._upkeep = Upkeep(
            rooms,
            effects,
            persistence,
            self.membership,
            clock=clock,
            wall_clock=wall_clock,
            settings=settings,
        )
        self.media_events = MediaActions(
            rooms, effects, media=media, ice_servers=ice_servers, clock=clock, observe_join=observe_join
        )
        shares = TutorShares(settings)
        self._reconciler = TutorReconciler(
            rooms, effects, self.membership, tutors, shares, clock=clock, settings=settings
        )
        self.tutor = TutorActions(
            rooms, effects, persistence, self.membership, shares, reconciler=self._reconciler
        )
        consent = VoiceConsent(rooms, effects, persistence)
        self._controls = Controls(
            rooms,
            effects,
            persistence,
            self.membership,
            self.tutor,
            clock=clock,
            wall_clock=wall_clock,
        )
        self.door = Door(rooms, effects, persistence, users, event_sink, clock=clock)
        self.directory = Directory(
            rooms, lobby, persistence, shares, settings, clock=clock, wall_clock=wall_clock
        )
        groups = (self.membership, self._controls, self.door, self.media_events, self.tutor, consent)
        events = {name: event for name, event in CLIENT_EVENTS.items() if name not in NEED_JOINER}
        self.actions = actions_of(groups, events)
        self._ticker = Ticker("rooms", settings.tick_interval_s, self.tick)
        self._ownership = Ticker("ownership", settings.ownership_interval_s, self._upkeep.keep_ownership)

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
        await self._upkeep.restore()
        self._ticker.start()
        self._ownership.start()

    async def adopt(self, room_id: str, epoch: int) -> None:
        """Take a room over from a server that has ended. Raises Unavailable."""
        await self._upkeep.adopt(room_id, epoch)

    async def hand_over(self, give: Callable[[str], Awaitable[None]]) -> None:
        """Let other servers take the rooms before this one ends: see `Upkeep.hand_over`."""
        await self._upkeep.hand_over(give)

    async def find_lost(self) -> None:
        """Find rooms that another server has taken, for a server that may have been cut off."""
        await self._upkeep.find_lost()

    def tick(self) -> None:
        """Do what is due. The ticker calls this, as do tests that own the clock."""
        now = self._clock()
        self._upkeep.tick(now)
        self._reconciler.tick()
        self._lobby.flush(now)
        self.online.flush(now)

    def user_changed(self, user: User) -> None:
        """Show an edited profile."""
        self._controls.user_changed(user)
        self.online.user_changed(user)

    def connection_lost(self, connection_id: str) -> None:
        """The socket closed: its seat is held, or its knock kept for a moment."""
        self.membership.connection_lost(connection_id)
        self.door.connection_lost(connection_id)

    def signed_out(self, user_id: str, connection_ids: Collection[str]) -> None:
        """The user signed out on the device of these connections: no seat, and nobody at a door."""
        self.membership.signed_out(user_id, connection_ids)
        self.door.signed_out(connection_ids)

    def drain(self) -> None:
        """Notify all clients of the coming restart. New joins are refused; seats stay stored."""
        if self._rooms.is_draining:
            return
        self._rooms.is_draining = True
        self._event_sink.send(self._event_sink.ids(), ServerDraining())
        self._lobby.draining()

    async def aclose(self) -> None:
        """Stop without giving up a seat: the next start finds them in the store."""
        self.drain()
        await self._ownership.aclose()
        await self._ticker.aclose()
        await asyncio.gather(*(opened.mailbox.aclose() for opened in self._rooms.all()))
        self._lobby.close()
        self.online.close()
        await self._persistence.aclose()
