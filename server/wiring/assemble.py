"""Constructs the parts of a server and connects them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from aiohttp import web

from server import api
from server.accounts.service import Accounts
from server.api.avatars.uploads import Avatars
from server.api.clients import OriginPolicy, client_ip
from server.api.devices import Devices
from server.api.rate_limits import RateLimits
from server.api.services import Health, Services
from server.auth import TokenAuth, load_secret
from server.cluster.member import Member
from server.cluster.memory import MemoryBus
from server.config import DAY_S, Config
from server.courses.folder import Courses
from server.errors import StartupError
from server.guest_retention import GuestRetention
from server.knowledge.embeddings import EmbeddingsApi
from server.knowledge.service import KnowledgeBases
from server.learning.classes import HeardClasses
from server.learning.memories import Memories
from server.learning.mistakes import Mistakes
from server.learning.words import Words
from server.metrics import Metrics
from server.moderation.gate import Gate
from server.moderation.service import Moderation
from server.moderation.text_rules import TextRules
from server.people.service import People
from server.protocol.entities import Presence
from server.readiness import Readiness
from server.rooms.effects import Effects
from server.rooms.lobby import Lobby, OnlineUsers
from server.rooms.model import user_of
from server.rooms.persistence import Persistence
from server.rooms.ports import Bus
from server.rooms.runtime import OpenRooms
from server.rooms.service import RoomsService
from server.rooms.tutor_events import TutorEvents
from server.sessions import SESSION_ENDED_TOPIC, Sessions
from server.sfu import SfuNode
from server.shared_runs import SharedRuns
from server.signalling import Connections, Signalling
from server.signalling.agents import AgentNamespace
from server.storage import (
    AudioFiles,
    AudioObjects,
    Database,
    NodeLease,
    SqlAccountStore,
    SqlAvatarStore,
    SqlClassStore,
    SqlConversationStore,
    SqlExport,
    SqlKnowledgeStore,
    SqlMemoryStore,
    SqlMistakeStore,
    SqlOneTimeStore,
    SqlProgressStore,
    SqlRoomStore,
    SqlSanctionStore,
    SqlScheduleStore,
    SqlSessionStore,
    SqlStoredValues,
    SqlUserStore,
    SqlWordStore,
    database_name,
    open_bucket,
)
from server.telemetry import Telemetry
from server.tutor.ports import AudioStore
from server.tutor.server_list import ServerList
from server.tutor.service import Stores, TutorService
from server.wiring.accounts import accounts_of
from server.wiring.cluster import Shared, has_died, member_of_cluster, servers_for_workers, shared_state
from server.wiring.moderation import Effects as ModerationEffects
from server.wiring.moderation import moderation_of, privacy_facts, standings_of
from server.wiring.notices import NoticeParts, notices_of
from server.wiring.options import (
    fresh_ice_servers,
    host_policy,
    is_proxied,
    rooms_settings,
    sfu_options,
    signalling_options,
)
from server.wiring.people import people_of
from server.wiring.progress import ProgressParts, progress_of
from server.wiring.schedule import ScheduleParts, schedule_of
from server.wiring.voice import voice_gateway

USER_CHANGED_TOPIC = "users.changed"
USER_DELETED_TOPIC = "users.deleted"


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
    guests: GuestRetention
    notices: NoticeParts
    moderation: Moderation
    progress: ProgressParts
    schedule: ScheduleParts
    tutor_service: TutorService
    health: Health
    application: web.Application
    agent_token: str


def new_node_id(config: Config) -> str:
    """Of one start of the server: its name, and a random part."""
    return "-".join(filter(None, (config.node_name, secrets.token_hex(4))))


def assemble(config: Config, node_id: str = "") -> Components:  # noqa: PLR0915 - one statement for each part
    """Construct and connect the components; none of them is started. Without `node_id` it is a new one.
    Raises StartupError."""
    node_id = node_id or new_node_id(config)
    metrics = Metrics()
    secret = _secret(config, config.secret.get_secret_value(), "secret")
    shared = shared_state(config, secret, node_id, metrics.registry) if config.redis_url else None
    devices = Devices(secret, config.trusted_proxies, is_https=config.public_url.startswith("https://"))
    agent_token = _secret(config, config.agent_token.get_secret_value(), "agent-token")
    origins = OriginPolicy(config.public_url, config.allowed_origins)
    database = Database(config.database)
    users = SqlUserStore(database)
    avatar_store = SqlAvatarStore(database)
    readiness = Readiness(database.probe, time.monotonic)
    health = Health(node_id, readiness.check, "starting")
    avatars = Avatars(avatar_store)
    sfu = SfuNode(sfu_options(config))
    options = signalling_options(config)
    connections = Connections(
        options,
        origin_allowed=lambda origin, request: origins.allows(origin, request.host),
        client_ip=lambda request: client_ip(request, config.trusted_proxies),
    )
    settings_of_rooms = rooms_settings(config, node_id)
    bus: Bus = shared.bus if shared else MemoryBus()
    buckets = shared.buckets if shared else None
    sessions = Sessions(
        TokenAuth(secret, config.token_ttl_s),
        SqlSessionStore(database),
        users,
        bus,
        time.time,
        Gate(SqlSanctionStore(database), time.time, config.contact),
    )
    room_store = SqlRoomStore(
        database,
        node_id,
        by_lease=not config.redis_url,
        observe=shared.metrics.ownership if shared else None,
    )
    lobby = Lobby(bus, connections.lobby, settings_of_rooms.lobby_interval_s, node_id, room_store.epoch_of)
    persistence = Persistence(room_store, time.monotonic, settings_of_rooms)
    open_rooms = OpenRooms(room_store.owner_of, node_id)
    effects = Effects(open_rooms, sfu, connections.rooms, lobby, persistence, time.monotonic)
    runs = SharedRuns(database.lock, SqlStoredValues(database), time.time)
    notices = notices_of(config, database, bus, connections.pages, runs, time.time)
    progress = progress_of(database, open_rooms, users, notices.notices, runs, time.time)
    mistakes = Mistakes(SqlMistakeStore(database), users, time.time, progress.practice.mended)
    words = Words(SqlWordStore(database), users, time.time)
    memories = Memories(SqlMemoryStore(database), mistakes, words, time.time)
    courses, class_store = Courses(config.courses_dir, time.monotonic), SqlClassStore(database)
    knowledge = KnowledgeBases(SqlKnowledgeStore(database), _embeddings(config), time.time)
    stores = Stores(
        SqlConversationStore(database, node_id),
        SqlProgressStore(database),
        _audio_store(config),
        users,
        memories,
        class_store,
    )
    tutor_events = TutorEvents(open_rooms, effects)
    tutor_service = TutorService(
        tutor_events,
        connections.workers,
        stores,
        metrics.registry,
        time.time,
        audio_ttl_s=config.audio_ttl_days * DAY_S,
        servers=ServerList(config.node_name if shared else "", lambda: servers_for_workers(cluster)),
        run_shared=runs.run,
        practised=progress.awards.touch,
        has_died=lambda other: has_died(cluster, other),
    )
    people = people_of(
        database,
        bus,
        connections=connections,
        lobby=lobby,
        online=lambda: rooms.online.shown_to_friends(),  # noqa: PLW0108 - it is constructed later
        rooms=open_rooms,
        effects=effects,
        notices=notices.notices,
        runs=runs,
        node_id=node_id,
        clock=time.time,
        met=progress.awards.touch,
    )
    rooms = RoomsService(
        open_rooms,
        effects,
        persistence,
        users=users,
        media=sfu,
        event_sink=connections.rooms,
        lobby=lobby,
        online=OnlineUsers(
            bus, connections.lobby, node_id, time.monotonic, settings_of_rooms.online_interval_s
        ),
        clock=time.monotonic,
        wall_clock=time.time,
        settings=settings_of_rooms,
        tutors=tutor_service.dispatcher,
        bus=bus,
        blocks=people.blocks,
        buckets=buckets,
        clean_text=TextRules(config.bad_words).clean,
        standing_of=standings_of(database, time.time).for_rooms,
        ice_servers=lambda user_id: fresh_ice_servers(config, user_id),
        observe_join=_observe_join(metrics, shared),
        practice=progress.meter,
    )
    moderation = moderation_of(
        database,
        users,
        bus,
        runs,
        ModerationEffects(
            # Both are constructed later.
            [lambda *banned: signalling.cut_banned(*banned), lambda *banned: voices.cut_banned(*banned)],  # noqa: PLW0108
            rooms,
            connections,
        ),
        recent_messages=rooms.chat.recent_messages,
        clock=time.time,
    )
    cluster = (
        member_of_cluster(config, secret, health, rooms, open_rooms, room_store, shared=shared)
        if shared
        else None
    )
    schedule = schedule_of(
        config.public_url,
        SqlScheduleStore(database),
        rooms.events,
        notices.notices,
        bus,
        connections.lobby,
        is_guest=SqlAccountStore(database).is_guest,
        run_shared=runs.run,
        clock=time.time,
        clean_text=TextRules(config.bad_words).clean,
        require_words=moderation.standings.require_words,
    )
    services = Services(
        users=users,
        rooms=rooms.directory,
        page_closed=rooms.membership.page_closed,
        user_changed=lambda user: bus.publish(USER_CHANGED_TOPIC, asdict(user)),
        user_deleted=lambda user_id: bus.publish(USER_DELETED_TOPIC, {"user_id": user_id}),
        count_online=rooms.online.count,
        tutor_languages=tutor_service.dispatcher.jobs.languages,
        devices=devices,
        sessions=sessions,
        accounts=accounts_of(
            config.public_url,
            SqlAccountStore(database),
            SqlOneTimeStore(database),
            SqlExport(database),
            time.time,
            config=config,
            buckets=buckets,
        ),
        avatars=avatars,
        health=health,
        metrics=metrics,
        limits=RateLimits(config.rate_limit, config.sign_ups_per_address, buckets),
        clock=time.time,
        clean_text=TextRules(config.bad_words).clean,
        trusted_proxies=config.trusted_proxies,
        is_proxied=is_proxied(config),
        metrics_token=config.metrics_token.get_secret_value(),
        tutoring=rooms.tutor,
        conversations=tutor_service.conversations,
        mistakes=mistakes,
        words=words,
        memories=memories,
        knowledge=knowledge,
        courses=courses,
        notices=notices.notices,
        push=notices.push,
        people=people,
        progress=progress.progress,
        heard_classes=HeardClasses(class_store),
        moderation=moderation,
        schedule=schedule.schedule,
        privacy=privacy_facts(config),
        agent_token=agent_token,
        locate=cluster.takeover.locate if cluster else None,
        pass_on=cluster.pass_on if cluster else None,
        place=cluster.placement.place if cluster else None,
    )
    app = web.Application()
    api.attach(app, services, origins, config.web_dir, config.public_url, hosts=host_policy(config))
    if cluster is not None:
        cluster.attach(app)
    signalling = Signalling(
        connections,
        rooms,
        AgentNamespace(
            tutor_service.dispatcher, tutor_service.agent_events, tutor_service.voices, agent_token
        ),
        sessions=sessions,
        users=users,
        options=options,
        hidden=people.hidden,
        origin_of=devices.origin_of,
        observe=lambda namespace, event, outcome, _seconds: metrics.socket_event(namespace, event, outcome),
    )
    voices = voice_gateway(
        app,
        config,
        tutor_service.voices,
        bus,
        sessions=sessions,
        users=users,
        bases=knowledge,
        origins=origins,
        origin_of=devices.origin_of,
        registry=metrics.registry,
        node_id=node_id,
        agent_token=agent_token,
    )
    # After the voice sessions: at the end, workers stay connected until the last words are stored.
    signalling.add_routes(app, *([f"/n/{config.node_name}"] if config.node_name else []))
    _follow(bus, signalling, rooms, people)
    return Components(
        database=database,
        lease=NodeLease(database, node_id, config.data_dir / "nodes", config.node_name),
        cluster=cluster,
        readiness=readiness,
        accounts=services.accounts,
        avatars=avatars,
        avatar_store=avatar_store,
        knowledge=knowledge,
        courses=courses,
        people=people,
        sfu=sfu,
        rooms=rooms,
        signalling=signalling,
        telemetry=Telemetry(metrics, rooms, sfu),
        guests=GuestRetention(users, runs, time.time, config.guest_ttl_days * DAY_S),
        notices=notices,
        moderation=moderation,
        progress=progress,
        schedule=schedule,
        tutor_service=tutor_service,
        health=health,
        application=app,
        agent_token=agent_token,
    )


def _follow(bus: Bus, signalling: Signalling, rooms: RoomsService, people: People) -> None:
    """Sign-outs, edited and deleted profiles, of this server too."""
    bus.subscribe(
        SESSION_ENDED_TOPIC,
        lambda ended: signalling.end_session(str(ended["user_id"]), str(ended["session_digest"])),
    )

    def changed(values: Mapping[str, object]) -> None:
        user = user_of(values)
        rooms.user_changed(user)
        if user.presence is Presence.NOBODY:
            people.presence.hide(user.id)

    bus.subscribe(USER_CHANGED_TOPIC, changed)
    bus.subscribe(USER_DELETED_TOPIC, lambda deleted: rooms.user_deleted(str(deleted["user_id"])))


def _observe_join(metrics: Metrics, shared: Shared | None) -> Callable[[str, float], None]:
    def observe(room_id: str, seconds: float) -> None:
        metrics.joined(seconds)
        if shared is not None:
            shared.metrics.connected(room_id)

    return observe


def _audio_store(config: Config) -> AudioStore:
    database = database_name(config.database, config.data_dir)
    if not config.files_url:
        return AudioFiles(config.data_dir / "audio", database)
    key_id, secret = (s.get_secret_value() for s in (config.files_key_id, config.files_secret))
    return AudioObjects(open_bucket(config.files_url, key_id, secret), database)


def _embeddings(config: Config) -> EmbeddingsApi | None:
    if not config.embeddings_url:
        return None
    key = config.embeddings_key.get_secret_value()
    return EmbeddingsApi(config.embeddings_url, key, config.embeddings_model)


def _secret(config: Config, configured: str, name: str) -> str:
    try:
        return load_secret(config.data_dir, configured, name)
    except (OSError, ValueError) as error:
        raise StartupError(str(error)) from error
