"""The rooms on virtual time, with doubles at every port."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from server.cluster import MemoryBus
from server.errors import ParlorError
from server.protocol import entities
from server.protocol.base import Outbound
from server.protocol.door import Knock, Knocking
from server.protocol.lobby import LOBBY_EVENTS
from server.protocol.rest import CreatedRoom, CreateRoom
from server.protocol.rooms import CLIENT_EVENTS, Join, Joined, SeqEvent
from server.rooms.effects import Effects
from server.rooms.groups import RoomPorts
from server.rooms.keep_apart import BLOCKS_TOPIC
from server.rooms.lobby import Lobby, OnlineUsers
from server.rooms.membership import Joiner
from server.rooms.model import UNKNOWN_ORIGIN, Origin, SeatRecord, User
from server.rooms.persistence import Persistence
from server.rooms.ports import (
    CleanText,
    Clock,
    EventSink,
    LobbySink,
    Media,
    RoomsSettings,
    Standing,
    UserStore,
    WallClock,
    as_it_is,
)
from server.rooms.runtime import OpenRooms
from server.rooms.service import RoomsService
from server.rooms.tutor_events import TutorEvents
from server.rooms.tutor_ports import Tutors
from tests.fakes.media import FakeMedia
from tests.fakes.stores import FakeBlocks, FakeRoomStore, FakeUserStore
from tests.fakes.tutors import FakeTutors

E = TypeVar("E")


def a_user(user_id: str, **fields: Any) -> User:
    return replace(User(user_id, user_id.title(), f"/api/avatars/g/{user_id}.svg", 1.0), **fields)


def a_draft(**fields: Any) -> CreateRoom:
    return CreateRoom(**{"name": "Coffee", "topic": "Food", "level": "B1", **fields})


class FakeEventSink:
    """Every event of each connection, numbered as on the wire."""

    def __init__(self) -> None:
        self.events: dict[str, list[SeqEvent]] = defaultdict(list)
        self.marked: list[str] = []

    def send(self, connection_ids: Iterable[str], event: SeqEvent) -> None:
        for connection_id in connection_ids:
            self.events[connection_id].append(event)

    def ids(self) -> list[str]:
        return list(self.events)

    def mark(self, connection_id: str) -> int:
        self.marked.append(connection_id)
        return len(self.events[connection_id])

    def of(self, connection_id: str, kind: type[E]) -> list[E]:
        return [e for e in self.events[connection_id] if isinstance(e, kind)]

    def forget(self) -> None:
        self.events.clear()


class FakeLobbySink:
    """Every event of `/lobby`."""

    def __init__(self) -> None:
        self.events: list[Outbound] = []

    def send(self, event: Outbound) -> None:
        self.events.append(event)

    def of(self, kind: type[E]) -> list[E]:
        return [e for e in self.events if isinstance(e, kind)]

    def names(self) -> list[str]:
        names = {message: name for name, message in LOBBY_EVENTS.items()}
        return [names[type(event)] for event in self.events]


class RoomsCore:
    """The parts that the composition root builds before the tutor service and the rooms."""

    def __init__(
        self,
        store: FakeRoomStore,
        media: Media,
        event_sink: EventSink,
        lobby_sink: LobbySink,
        clock: Clock,
        wall_clock: WallClock,
        *,
        settings: RoomsSettings,
    ) -> None:
        self.bus = bus = MemoryBus()
        self.settings, self.clock, self.media, self.event_sink = settings, clock, media, event_sink
        self.wall_clock = wall_clock
        self.lobby = Lobby(bus, lobby_sink, settings.lobby_interval_s, settings.node_id)
        self.online = OnlineUsers(bus, lobby_sink, settings.node_id, clock, settings.online_interval_s)
        store.server_starts()
        self.persistence = Persistence(store, clock, settings)
        self.rooms = OpenRooms(store.owner_of)
        self.effects = Effects(self.rooms, media, event_sink, self.lobby, self.persistence, clock)
        self.tutor_events = TutorEvents(self.rooms, self.effects)

    def service(self, users: UserStore, tutors: Tutors, **options: Any) -> RoomsService:
        ports = RoomPorts(
            users=users,
            media=self.media,
            event_sink=self.event_sink,
            tutors=tutors,
            bus=self.bus,
            clock=self.clock,
            wall_clock=self.wall_clock,
            settings=self.settings,
            **{"blocks": FakeBlocks(), **options},
        )
        return RoomsService(self.rooms, self.effects, self.persistence, self.lobby, self.online, ports)


class World:
    """Connections are named by the test: `await world.join("c1", "ann", room)`. `pass_time` moves `now`,
    which the monotonic clock shows; `wall_step` is how far the wall clock is ahead."""

    def __init__(self, *, clean_text: CleanText = as_it_is, **settings: Any) -> None:
        self.clean_text = clean_text
        self.standings: dict[str, Standing] = {}
        self.now = 1_000_000.0
        self.wall_step = 1_000_000_000.0
        self.users = FakeUserStore()
        self.store = FakeRoomStore(self.users)
        self.blocks = FakeBlocks()
        self.settings = replace(RoomsSettings(tick_interval_s=3600, ownership_interval_s=3600), **settings)
        self.joins: list[float] = []
        self.media: FakeMedia
        self.sink: FakeEventSink
        self.lobby: FakeLobbySink
        self.tutors: FakeTutors
        self.open_rooms: OpenRooms
        self.persistence: Persistence
        self.tutor_events: TutorEvents
        self.rooms: RoomsService

    async def __aenter__(self) -> World:
        await self._boot()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.rooms.aclose()

    async def _boot(self) -> None:
        self.media, self.sink, self.lobby = FakeMedia(), FakeEventSink(), FakeLobbySink()
        self.tutors = FakeTutors()
        core = RoomsCore(
            self.store,
            self.media,
            self.sink,
            self.lobby,
            lambda: self.now,
            lambda: self.now + self.wall_step,
            settings=self.settings,
        )
        self.bus, self.effects = core.bus, core.effects
        self.open_rooms, self.persistence, self.tutor_events = core.rooms, core.persistence, core.tutor_events
        self.rooms = core.service(
            self.users,
            self.tutors,
            clean_text=self.clean_text,
            blocks=self.blocks,
            standing_of=self._standing_of,
            observe_join=lambda _room_id, seconds: self.joins.append(seconds),
        )
        await self.rooms.start()

    async def restart(self) -> None:
        """The process ends and another starts on the same store; no connection survives."""
        await self.rooms.aclose()
        await self._boot()

    async def crash(self) -> None:
        """The process is killed; another starts on the store."""
        seats, rooms, owners = dict(self.store.seats), dict(self.store.rooms), dict(self.store.owners)
        chat = dict(self.store.chat)
        await self.rooms.aclose()
        self.store.seats, self.store.rooms, self.store.owners = seats, rooms, owners
        self.store.chat = chat
        await self._boot()

    async def _standing_of(self, user_id: str) -> Standing:
        return self.standings.get(user_id, Standing())

    def user(self, user_id: str) -> User:
        return self.users.users.setdefault(user_id, a_user(user_id))

    async def create(self, host: str, **draft: Any) -> CreatedRoom:
        self.user(host)
        return await self.rooms.directory.create_room(host, a_draft(**draft))

    async def room(self, host: str, **draft: Any) -> str:
        return (await self.create(host, **draft)).id

    async def join(self, connection_id: str, user_id: str, room_id: str, **options: Any) -> Joined:
        """`origin` is that of the connection."""
        joiner = self._joiner(connection_id, user_id, options)
        return await self.rooms.membership.join(joiner, Join(room_id=room_id, **options))

    async def knock(self, connection_id: str, user_id: str, room_id: str, **options: Any) -> Knocking:
        """`origin` as in `join`."""
        joiner = self._joiner(connection_id, user_id, options)
        return await self.rooms.door.knock(joiner, Knock(room_id=room_id, **options))

    def _joiner(self, connection_id: str, user_id: str, options: dict[str, Any]) -> Joiner:
        self.user(user_id)
        origin: Origin = options.pop("origin", UNKNOWN_ORIGIN)
        return Joiner(connection_id, user_id, origin=origin)

    async def act(self, connection_id: str, event: str, **payload: Any) -> Any:
        """Call the action of the client event, as signalling does; returns the ack."""
        return await self.rooms.actions[event](connection_id, CLIENT_EVENTS[event].payload(**payload))

    async def seat(self, connection_id: str, user_id: str, room_id: str, **options: Any) -> str:
        """Join and have media; the participant's id."""
        joined = await self.join(connection_id, user_id, room_id, **options)
        await self.connect(joined.participant_id)
        return joined.participant_id

    async def connect(self, participant_id: str) -> None:
        """The participant has media."""
        self.rooms.media_events.media_state(participant_id, "connected")
        await self.settle()

    async def tutor(self, connection_id: str, room_id: str) -> str:
        """The tutor takes its seat and has media; the participant's id."""
        joiner = Joiner(connection_id, "tutor", is_tutor=True)
        joined = await self.rooms.membership.join(joiner, Join(room_id=room_id))
        participant_id = joined.participant_id
        self.rooms.media_events.media_state(participant_id, "connected")
        await self.settle()
        return participant_id

    async def block(self, blocker: str, blocked: str, *, on: bool = True) -> None:
        """As after the store and the message of the bus."""
        (self.blocks.pairs.add if on else self.blocks.pairs.discard)((blocker, blocked))
        self.bus.publish(BLOCKS_TOPIC, {"blocker": blocker, "blocked": blocked, "on": on})
        await self.settle()

    async def settle(self) -> None:
        """Wait until every room has processed its mailbox."""
        for opened in self.open_rooms.all():
            with contextlib.suppress(ParlorError):
                await opened.mailbox.run(_nothing)
        await asyncio.sleep(0)

    async def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.rooms.tick()
        await self.settle()
        await self.settle()

    def view(self, room_id: str) -> entities.Room:
        return self.open_rooms.get(room_id).room.view()

    def member(self, room_id: str, user_id: str) -> entities.Participant:
        return next(p for p in self.view(room_id).participants if p.user_id == user_id)

    def stored_seat(self, participant_id: str) -> SeatRecord:
        return next(s for s in self.store.seats.values() if s.id == participant_id)

    async def lose(self, connection_id: str) -> None:
        self.rooms.connection_lost(connection_id)
        await self.settle()


async def _nothing() -> None:
    pass
