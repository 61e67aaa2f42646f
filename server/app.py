"""The composition root: the only place that wires concrete classes together."""

from __future__ import annotations

import logging
import os
import secrets
import ssl
import sys
import time
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import TypeVar

from aiohttp import web

from server import api
from server.api.avatars.files import AvatarFiles
from server.api.clients import OriginPolicy, client_ip, is_loopback_url
from server.api.services import Health, RateLimits, Services
from server.auth import TokenAuth, load_secret
from server.cluster.memory import MemoryBus
from server.config import DAY_S, Config
from server.errors import StartupError, Unavailable
from server.guest_retention import GuestRetention
from server.metrics import Metrics
from server.protocol.rooms import IceServer
from server.rooms.ports import RoomsSettings
from server.rooms.service import RoomsService
from server.sfu import SfuNode, SfuOptions
from server.signalling import Connections, Signalling, SignallingOptions
from server.signalling.agents import AgentNamespace
from server.signalling.turn import ice_servers
from server.storage import (
    AudioFiles,
    Database,
    SqlConversationStore,
    SqlProgressStore,
    SqlRoomStore,
    SqlSettings,
    SqlUserStore,
)
from server.telemetry import Telemetry
from server.tutor.service import Stores, TutorService
from server.tutor.supervisor import Supervisor

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What has a life of its own, what tells of it, and the application that serves it."""

    database: Database
    avatars: AvatarFiles
    sfu: SfuNode
    rooms: RoomsService
    signalling: Signalling
    telemetry: Telemetry
    guests: GuestRetention
    tutor_service: TutorService
    health: Health
    web: web.Application
    agent_token: str


class Parlor:
    """One server process. `start`, then `aclose`; `url` is where people open the page."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._stack = AsyncExitStack()
        self.url = ""

    async def start(self) -> None:
        """Raises StartupError, with what had been started closed again."""
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise

    async def aclose(self) -> None:
        """Tell everyone, close connections, keep seats in the store for the next start. Idempotent."""
        await self._stack.aclose()

    async def _start(self) -> None:
        config, stack = self._config, self._stack
        parts = _assembled(config)
        stack.push_async_callback(parts.database.aclose)
        stack.push_async_callback(parts.avatars.aclose)
        await _started(parts.database.start(), "the database cannot be used")
        await _started(parts.sfu.start(), f"media cannot use UDP port {config.udp_port} (PARLOR_UDP_PORT)")
        stack.push_async_callback(parts.sfu.aclose)
        parts.tutor_service.start()
        stack.push_async_callback(parts.tutor_service.aclose)
        await parts.rooms.start()
        stack.push_async_callback(parts.rooms.aclose)
        await parts.signalling.start()
        stack.push_async_callback(parts.signalling.aclose)
        parts.telemetry.start()
        stack.push_async_callback(parts.telemetry.aclose)
        parts.guests.start()
        stack.push_async_callback(parts.guests.aclose)
        port = await _started(self._listen(parts), f"HTTP cannot use port {config.port} (PARLOR_PORT)")
        self.url = config.public_url or _local_url(config, port)
        parts.health.status = "ok"
        stack.callback(_drain, parts)
        _log.info(
            "started",
            extra={"node": parts.health.node_id, "http_port": port, "udp_port": parts.sfu.udp_port},
        )

    async def _listen(self, parts: _Parts) -> int:
        config = self._config
        # The api logs requests itself; aiohttp's own log would repeat them, with invites in their query.
        runner = web.AppRunner(parts.web, access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, config.host, config.port, ssl_context=_tls(config))
        await site.start()
        port = int(runner.addresses[0][1])
        if config.agents:
            supervisor = _supervisor(config, await _url_for_workers(config, runner, port), parts.agent_token)
            supervisor.start()
            self._stack.push_async_callback(supervisor.aclose)
        return port


def _assembled(config: Config) -> _Parts:
    """Wired, and nothing of it running yet."""
    node_id = secrets.token_hex(4)
    metrics = Metrics()
    auth = TokenAuth(_secret(config, config.secret.get_secret_value(), "secret"), config.token_ttl_s)
    agent_token = _secret(config, config.agent_token.get_secret_value(), "agent-token")
    origins = OriginPolicy(config.public_url, config.allowed_origins)
    database = Database(config.database)
    users = SqlUserStore(database)
    health = Health(node_id, database.ping, "starting")
    avatars = AvatarFiles(config.data_dir / "avatars")
    sfu = SfuNode(_sfu_options(config))
    options = SignallingOptions(rate_limit=config.rate_limit)
    connections = Connections(
        options,
        origin_allowed=lambda origin, request: origins.allows(origin, request.host),
        client_ip=lambda request: client_ip(request, config.trusted_proxies),
    )
    rooms = RoomsService(
        store=SqlRoomStore(database),
        users=users,
        media=sfu,
        event_sink=connections.rooms,
        lobby_sink=connections.lobby,
        bus=MemoryBus(),
        clock=time.time,
        settings=_rooms_settings(config, node_id),
        ice_servers=lambda user_id: _ice_servers(config, user_id),
        joined=metrics.joined,
    )
    sfu.report_to(rooms.media_events)
    stores = Stores(
        SqlConversationStore(database),
        SqlProgressStore(database),
        AudioFiles(config.data_dir / "audio"),
        users,
    )
    audio_ttl_s = config.audio_ttl_days * DAY_S
    tutor_service = TutorService(rooms, connections.workers, stores, metrics.registry, time.time, audio_ttl_s)
    services = Services(
        users=users,
        rooms=rooms.directory,
        user_changed=rooms.user_changed,
        count_online=rooms.online.count,
        tutor_languages=tutor_service.dispatcher.jobs.languages,
        auth=auth,
        avatars=avatars,
        health=health,
        metrics=metrics,
        limits=RateLimits(config.rate_limit),
        clock=time.time,
        trusted_proxies=config.trusted_proxies,
        is_proxied=_is_proxied(config),
        metrics_token=config.metrics_token.get_secret_value(),
        tutoring=rooms.tutor,
        conversations=tutor_service.conversations,
        agent_token=agent_token,
    )
    app = web.Application()
    api.attach(app, services, origins, config.web_dir)
    signalling = Signalling(
        connections,
        rooms,
        AgentNamespace(tutor_service.dispatcher, tutor_service.agent_events, agent_token),
        verify=lambda token: auth.verify(token, time.time()),
        users=users,
        options=options,
        observe=lambda namespace, event, outcome, _seconds: metrics.socket_event(namespace, event, outcome),
    )
    signalling.add_routes(app)
    telemetry = Telemetry(metrics, rooms, sfu)
    ttl_s = config.guest_ttl_days * DAY_S
    guests = GuestRetention(users, avatars, SqlSettings(database), time.time, ttl_s)
    return _Parts(
        database, avatars, sfu, rooms, signalling, telemetry, guests, tutor_service, health, app, agent_token
    )


def _drain(parts: _Parts) -> None:
    parts.health.status = "draining"
    parts.rooms.drain()


async def _started(step: Awaitable[T], failure: str) -> T:
    try:
        return await step
    except (OSError, Unavailable) as error:
        raise StartupError(f"{failure}: {error.__cause__ or error}") from error


async def _url_for_workers(config: Config, runner: web.AppRunner, port: int) -> str:
    """Plain HTTP on loopback: a door of their own where people come in by TLS or by another address."""
    if config.tls_cert is None and (config.on_loopback or _is_wildcard(config.host)):
        return f"http://{'[::1]' if ':' in config.host else '127.0.0.1'}:{port}"
    known = set(runner.addresses)
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    ((_, own_port),) = set(runner.addresses) - known
    return f"http://127.0.0.1:{own_port}"


def _supervisor(config: Config, url: str, token: str) -> Supervisor:
    is_console = config.log_format == "console" or (config.log_format == "auto" and sys.stderr.isatty())
    log = {
        "PARLOR_TUTOR_LOG_LEVEL": config.log_level,
        "PARLOR_TUTOR_LOG_FORMAT": "console" if is_console else "json",
    }
    own = {name: value for name, value in log.items() if name not in os.environ}
    return Supervisor(config.agents, {**own, "PARLOR_TUTOR_SERVER_URL": url, "PARLOR_TUTOR_TOKEN": token})


def _secret(config: Config, configured: str, name: str) -> str:
    try:
        return load_secret(config.data_dir, configured, name)
    except (OSError, ValueError) as error:
        raise StartupError(str(error)) from error


def _tls(config: Config) -> ssl.SSLContext | None:
    if config.tls_cert is None or config.tls_key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(config.tls_cert, config.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise StartupError(f"PARLOR_TLS_CERT and PARLOR_TLS_KEY cannot be used: {error}") from error
    return context


def _local_url(config: Config, port: int) -> str:
    scheme = "https" if config.tls_cert else "http"
    host = "localhost" if config.on_loopback or _is_wildcard(config.host) else config.host
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def _is_proxied(config: Config) -> bool:
    """Whether the settings tell of a proxy in front, so that a request from loopback may be anybody's.

    A proxy that does not pass on the Host header needs its address in one of the two settings of URLs:
    otherwise the browser's Origin does not match and is refused.
    """
    urls = (config.public_url, *config.allowed_origins)
    return config.trusted_proxies > 0 or not all(is_loopback_url(url) for url in urls if url)


def _is_wildcard(host: str) -> bool:
    return host in ("", str(IPv4Address(0)), str(IPv6Address(0)))


def _sfu_options(config: Config) -> SfuOptions:
    return SfuOptions(
        udp_host=config.udp_host,
        udp_port=config.udp_port,
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
    return RoomsSettings(
        node_id=node_id,
        red=config.red,
        seat_grace_s=config.seat_grace_s,
        empty_room_ttl_s=config.empty_room_ttl_s,
        max_rooms=config.max_rooms,
        max_rooms_per_user=config.max_rooms_per_user,
    )
