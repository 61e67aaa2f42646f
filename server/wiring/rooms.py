"""Constructs the rooms and what carries out their decisions: media, events, writes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from server.metrics import Metrics
from server.moderation.text_rules import TextRules
from server.people.service import People
from server.rooms.effects import Effects
from server.rooms.groups import RoomPorts
from server.rooms.lobby import Lobby, OnlineUsers
from server.rooms.persistence import Persistence
from server.rooms.ports import RoomsSettings
from server.rooms.practice import PracticeMeter
from server.rooms.runtime import OpenRooms
from server.rooms.service import RoomsService
from server.sfu import SfuNode
from server.storage import SqlRoomStore
from server.tutor.service import TutorService
from server.wiring.cluster import Shared
from server.wiring.common import CommonParts
from server.wiring.moderation import standings_of
from server.wiring.options import fresh_ice_servers, rooms_settings, sfu_options


@dataclass(frozen=True, slots=True)
class RoomParts:
    """The parts that others use to read open rooms or act on them; the service itself is built last."""

    settings: RoomsSettings
    store: SqlRoomStore
    sfu: SfuNode
    lobby: Lobby
    online: OnlineUsers
    persistence: Persistence
    open_rooms: OpenRooms
    effects: Effects


def room_parts(common: CommonParts) -> RoomParts:
    settings = rooms_settings(common.config, common.node_id)
    store = SqlRoomStore(
        common.database,
        common.node_id,
        by_lease=not common.config.redis_url,
        observe=common.shared.metrics.ownership if common.shared else None,
    )
    sfu = SfuNode(sfu_options(common.config))
    sink = common.connections.lobby
    lobby = Lobby(common.bus, sink, settings.lobby_interval_s, common.node_id, store.epoch_of)
    online = OnlineUsers(common.bus, sink, common.node_id, time.monotonic, settings.online_interval_s)
    persistence = Persistence(store, time.monotonic, settings)
    open_rooms = OpenRooms(store.owner_of, common.node_id)
    effects = Effects(open_rooms, sfu, common.connections.rooms, lobby, persistence, time.monotonic)
    return RoomParts(settings, store, sfu, lobby, online, persistence, open_rooms, effects)


def rooms_of(
    common: CommonParts, parts: RoomParts, tutors: TutorService, people: People, practice: PracticeMeter
) -> RoomsService:
    config = common.config
    ports = RoomPorts(
        users=common.users,
        media=parts.sfu,
        event_sink=common.connections.rooms,
        tutors=tutors.dispatcher,
        bus=common.bus,
        blocks=people.blocks,
        clock=time.monotonic,
        wall_clock=time.time,
        settings=parts.settings,
        buckets=common.buckets,
        clean_text=TextRules(config.bad_words).clean,
        standing_of=standings_of(common.database, time.time).for_rooms,
        ice_servers=lambda user_id: fresh_ice_servers(config, user_id),
        observe_join=_observe_join(common.metrics, common.shared),
    )
    return RoomsService(
        parts.open_rooms,
        parts.effects,
        parts.persistence,
        parts.lobby,
        parts.online,
        ports,
        practice=practice,
    )


def _observe_join(metrics: Metrics, shared: Shared | None) -> Callable[[str, float], None]:
    def observe(room_id: str, seconds: float) -> None:
        metrics.joined(seconds)
        if shared is not None:
            shared.metrics.connected(room_id)

    return observe
