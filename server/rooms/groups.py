"""The groups of actions and what they share, built on each other. `service.py` gives them a life."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from server.common.shared_limiter import SharedBuckets
from server.protocol.rooms import CLIENT_EVENTS
from server.rooms.actions import Action, actions_of
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
from server.rooms.lobby import Lobby
from server.rooms.media import MediaActions
from server.rooms.membership import Membership
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
    UserStore,
    WallClock,
    as_it_is,
    in_good_standing,
)
from server.rooms.runtime import OpenRooms
from server.rooms.shares import RoomShares, TutorShares
from server.rooms.tutor import TutorActions
from server.rooms.tutor_jobs import TutorReconciler
from server.rooms.tutor_ports import Tutors
from server.rooms.upkeep import Upkeep
from server.rooms.voice_consent import VoiceConsent

NEED_JOINER = frozenset({"join", "knock"})
"""Events of connections without a seat: their methods need to know the connection's user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPorts:
    """Implementations of the ports of the rooms. `observe_join`: as in `MediaActions`. `buckets`: rate limits
    that hold over all servers; None on a server that is alone."""

    users: UserStore
    media: Media
    event_sink: EventSink
    tutors: Tutors
    bus: Bus
    blocks: BlockReader
    clock: Clock
    wall_clock: WallClock
    settings: RoomsSettings
    buckets: SharedBuckets | None = None
    clean_text: CleanText = as_it_is
    standing_of: StandingOf = in_good_standing
    ice_servers: IceServers = lambda _user_id: []
    observe_join: Callable[[str, float], None] = lambda _room_id, _seconds: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """`actions` has the method of each client event but those of `NEED_JOINER`. `claims`: whose the rooms and
    the tutors of the other servers are."""

    actions: Mapping[str, Action]
    chat: Chatting
    claims: tuple[SharedClaims, ...]
    controls: Controls
    directory: Directory
    door: Door
    events: EventRooms
    keep_apart: KeepApart
    media_events: MediaActions
    membership: Membership
    moves: Moves
    reconciler: TutorReconciler
    tutor: TutorActions
    tutor_shares: TutorShares
    upkeep: Upkeep


def build_groups(
    rooms: OpenRooms, effects: Effects, persistence: Persistence, lobby: Lobby, ports: RoomPorts
) -> Groups:
    core = rooms, effects, persistence
    clock, wall_clock, clean_text, settings = ports.clock, ports.wall_clock, ports.clean_text, ports.settings
    of_rooms, of_tutors = (SharedClaims(ports.bus, topic, settings.node_id) for topic in CLAIM_TOPICS)
    tutor_shares = TutorShares(settings, of_tutors)
    keep_apart = KeepApart(rooms, effects, ports.blocks, ports.bus)
    entrance = Entrance(ports.standing_of, house_rules=settings.house_rules)

    membership = Membership(
        *core,
        keep_apart,
        users=ports.users,
        media=ports.media,
        event_sink=ports.event_sink,
        ice_servers=ports.ice_servers,
        clock=clock,
        wall_clock=wall_clock,
        settings=settings,
        entrance=entrance,
    )
    media_events = MediaActions(
        rooms,
        effects,
        media=ports.media,
        ice_servers=ports.ice_servers,
        clock=clock,
        observe_join=ports.observe_join,
    )
    reconciler = TutorReconciler(
        rooms, effects, membership, ports.tutors, tutor_shares, clock=clock, settings=settings
    )
    tutor = TutorActions(
        *core, membership, tutor_shares, reconciler=reconciler, wall_clock=wall_clock, clean_text=clean_text
    )
    controls = Controls(*core, membership, tutor, clock=clock, wall_clock=wall_clock)
    chat = Chatting(*core, clock=clock, wall_clock=wall_clock, clean_text=clean_text)
    door = Door(*core, keep_apart, ports.users, ports.event_sink, clock=clock, entrance=entrance)
    directory = Directory(
        rooms,
        lobby,
        persistence,
        RoomShares(settings, of_rooms, ports.buckets),
        tutor_shares,
        settings,
        keep_apart=keep_apart,
        clock=clock,
        wall_clock=wall_clock,
        clean_text=clean_text,
    )
    events = {name: event for name, event in CLIENT_EVENTS.items() if name not in NEED_JOINER}
    with_actions = (
        *(membership, controls, chat, door, media_events, tutor),
        Editing(rooms, effects, media_events, tutor, wall_clock, clean_text),
        ClubActions(rooms, effects, wall_clock, clean_text),
        VoiceConsent(*core),
    )
    return Groups(
        actions=actions_of(with_actions, events),
        chat=chat,
        claims=(of_rooms, of_tutors),
        controls=controls,
        directory=directory,
        door=door,
        events=EventRooms(rooms, effects, membership, directory, ports.bus, wall_clock),
        keep_apart=keep_apart,
        media_events=media_events,
        membership=membership,
        moves=Moves(*core, membership, tutors=ports.tutors, reconciler=reconciler, clock=clock),
        reconciler=reconciler,
        tutor=tutor,
        tutor_shares=tutor_shares,
        upkeep=Upkeep(*core, membership, clock=clock, wall_clock=wall_clock, settings=settings),
    )
