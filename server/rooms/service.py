"""The rooms of one node, put together. Each use case is an object of its own; this one owns their life."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from server.common.tasks import Ticker
from server.protocol.entities import Connection
from server.protocol.rooms import CLIENT_EVENTS, ServerDraining
from server.rooms.actions import actions_of
from server.rooms.context import Context
from server.rooms.controls import Controls
from server.rooms.directory import Directory
from server.rooms.lobby import Lobby, Online
from server.rooms.media import MediaActions
from server.rooms.membership import Membership, Sweeping, restore
from server.rooms.model import User
from server.rooms.persistence import Persistence
from server.rooms.ports import (
    Bus,
    Clock,
    EventSink,
    IceServers,
    LobbySink,
    Media,
    RoomsSettings,
    RoomStore,
    UserStore,
)
from server.rooms.seat_states import shown
from server.rooms.tutor import TutorActions, VoiceConsent
from server.rooms.tutor_jobs import TutorEvents, TutorReconciler
from server.rooms.tutor_port import Tutors


class RoomsService:
    """Construct, `start` in a running loop, `aclose`. `media_events` is what the SFU reports to.

    `actions` has the method of each client event but `join`, which needs to know the connection's user.
    `joined` is told the seconds from each join to its media connection.
    """

    def __init__(  # noqa: PLR0913 - one argument a port
        self,
        *,
        store: RoomStore,
        users: UserStore,
        media: Media,
        event_sink: EventSink,
        lobby_sink: LobbySink,
        bus: Bus,
        clock: Clock,
        settings: RoomsSettings,
        ice_servers: IceServers = lambda _user_id: [],
        joined: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        self._lobby = Lobby(bus, lobby_sink, settings.lobby_interval_s)
        self._clock = clock
        self.online = Online(bus, lobby_sink, settings.node_id, clock, settings.online_interval_s)
        persistence = Persistence(store, clock, settings)
        context = self._context = Context(
            persistence, media, event_sink, self._lobby, clock, settings, ice_servers
        )
        self.membership = Membership(context, users)
        self.media_events = self.media = MediaActions(context, joined)
        self.tutor = TutorActions(context, self.membership)
        self.consent = VoiceConsent(context)
        self.controls = Controls(context, self.membership, self.tutor)
        self.directory = Directory(context)
        self.tutor_events = TutorEvents(context)
        self._reconciler = TutorReconciler(context, self.membership)
        self.sweeping = Sweeping(context, self.membership)
        groups = (self.membership, self.controls, self.media, self.tutor, self.consent)
        self.actions = actions_of(groups, {name: e for name, e in CLIENT_EVENTS.items() if name != "join"})
        self._ticker = Ticker("rooms", settings.tick_interval_s, self.tick)

    @property
    def room_count(self) -> int:
        return len(self._context.rooms)

    def participants_in(self, connection: Connection) -> int:
        """How many seats show this state now."""
        return sum(
            shown(m.state) is connection for o in self._context.rooms.all() for m in o.room.members.values()
        )

    def place_of(self, connection_id: str) -> dict[str, str]:
        """`room_id` and `participant_id` for the log; empty before a join."""
        found = self._context.rooms.find_connection(connection_id)
        return {"room_id": found[0].room.id, "participant_id": found[1].id} if found is not None else {}

    def tutored_by(self, tutors: Tutors) -> None:
        """Who sends tutors; nobody does until then. To be said before `start`."""
        self._context.tutors = tutors

    async def start(self) -> None:
        """Restore what the store holds; from then on time passes for rooms and seats."""
        await restore(self._context)
        self._ticker.start()

    def tick(self) -> None:
        """What is due by time; called by the ticker, and by tests that own the clock."""
        now = self._clock()
        self.sweeping.sweep(now)
        self._context.persistence.retry_deletions(now)
        self._reconciler.tick()
        self._lobby.flush(now)
        self.online.flush(now)

    def user_changed(self, user: User) -> None:
        """A profile was edited."""
        self.controls.user_changed(user)
        self.online.user_changed(user)

    def drain(self) -> None:
        """Tell everyone that the server is about to restart. Nobody joins any more; seats stay stored."""
        if self._context.is_draining:
            return
        self._context.is_draining = True
        sink = self._context.event_sink
        sink.send(sink.ids(), ServerDraining())
        self._lobby.draining()

    async def aclose(self) -> None:
        """Stop without giving up a seat: the next start finds them in the store."""
        self.drain()
        await self._ticker.aclose()
        await asyncio.gather(*(opened.mailbox.aclose() for opened in self._context.rooms.all()))
        self._lobby.close()
        self.online.close()
        await self._context.persistence.aclose()
