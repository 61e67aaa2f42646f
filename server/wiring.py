"""The composition root: the only place that constructs the concrete classes and connects them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, cast

from aiohttp import web

from server import api
from server.api.avatars.uploads import Avatars
from server.api.clients import OriginPolicy, client_ip, is_loopback_url
from server.api.devices import Devices
from server.api.rate_limits import RateLimits
from server.api.services import Health, Services
from server.auth import TokenAuth, load_secret
from server.cluster.member import Member, RoomsOfNode
from server.cluster.memory import MemoryBus
from server.cluster.metrics import ClusterMetrics
from server.cluster.redis_bus import RedisBus
from server.cluster.redis_link import RedisLink
from server.common.process import file_limit
from server.config import DAY_S, Config
from server.errors import StartupError
from server.guest_retention import GuestRetention
from server.http.limits import descriptor_limits, socket_limit
from server.learning.memories import Memories
from server.learning.mistakes import Mistakes
from server.learning.words import Words
from server.metrics import Metrics
from server.protocol.rooms import IceServer
from server.readiness import Readiness
from server.rooms.effects import Effects
from server.rooms.lobby import Lobby, OnlineUsers
from server.rooms.model import User
from server.rooms.persistence import Persistence
from server.rooms.ports import Bus, RoomsSettings
from server.rooms.runtime import OpenRooms
from server.rooms.service import RoomsService
from server.rooms.tutor_events import TutorEvents
from server.sessions import SESSION_ENDED_TOPIC, Sessions
from server.sfu import SfuNode, SfuOptions
from server.signalling import Connections, Signalling, SignallingOptions
from server.signalling.agents import AgentNamespace
from server.signalling.turn_credentials import ice_servers
from server.storage import (
    AudioFiles,
    AudioObjects,
    Database,
    NodeLease,
    SqlAvatarStore,
    SqlConversationStore,
    SqlMemoryStore,
    SqlMistakeStore,
    SqlProgressStore,
    SqlRoomStore,
    SqlSessionStore,
    SqlStoredValues,
    SqlUserStore,
    SqlWordStore,
    database_name,
    open_bucket,
)
from server.telemetry import Telemetry
from server.tutor.ports import AudioStore
from server.tutor.service import Stores, TutorService

USER_CHANGED_TOPIC = "users.changed"


@dataclass(frozen=True, slots=True)
class Components:
    """The components that the process starts and closes, and the application that serves them. `cluster` is
    None for a server that shares no rooms with others."""

    database: Database
    lease: NodeLease
    cluster: Member | None
    readiness: Readiness
    avatars: Avatars
    avatar_store: SqlAvatarStore
    sfu: SfuNode
    rooms: RoomsService
    signalling: Signalling
    telemetry: Telemetry
    guests: GuestRetention
    tutor_service: TutorService
    health: Health
    application: web.Application
    agent_token: str


def new_node_id(config: Config) -> str:
    """Of one start of the server: its name, and a random part."""
    return "-".join(filter(None, (config.node_name, secrets.token_hex(4))))


def assemble(config: Config, node_id: str = "") -> Components:
    """Construct and connect the components; none of them is started. Without `node_id` it is a new one.
    Raises StartupError."""
    node_id = node_id or new_node_id(config)
    metrics = Metrics()
    shared = ClusterMetrics(metrics.registry, time.monotonic) if config.redis_url else None
    secret = _secret(config, config.secret.get_secret_value(), "secret")
    auth = TokenAuth(secret, config.token_ttl_s)
    devices = Devices(secret, config.trusted_proxies, is_https=config.public_url.startswith("https://"))
    agent_token = _secret(config, config.agent_token.get_secret_value(), "agent-token")
    origins = OriginPolicy(config.public_url, config.allowed_origins)
    database = Database(config.database)
    users = SqlUserStore(database)
    avatar_store = SqlAvatarStore(database)
    readiness = Readiness(database.probe, time.monotonic)
    health = Health(node_id, readiness.check, "starting")
    avatars = Avatars(avatar_store)
    sfu = SfuNode(_sfu_options(config))
    options = SignallingOptions(
        rate_limit=config.rate_limit,
        max_sockets=socket_limit(descriptor_limits(config.http_limits, file_limit())),
        max_sockets_per_address=config.max_sockets_per_address,
    )
    connections = Connections(
        options,
        origin_allowed=lambda origin, request: origins.allows(origin, request.host),
        client_ip=lambda request: client_ip(request, config.trusted_proxies),
    )
    rooms_settings = _rooms_settings(config, node_id)
    shared_bus = RedisBus(config.redis_url, node_id, shared.bus_lag) if shared else None
    bus: Bus = shared_bus or MemoryBus()
    sessions = Sessions(auth, SqlSessionStore(database), users, bus, time.time)
    lobby = Lobby(bus, connections.lobby, rooms_settings.lobby_interval_s, node_id)
    room_store = SqlRoomStore(
        database, node_id, by_lease=not config.redis_url, observe=shared.ownership if shared else None
    )
    persistence = Persistence(room_store, time.monotonic, rooms_settings)
    open_rooms = OpenRooms(room_store.owner_of, node_id)
    effects = Effects(open_rooms, sfu, connections.rooms, lobby, persistence, time.monotonic)
    mistakes = Mistakes(SqlMistakeStore(database), users, time.time)
    words = Words(SqlWordStore(database), users, time.time)
    memories = Memories(SqlMemoryStore(database), mistakes, words, time.time)
    stores = Stores(
        SqlConversationStore(database),
        SqlProgressStore(database),
        _audio_store(config),
        users,
        memories,
    )
    audio_ttl_s = config.audio_ttl_days * DAY_S
    tutor_events = TutorEvents(open_rooms, effects)
    tutor_service = TutorService(
        tutor_events, connections.workers, stores, metrics.registry, time.time, audio_ttl_s
    )
    rooms = RoomsService(
        open_rooms,
        effects,
        persistence,
        users=users,
        media=sfu,
        event_sink=connections.rooms,
        lobby=lobby,
        online=OnlineUsers(bus, connections.lobby, node_id, time.monotonic, rooms_settings.online_interval_s),
        clock=time.monotonic,
        wall_clock=time.time,
        settings=rooms_settings,
        tutors=tutor_service.dispatcher,
        ice_servers=lambda user_id: _ice_servers(config, user_id),
        observe_join=_observe_join(metrics, shared),
    )
    cluster = (
        _cluster(config, secret, health, rooms, room_store, bus=shared_bus, metrics=shared)
        if shared_bus and shared
        else None
    )
    services = Services(
        users=users,
        rooms=rooms.directory,
        page_closed=rooms.membership.page_closed,
        user_changed=lambda user: bus.publish(USER_CHANGED_TOPIC, asdict(user)),
        count_online=rooms.online.count,
        tutor_languages=tutor_service.dispatcher.jobs.languages,
        devices=devices,
        sessions=sessions,
        avatars=avatars,
        health=health,
        metrics=metrics,
        limits=RateLimits(config.rate_limit, config.sign_ups_per_address),
        clock=time.time,
        trusted_proxies=config.trusted_proxies,
        is_proxied=_is_proxied(config),
        metrics_token=config.metrics_token.get_secret_value(),
        tutoring=rooms.tutor,
        conversations=tutor_service.conversations,
        mistakes=mistakes,
        words=words,
        memories=memories,
        agent_token=agent_token,
        locate=cluster.takeover.locate if cluster else None,
        pass_on=cluster.pass_on if cluster else None,
    )
    app = web.Application()
    api.attach(app, services, origins, config.web_dir, config.public_url)
    if cluster is not None:
        cluster.attach(app)
    signalling = Signalling(
        connections,
        rooms,
        AgentNamespace(tutor_service.dispatcher, tutor_service.agent_events, agent_token),
        sessions=sessions,
        users=users,
        options=options,
        origin_of=devices.origin_of,
        observe=lambda namespace, event, outcome, _seconds: metrics.socket_event(namespace, event, outcome),
    )
    signalling.add_routes(app, *([f"/n/{config.node_name}"] if config.node_name else []))
    bus.subscribe(
        SESSION_ENDED_TOPIC,
        lambda ended: signalling.end_session(str(ended["user_id"]), str(ended["session_id"])),
    )
    bus.subscribe(USER_CHANGED_TOPIC, lambda changed: rooms.user_changed(User(**cast("Any", changed))))
    telemetry = Telemetry(metrics, rooms, sfu)
    ttl_s = config.guest_ttl_days * DAY_S
    guests = GuestRetention(users, SqlStoredValues(database), time.time, ttl_s)
    return Components(
        database=database,
        lease=NodeLease(database, node_id, config.data_dir / "nodes", config.node_name),
        cluster=cluster,
        readiness=readiness,
        avatars=avatars,
        avatar_store=avatar_store,
        sfu=sfu,
        rooms=rooms,
        signalling=signalling,
        telemetry=telemetry,
        guests=guests,
        tutor_service=tutor_service,
        health=health,
        application=app,
        agent_token=agent_token,
    )


def _observe_join(metrics: Metrics, shared: ClusterMetrics | None) -> Callable[[str, float], None]:
    def observe(room_id: str, seconds: float) -> None:
        metrics.joined(seconds)
        if shared is not None:
            shared.connected(room_id)

    return observe


def _cluster(
    config: Config,
    secret: str,
    health: Health,
    rooms: RoomsService,
    store: SqlRoomStore,
    *,
    bus: RedisBus,
    metrics: ClusterMetrics,
) -> Member:
    async def adopt(room_id: str, epoch: int) -> None:
        await rooms.adopt(room_id, epoch)
        metrics.taken_over(room_id)

    of_node = RoomsOfNode(
        owner_of=store.owner_of,
        find_elsewhere=rooms.directory.find_elsewhere,
        adopt=adopt,
        find_lost=rooms.find_lost,
        rooms_of=store.rooms_of,
        rooms_of_ended=store.rooms_of_ended,
        hand_over=rooms.hand_over,
    )
    return Member(
        RedisLink(config.redis_url, secret),
        bus,
        secret,
        node_id=health.node_id,
        url=config.url_for_clients or "",
        internal_url=config.internal_url,
        status=lambda: health.status,
        rooms=of_node,
        clock=time.monotonic,
        metrics=metrics,
    )


def _audio_store(config: Config) -> AudioStore:
    database = database_name(config.database, config.data_dir)
    if not config.files_url:
        return AudioFiles(config.data_dir / "audio", database)
    key_id, secret = (s.get_secret_value() for s in (config.files_key_id, config.files_secret))
    return AudioObjects(open_bucket(config.files_url, key_id, secret), database)


def _secret(config: Config, configured: str, name: str) -> str:
    try:
        return load_secret(config.data_dir, configured, name)
    except (OSError, ValueError) as error:
        raise StartupError(str(error)) from error


def _is_proxied(config: Config) -> bool:
    """Whether the settings show that a proxy forwards requests, so that loopback may be any client's address.

    A proxy that does not pass on the Host header needs its address in one of the two settings of URLs:
    otherwise the browser's Origin does not match and is refused.
    """
    urls = (config.public_url, *config.allowed_origins)
    return config.trusted_proxies > 0 or not all(is_loopback_url(url) for url in urls if url)


def _sfu_options(config: Config) -> SfuOptions:
    return SfuOptions(
        udp_host=config.udp_host,
        udp_port=config.udp_port,
        tcp_port=config.media_tcp_port,
        advertised_ips=config.advertised_ips,
        offer_loopback=config.on_loopback,
        red=config.red,
        fec=config.fec,
        nack=config.nack,
        forward_loudest=config.forward_loudest,
        forwarding=config.forwarding,
        media_threads=config.media_threads,
    )


def _ice_servers(config: Config, user_id: str) -> list[IceServer]:
    secret = config.turn_secret.get_secret_value()
    return ice_servers(config.turn_urls, secret, user_id, time.time(), config.turn_ttl_s)


def _rooms_settings(config: Config, node_id: str) -> RoomsSettings:
    is_limited = config.rate_limit > 0
    return RoomsSettings(
        node_id=node_id,
        node_url=config.url_for_clients,
        red=config.red,
        seat_grace_s=config.seat_grace_s,
        empty_room_ttl_s=config.empty_room_ttl_s,
        max_rooms=config.max_rooms,
        max_rooms_per_user=config.max_rooms_per_user,
        max_rooms_per_address=config.max_rooms_per_address if is_limited else 0,
        new_rooms_per_address=config.new_rooms_per_address * config.rate_limit,
        max_tutors_per_user=config.max_tutors_per_user if is_limited else 0,
        max_tutors_per_address=config.max_tutors_per_address if is_limited else 0,
        tutor_silence_s=config.silent_tutor_minutes * 60.0,
    )
