"""Signalling, put together: namespaces `/rooms`, `/lobby` and `/agents` on one Socket.IO server."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web
from socketio.exceptions import ConnectionRefusedError as Refused

from server.common.token_bucket import KeyedLimiter, TokenBucket
from server.errors import InvalidRequest, ParlorError, Unauthenticated, Unavailable
from server.protocol.agents import AGENT_EVENTS
from server.protocol.rooms import IceServer
from server.rooms.ports import Clock, UserStore
from server.rooms.service import RoomsService
from server.signalling.agents import AgentNamespace, WorkerConnections
from server.signalling.audience import LobbyWatchers, RoomConnections, UserConnections
from server.signalling.connection import Connection
from server.signalling.dispatch import Dispatcher
from server.signalling.handlers import Handlers
from server.signalling.handshake import Entry, Handshake, Verify
from server.signalling.options import SignallingOptions
from server.signalling.socket_server import Ack, SocketServer
from server.signalling.turn import ice_servers

ROOMS, LOBBY, AGENTS = "/rooms", "/lobby", "/agents"
_REAP_EVERY_S = 5.0
_log = logging.getLogger(__name__)

_MAX_WAITING_OF_A_WORKER = 1_000
"""A worker speaks for many rooms, and has a few hundred messages on their way at once."""
_WORKER_EVENTS_PER_S, _WORKER_BURST = 1_000.0, 5_000.0

NamespaceObserve = Callable[[str, str, str, float], None]
"""Namespace, then as `dispatch.Observe`."""
OriginAllowed = Callable[[str, web.Request], bool]


def same_origin(origin: str, request: web.Request) -> bool:
    """A page of this server's own host."""
    return origin.partition("://")[2] == request.host


def _peer(request: web.Request) -> str:
    return request.remote or ""


class Signalling:
    """Construct it, give `event_sink` to the RoomsService, then `attach`; `start` in the loop, `aclose`.

    `origin_allowed` is asked about every request that bears an Origin. `client_ip` knows of proxies.
    """

    def __init__(
        self,
        *,
        verify: Verify,
        users: UserStore,
        clock: Clock,
        options: SignallingOptions,
        origin_allowed: OriginAllowed = same_origin,
        client_ip: Callable[[web.Request], str] = _peer,
        observe: NamespaceObserve = lambda _namespace, _name, _outcome, _seconds: None,
    ) -> None:
        self._options = options
        self._clock = clock
        self._observe = observe
        self._rooms: RoomsService | None = None
        self._dispatcher: Dispatcher | None = None
        self._agents: AgentNamespace | None = None
        self._agent_dispatcher: Dispatcher | None = None
        self._users = UserConnections()
        self._handshake = Handshake(
            verify,
            users,
            self._users,
            _limiter(options),
            max_per_user=options.max_connections_per_user,
            timeout_s=options.handshake_s / 2,
        )
        self._server = _socket_server(options, self._on_event, self._on_ready, client_ip, origin_allowed)
        self.event_sink = RoomConnections(self._ice_servers)
        self.workers = WorkerConnections(
            lambda connection_id, name, payload: self._server.send(AGENTS, [connection_id], name, payload),
            partial(self._server.cut, AGENTS),
        )
        self._lobby = LobbyWatchers(partial(self._server.send, LOBBY))
        self._reaper: asyncio.Task[None] | None = None
        for namespace in (ROOMS, LOBBY, AGENTS):
            self._server.on("connect", partial(self._connect, namespace), namespace=namespace)
            self._server.on("disconnect", partial(self._disconnect, namespace), namespace=namespace)

    @property
    def connection_count(self) -> int:
        """Of people in or before a room; watchers of the lobby are not counted."""
        return len(self.event_sink)

    def attach(self, app: web.Application, rooms: RoomsService, agents: AgentNamespace | None = None) -> None:
        """Serve `/socket.io/` on the application, for these rooms; workers come in by the door `agents`."""
        self._rooms = rooms
        options = self._options
        if agents is not None:
            self._agents = agents
            self._agent_dispatcher = Dispatcher(
                agents.table,
                options.handler_timeout_s,
                partial(self._observe, AGENTS),
                events=AGENT_EVENTS,
                max_waiting=_MAX_WAITING_OF_A_WORKER,
            )
        handlers = Handlers(rooms, self._ice_servers, red=options.red, node_id=options.node_id)
        self._dispatcher = Dispatcher(
            handlers.table, options.handler_timeout_s, partial(self._observe, ROOMS), rooms.place_of
        )
        rooms.watch_lobby(self._lobby)
        for method in ("GET", "POST", "OPTIONS"):
            app.router.add_route(method, "/socket.io/", self._server.handle_request)
        app.on_shutdown.append(self._close_sockets)

    async def start(self) -> None:
        self._reaper = asyncio.create_task(self._reap(), name="signalling reaper")

    async def aclose(self) -> None:
        """Close every connection; seats are held by the rooms. Idempotent."""
        if self._reaper is not None:
            self._reaper.cancel()
            await asyncio.wait([self._reaper])
            self._reaper = None
        await self._server.close_all()

    async def _close_sockets(self, _app: web.Application) -> None:
        """Before aiohttp waits for its handlers: a WebSocket is one that does not end of itself."""
        await self._server.close_all()

    # Connections come and go

    async def _connect(
        self, namespace: str, connection_id: str, _environ: dict[str, Any], auth: Any = None
    ) -> None:
        try:
            if namespace == AGENTS:
                self._enter_worker(connection_id, auth)
                return
            tutor_room = self._tutor_room if namespace == ROOMS else _no_tutor
            entry = await self._handshake.enter(auth, time.monotonic(), tutor_room)
        except ParlorError as error:
            raise Refused(error.detail, error.problem()) from None
        except Exception:  # noqa: BLE001 - the edge: a fault of ours, most likely the database
            _log.exception("a connection could not be let in")
            raise Refused(Unavailable.title, Unavailable().problem()) from None
        self._enter(namespace, connection_id, entry)

    def _enter_worker(self, connection_id: str, auth: Any) -> None:
        """Raises Unauthenticated."""
        if self._agents is None:
            raise Unauthenticated
        self._agents.check(auth)
        factor = self._options.rate_limit
        bucket = TokenBucket(_WORKER_EVENTS_PER_S * factor, _WORKER_BURST * factor) if factor else None
        self._server.trust(connection_id, AGENTS)
        self.workers.add(
            Connection(connection_id, "", lambda _name, _payload: None, lambda: None, bucket=bucket)
        )

    def _tutor_room(self, token: str) -> str | None:
        return self._agents.tutor_room(token) if self._agents is not None else None

    def _enter(self, namespace: str, connection_id: str, entry: Entry) -> None:
        user = entry.user
        self._users.add(connection_id, user.id)
        if self._rooms is not None and entry.tutor_room is None:
            self._rooms.online.arrived(user)
        if namespace == ROOMS:
            self.event_sink.add(
                Connection(
                    connection_id,
                    user.id,
                    push=partial(self._server.send, ROOMS, [connection_id]),
                    cut=partial(self._server.cut, ROOMS, connection_id),
                    bucket=_event_bucket(self._options),
                    tutor_room=entry.tutor_room,
                )
            )

    def _on_ready(self, namespace: str, connection_id: str) -> None:
        if namespace == LOBBY:
            self._lobby.add(connection_id)

    async def _disconnect(self, _namespace: str, connection_id: str, _reason: str = "") -> None:
        self._leave(connection_id)

    def _leave(self, connection_id: str) -> None:
        if self.workers.drop(connection_id) is not None and self._agents is not None:
            self._agents.gone(connection_id)
        user_id = self._users.drop(connection_id)
        self._lobby.drop(connection_id)
        connection = self.event_sink.drop(connection_id)
        if connection is not None:
            connection.is_closed = True
        if self._rooms is not None and user_id is not None:
            if connection is None or connection.tutor_room is None:
                self._rooms.online.departed(user_id)
            self._rooms.membership.connection_lost(connection_id)

    # Events

    async def _on_event(self, namespace: str, connection_id: str, data: Any, ack: Ack) -> None:
        worker = self.workers.get(connection_id) if namespace == AGENTS else None
        if worker is not None and self._agent_dispatcher is not None:
            await self._agent_dispatcher.handle(worker, data, ack)
            return
        connection = self.event_sink.get(connection_id) if namespace == ROOMS else None
        if connection is None or self._dispatcher is None or self._rooms is None:
            ack({"error": InvalidRequest("This namespace takes no events.", errors=[]).problem()})
            return
        await self._dispatcher.handle(connection, data, ack)
        if connection.is_closed:
            # It went while its join was under way: the seat it may have got is without a socket.
            self._rooms.membership.connection_lost(connection_id)

    def _ice_servers(self, user_id: str) -> list[IceServer]:
        options = self._options
        return ice_servers(options.turn_urls, options.turn_secret, user_id, self._clock(), options.turn_ttl_s)

    # Cleaning up

    async def _reap(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_REAP_EVERY_S):
                    await self._server.wake_reaper.wait()
            except TimeoutError:
                pass
            self._server.wake_reaper.clear()
            await self._server.reap(self._options.handshake_s)


def _socket_server(
    options: SignallingOptions,
    on_event: Callable[[str, str, Any, Ack], Awaitable[None]],
    on_ready: Callable[[str, str], None],
    client_ip: Callable[[web.Request], str],
    origin_allowed: OriginAllowed,
) -> SocketServer:
    def is_allowed(origin: str | None, environ: dict[str, Any]) -> bool:
        # The library also asks when there is none, which is so for all but browsers.
        return origin is None or origin_allowed(origin, environ["aiohttp.request"])

    return SocketServer(
        on_event=on_event,
        on_ready=on_ready,
        client_ip=client_ip,
        max_per_ip=options.max_connections_per_ip if options.rate_limit else 0,
        max_queued=options.max_queued,
        flood_factor=options.rate_limit,
        cors_allowed_origins=is_allowed,
        max_http_buffer_size=options.max_message_bytes,
        ping_interval=options.ping_interval_s,
        ping_timeout=options.ping_timeout_s,
        namespaces=[ROOMS, LOBBY, AGENTS],
    )


def _no_tutor(_token: str) -> None:
    return None


def _limiter(options: SignallingOptions) -> KeyedLimiter | None:
    factor = options.rate_limit
    return KeyedLimiter(1.0 * factor, 20.0 * factor) if factor else None


def _event_bucket(options: SignallingOptions) -> TokenBucket | None:
    factor = options.rate_limit
    return TokenBucket(10.0 * factor, 60.0 * factor) if factor else None
