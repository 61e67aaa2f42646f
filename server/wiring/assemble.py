"""Constructs the parts of a server and connects them: step by step, each built on those before it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from server import api
from server.accounts.service import Accounts
from server.api.avatars.uploads import Avatars
from server.api.services import Health
from server.cluster.member import Member
from server.common.durations import DAY_S
from server.config import Config
from server.courses.folder import Courses
from server.guest_retention import GuestRetention
from server.knowledge.service import KnowledgeBases
from server.moderation.service import Moderation
from server.moderation.text_rules import TextRules
from server.people.service import People
from server.protocol.entities import Presence
from server.readiness import Readiness
from server.rooms.model import user_of
from server.rooms.service import RoomsService
from server.sessions import SESSION_ENDED_TOPIC
from server.sfu import SfuNode
from server.signalling import Signalling
from server.signalling.agents import AgentNamespace
from server.storage import (
    Database,
    LogEmptying,
    NodeLease,
    SqlAccountStore,
    SqlAvatarStore,
    SqlScheduleStore,
)
from server.telemetry import Telemetry
from server.tutor.service import TutorService
from server.wiring.cluster import has_died, member_of_cluster, servers_for_workers
from server.wiring.common import CommonParts, common_parts, new_node_id
from server.wiring.learning import learning_of
from server.wiring.moderation import Effects as ModerationEffects
from server.wiring.moderation import moderation_of
from server.wiring.notices import NoticeParts, notices_of
from server.wiring.options import host_policy
from server.wiring.people import people_of
from server.wiring.progress import ProgressParts, progress_of
from server.wiring.rooms import room_parts, rooms_of
from server.wiring.schedule import ScheduleParts, schedule_of
from server.wiring.services import USER_CHANGED_TOPIC, USER_DELETED_TOPIC, Areas, services_of
from server.wiring.tutor import tutor_of
from server.wiring.voice import voice_gateway


@dataclass(frozen=True, slots=True)
class Components:
    """The components that the process starts and closes, and the application that serves them. `cluster` is
    None for a server that shares no rooms with others."""

    database: Database
    lease: NodeLease
    cluster: Member | None
    readiness: Readiness
    accounts: Accounts
    avatars: Avatars
    avatar_store: SqlAvatarStore
    knowledge: KnowledgeBases
    courses: Courses
    people: People
    sfu: SfuNode
    rooms: RoomsService
    signalling: Signalling
    telemetry: Telemetry
    log_emptying: LogEmptying
    guests: GuestRetention
    notices: NoticeParts
    moderation: Moderation
    progress: ProgressParts
    schedule: ScheduleParts
    tutor_service: TutorService
    health: Health
    application: web.Application
    agent_token: str

    async def start_lease(self) -> None:
        """Raises OSError, Unavailable, StartupError."""
        await self.lease.start(None if self.cluster is None else self.cluster.has_ended)


def assemble(config: Config, node_id: str = "") -> Components:
    """Construct and connect the components; none of them is started. Without `node_id` it is a new one.
    Raises StartupError."""
    common = common_parts(config, node_id or new_node_id(config))
    database, users, bus, runs = common.database, common.users, common.bus, common.runs
    avatar_store = SqlAvatarStore(database)
    parts = room_parts(common)

    # Parts to which rooms and the tutor report
    notices = notices_of(config, database, bus, common.connections.pages, runs, time.time)
    progress = progress_of(database, parts.open_rooms, users, notices.notices, runs, time.time)
    learning = learning_of(common, progress.practice.mended)
    tutors = tutor_of(
        common,
        parts,
        learning,
        practised=progress.awards.touch,
        # The cluster is constructed later.
        servers=lambda: servers_for_workers(cluster),
        has_died=lambda other: has_died(cluster, other),
    )
    people = people_of(
        database,
        bus,
        connections=common.connections,
        lobby=parts.lobby,
        online=parts.online.shown_to_friends,
        rooms=parts.open_rooms,
        effects=parts.effects,
        notices=notices.notices,
        runs=runs,
        node_id=common.node_id,
        clock=time.time,
        met=progress.awards.touch,
    )

    # Rooms, and what acts on them
    rooms = rooms_of(common, parts, tutors, people, progress.meter)
    moderation = moderation_of(
        database,
        users,
        bus,
        runs,
        ModerationEffects(
            # Both are constructed later.
            [lambda *banned: signalling.cut_banned(*banned), lambda *banned: voices.cut_banned(*banned)],  # noqa: PLW0108
            rooms,
            common.connections,
        ),
        recent_messages=rooms.chat.recent_messages,
        clock=time.time,
    )
    cluster = (
        member_of_cluster(
            config, common.secret, common.health, rooms, parts.open_rooms, parts.store, shared=common.shared
        )
        if common.shared
        else None
    )
    schedule = schedule_of(
        config.public_url,
        SqlScheduleStore(database),
        rooms.events,
        notices.notices,
        bus,
        common.connections.lobby,
        is_guest=SqlAccountStore(database).is_guest,
        run_shared=runs.run,
        clock=time.time,
        clean_text=TextRules(config.bad_words).clean,
        require_words=moderation.standings.require_words,
    )

    # Transport: REST, sockets of pages and workers, sockets of voice clients
    areas = Areas(
        rooms=rooms,
        tutors=tutors,
        learning=learning,
        progress=progress,
        notices=notices,
        people=people,
        moderation=moderation,
        schedule=schedule,
        avatars=Avatars(avatar_store),
        cluster=cluster,
    )
    services = services_of(common, areas)
    app = web.Application()
    api.attach(app, services, common.origins, config.web_dir, config.public_url, hosts=host_policy(config))
    if cluster is not None:
        cluster.attach(app)
    signalling = _signalling(common, areas)
    voices = voice_gateway(
        app,
        config,
        tutors.voices,
        bus,
        sessions=common.sessions,
        users=users,
        bases=learning.knowledge,
        origins=common.origins,
        origin_of=common.devices.origin_of,
        registry=common.metrics.registry,
        node_id=common.node_id,
        agent_token=common.agent_token,
    )
    # After the voice sessions: at the end, workers stay connected until the last words are stored.
    signalling.add_routes(app, *([f"/n/{config.node_name}"] if config.node_name else []))
    _follow_users(common, signalling, areas)
    return Components(
        database=database,
        lease=NodeLease(database, common.node_id, config.data_dir / "nodes", config.node_name),
        cluster=cluster,
        readiness=common.readiness,
        accounts=services.accounts,
        avatars=areas.avatars,
        avatar_store=avatar_store,
        knowledge=learning.knowledge,
        courses=learning.courses,
        people=people,
        sfu=parts.sfu,
        rooms=rooms,
        signalling=signalling,
        telemetry=Telemetry(common.metrics, rooms, parts.sfu),
        log_emptying=LogEmptying(database),
        guests=GuestRetention(users, runs, time.time, config.guest_ttl_days * DAY_S),
        notices=notices,
        moderation=moderation,
        progress=progress,
        schedule=schedule,
        tutor_service=tutors,
        health=common.health,
        application=app,
        agent_token=common.agent_token,
    )


def _signalling(common: CommonParts, areas: Areas) -> Signalling:
    tutors, metrics = areas.tutors, common.metrics
    return Signalling(
        common.connections,
        areas.rooms,
        AgentNamespace(tutors.dispatcher, tutors.agent_events, tutors.voices, common.agent_token),
        sessions=common.sessions,
        users=common.users,
        options=common.options,
        hidden=areas.people.hidden,
        origin_of=common.devices.origin_of,
        observe=lambda namespace, event, outcome, _seconds: metrics.socket_event(namespace, event, outcome),
    )


def _follow_users(common: CommonParts, signalling: Signalling, areas: Areas) -> None:
    """Follow sign-outs, edited and deleted profiles, those on this server too."""
    rooms, presence = areas.rooms, areas.people.presence

    def signed_out(ended: Mapping[str, object]) -> None:
        signalling.end_session(str(ended["user_id"]), str(ended["session_digest"]))

    def changed(values: Mapping[str, object]) -> None:
        user = user_of(values)
        rooms.user_changed(user)
        if user.presence is Presence.NOBODY:
            presence.hide(user.id)

    common.bus.subscribe(SESSION_ENDED_TOPIC, signed_out)
    common.bus.subscribe(USER_CHANGED_TOPIC, changed)
    common.bus.subscribe(USER_DELETED_TOPIC, lambda deleted: rooms.user_deleted(str(deleted["user_id"])))
