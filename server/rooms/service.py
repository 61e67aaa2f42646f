"""The rooms of one node: builds the groups of actions, and starts, ticks, drains and stops them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

from server.common.shared_limiter import SharedBuckets
from server.common.tasks import Ticker
from server.protocol.entities import Connection
from server.protocol.rooms import CLIENT_EVENTS, ServerDraining
from server.rooms.actions import actions_of
from server.rooms.chatting import Chatting
from server.rooms.claims import CLAIM_TOPICS, SharedClaims
from server.rooms.club_actions import ClubActions
from server.rooms.controls import Controls
from server.rooms.directory import Directory
from server.rooms.door import Door
from server.rooms.editing import Editing
from server.rooms.effects import Effects
from server.rooms.entrance import Entrance
from server.rooms.events import EventRooms
from server.rooms.keep_apart import KeepApart
from server.rooms.lobby import Lobby, OnlineUsers
from server.rooms.media import MediaActions
from server.rooms.membership import Membership
from server.rooms.model import User
from server.rooms.moves import Moves
from server.rooms.persistence import Persistence
from server.rooms.ports import (
    BlockReader,
    Bus,
    CleanText,
    Clock,
    EventSink,
    IceServers,
    Media,
    RoomsSettings,
    StandingOf,
    Tutors,
    UserStore,
    WallClock,
    as_it_is,
    in_good_standing,
)
from server.rooms.practice import PracticeMeter
from server.rooms.runtime import OpenRooms
from server.rooms.seat_states import public_status
from server.rooms.shares import RoomShares, TutorShares
from server.rooms.tutor import TutorActions
from server.rooms.tutor_jobs import TutorReconciler
from server.rooms.upkeep import Upkeep
from server.rooms.voice_consent import VoiceConsent

NEED_JOINER = frozenset({"join", "knock"})
"""Events of connections without a seat: their methods need to know the connection's user."""


class RoomsService:
    """Construct, `start` in a running loop, `aclose`.

    `actions` has the method of each client event but those of `NEED_JOINER`. The
    SFU reports to `media_events`. `observe_join`: as in `MediaActions`. `buckets`: rate limits that hold over
    all servers.
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
        bus: Bus,
        blocks: BlockReader,
        buckets: SharedBuckets | None = None,
        clean_text: CleanText = as_it_is,
        standing_of: StandingOf = in_good_standing,
        ice_servers: IceServers = lambda _user_id: [],
        observe_join: Callable[[str, float], None] = lambda _room_id, _seconds: None,
        practice: PracticeMeter | None = None,
    ) -> None:
        self._practice = practice
        self._rooms = rooms
        self._persistence = persistence
        self._event_sink = event_sink
        self._lobby = lobby
        self._clock = clock
        self.online = online
        self.keep_apart = KeepApart(rooms, effects, blocks, bus)
        entrance = Entrance(standing_of, house_rules=settings.house_rules)
        self.membership = Membership(
            rooms,
            effects,
            persistence,
            self.keep_apart,
            users=users,
            media=media,
            event_sink=event_sink,
            ice_servers=ice_servers,
            clock=clock,
            wall_clock=wall_clock,
            settings=settings,
            entrance=entrance,
        )
        self.upkeep = Upkeep(
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
        of_rooms, of_tutors = (SharedClaims(bus, topic, settings.node_id) for topic in CLAIM_TOPICS)
        self._claims = (of_rooms, of_tutors)
        self._shares = shares = TutorShares(settings, of_tutors)
        self._reconciler = TutorReconciler(
            rooms, effects, self.membership, tutors, shares, clock=clock, settings=settings
        )
        self.moves = Moves(
            rooms,
            effects,
            persistence,
            self.membership,
            tutors=tutors,
            reconciler=self._reconciler,
            clock=clock,
        )
        self.tutor = TutorActions(
            rooms,
            effects,
            persistence,
            self.membership,
            shares,
            reconciler=self._reconciler,
            wall_clock=wall_clock,
            clean_text=clean_text,
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
        self.chat = Chatting(
            rooms, effects, persistence, clock=clock, wall_clock=wall_clock, clean_text=clean_text
        )
        editing = Editing(rooms, effects, self.media_events, self.tutor, wall_clock, clean_text)
        self.door = Door(
            rooms,
            effects,
            persistence,
            self.keep_apart,
            users,
            event_sink,
            clock=clock,
            entrance=entrance,
        )
        self.directory = Directory(
            rooms,
            lobby,
            persistence,
            RoomShares(settings, of_rooms, buckets),
            shares,
            settings,
            keep_apart=self.keep_apart,
            clock=clock,
            wall_clock=wall_clock,
            clean_text=clean_text,
        )
        groups = (
            self.membership,
            self._controls,
            editing,
            ClubActions(rooms, effects, wall_clock, clean_text),
            self.chat,
            self.door,
            self.media_events,
            self.tutor,
            consent,
        )
        self.events = EventRooms(rooms, effects, self.membership, self.directory, bus, wall_clock)
        events = {name: event for name, event in CLIENT_EVENTS.items() if name not in NEED_JOINER}
        self.actions = actions_of(groups, events)
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
        self._reconciler.tick()
        self.directory.publish_claims(now)
        self._shares.publish(now)
        self._lobby.flush(now)
        self.online.flush(now)

    def user_changed(self, user: User) -> None:
        """Show an edited profile."""
        self._controls.user_changed(user)
        self.online.user_changed(user)

    def user_deleted(self, user_id: str) -> None:
        """The profile is gone: so is what the person wrote in open rooms, and its place as their host."""
        self.chat.forget(user_id)
        self.upkeep.host_gone(user_id)

    def silence(self, user_id: str, until: float | None) -> None:
        """A moderator has muted the person until then, in wall time; None: they may unmute again."""
        self._controls.silence(user_id, until)

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
        for claims in self._claims:
            claims.close()
        self.keep_apart.close()
        self.events.close()
        self._lobby.close()
        self.online.close()
        await self._persistence.aclose()
