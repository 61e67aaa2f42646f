"""The namespaces `/rooms`, `/lobby` and `/agents` on one Socket.IO server."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Protocol

from aiohttp import web
from socketio.exceptions import ConnectionRefusedError as Refused

from server.common.tasks import BackgroundTask
from server.common.token_bucket import KeyedLimiter, TokenBucket
from server.errors import InvalidRequest, ParlorError, SessionEnded, Unavailable
from server.protocol.agents import AGENT_EVENTS
from server.rooms.model import UNKNOWN_ORIGIN, Origin
from server.rooms.ports import UserStore
from server.rooms.service import RoomsService
from server.signalling.agents import AgentNamespace
from server.signalling.connections import AGENTS, LOBBY, ROOMS, Connections, SocketConnection, always
from server.signalling.dispatch import Dispatcher
from server.signalling.handlers import handlers
from server.signalling.handshake import Entry, Handshake, Sessions
from server.signalling.options import SignallingOptions
from server.signalling.socket_server import Ack

_REAP_EVERY_S = 5.0
_log = logging.getLogger(__name__)

_MAX_WAITING_OF_A_WORKER = 1_000
"""A worker serves many rooms, and may have a few hundred messages unanswered at once."""
_WORKER_EVENTS_PER_S, _WORKER_BURST = 1_000.0, 5_000.0

OriginOf = Callable[[web.Request], Origin]
NamespaceObserve = Callable[[str, str, str, float], None]
"""Namespace, then as `dispatch.Observe`."""


class HiddenFrom(Protocol):
    async def enter(self, user_id: str) -> None:
        """A connection of the user to `/lobby` opens: find out whom they must not see. Raises Unavailable."""
        ...

    def leave(self, user_id: str) -> None: ...


class Signalling:
    """Lets clients in and answers their events. Call `add_routes` before the application starts."""

    def __init__(  # noqa: PLR0913 - one argument for each collaborator
        self,
        connections: Connections,
        rooms: RoomsService,
        agents: AgentNamespace,
        *,
        sessions: Sessions,
        users: UserStore,
        options: SignallingOptions,
        hidden: HiddenFrom,
        observe: NamespaceObserve = lambda _namespace, _name, _outcome, _seconds: None,
        origin_of: OriginOf = lambda _request: UNKNOWN_ORIGIN,
    ) -> None:
        self._connections = connections
        self._server = connections.server
        self._rooms = rooms
        self._agents = agents
        self._options = options
        self._hidden = hidden
        self._origin_of = origin_of
        self._handshake = Handshake(
            sessions,
            users,
            connections.users,
            _limiter(options),
            max_per_user=options.max_connections_per_user,
            timeout_s=options.handshake_s / 2,
        )
        self._dispatcher = Dispatcher(
            handlers(rooms),
            options.handler_timeout_s,
            partial(observe, ROOMS),
            rooms.place_of,
        )
        self._agent_dispatcher = Dispatcher(
            agents.table,
            options.handler_timeout_s,
            partial(observe, AGENTS),
            events=AGENT_EVENTS,
            max_waiting=_MAX_WAITING_OF_A_WORKER,
        )
        self._reaper = BackgroundTask("signalling reaper", self._reap)
        for namespace in (ROOMS, LOBBY, AGENTS):
            self._server.on("connect", partial(self._connect, namespace), namespace=namespace)
            self._server.on("ready", partial(self._ready, namespace), namespace=namespace)
            self._server.on("disconnect", partial(self._disconnect, namespace), namespace=namespace)
            self._server.on("*", partial(self._event, namespace), namespace=namespace)

    @property
    def connection_count(self) -> int:
        """Connections to `/rooms`, joined or not; those to `/lobby` are not counted."""
        return len(self._connections.rooms)

    def add_routes(self, app: web.Application, *bases: str) -> None:
        """Serve `/socket.io/`, there and below each of `bases`."""
        for base in ("", *bases):
            for method in ("GET", "POST", "OPTIONS"):
                app.router.add_route(method, f"{base}/socket.io/", self._server.handle_request)
        app.on_shutdown.append(self._close_sockets)

    async def start(self) -> None:
        self._reaper.start()

    async def aclose(self) -> None:
        """Close every connection; the rooms hold their seats. Idempotent."""
        await self._reaper.aclose()
        await self._server.close_all()

    async def _close_sockets(self, _app: web.Application) -> None:
        """Close them before aiohttp waits for its handlers: that of a WebSocket does not end by itself."""
        await self._server.close_all()

    def end_session(self, user_id: str, session_digest: str) -> None:
        """The session has ended: end its connections here, their seats and knocks, and seats held for the
        user."""
        connection_ids = self._connections.users.end(session_digest)
        self._rooms.signed_out(user_id, connection_ids)
        self._close(connection_ids)

    def _close(self, connection_ids: Collection[str]) -> None:
        for connection_id in connection_ids:
            connection = self._connections.rooms.get(connection_id)
            if connection is not None:
                connection.is_signed_out = True
            for namespace in (ROOMS, LOBBY):
                self._server.cut(namespace, connection_id)

    def cut_banned(
        self, user_id: str, session_digests: Sequence[str], _devices: Sequence[str]
    ) -> Sequence[Origin]:
        """As `end_session`, for all connections of the user and those of the sessions, which all have one.
        Returns from where the user's came."""
        users = self._connections.users
        own = users.of_user(user_id)
        ids = own.union(*(users.of_session(digest) for digest in session_digests))
        origins = [users.origin_of(connection_id) for connection_id in own]
        for owner in {user_id, *filter(None, map(users.user_of, ids))}:
            self._rooms.signed_out(owner, ids)
        self._close(ids)
        return origins

    # Connecting and disconnecting

    async def _connect(
        self, namespace: str, connection_id: str, environ: dict[str, Any], auth: Any = None
    ) -> None:
        origin = self._origin_of(environ["aiohttp.request"])
        try:
            if namespace == AGENTS:
                self._enter_worker(connection_id, auth)
                return
            tutor_room = self._agents.tutor_room if namespace == ROOMS else _no_tutor
            entry = await self._handshake.enter(auth, time.monotonic(), tutor_room, lambda: origin)
            self._server.own(connection_id, namespace, entry.user.id, is_lobby=namespace == LOBBY)
            if namespace == LOBBY:
                await self._enter_lobby(entry)
        except ParlorError as error:
            raise Refused(error.detail, error.problem()) from None
        except Exception:  # noqa: BLE001 - the edge: a bug or the database, logged here
            _log.exception("handshake failed")
            raise Refused(Unavailable.title, Unavailable().problem()) from None
        self._enter(namespace, connection_id, entry, origin)

    async def _enter_lobby(self, entry: Entry) -> None:
        """Raises SessionEnded if it has while the store was asked, Unavailable."""
        await self._hidden.enter(entry.user.id)
        if self._connections.users.has_ended(entry.session_digest or ""):
            self._hidden.leave(entry.user.id)
            raise SessionEnded

    def _enter_worker(self, connection_id: str, auth: Any) -> None:
        """Raises Unauthenticated."""
        self._agents.check(auth)
        factor = self._options.rate_limit
        bucket = TokenBucket(_WORKER_EVENTS_PER_S * factor, _WORKER_BURST * factor) if factor else None
        self._server.trust(connection_id, AGENTS)
        self._connections.workers.add(self._connection(AGENTS, connection_id, "", bucket))

    def _enter(self, namespace: str, connection_id: str, entry: Entry, origin: Origin) -> None:
        user = entry.user
        self._connections.users.add(connection_id, user.id, entry.session_digest, origin)
        if entry.tutor_room is None:
            self._rooms.online.arrived(user)
        if namespace == ROOMS:
            bucket = _event_bucket(self._options)
            connection = self._connection(
                ROOMS, connection_id, user.id, bucket, entry.tutor_room, origin=origin, may_act=entry.may_act
            )
            self._connections.rooms.add(connection)

    def _connection(
        self,
        namespace: str,
        connection_id: str,
        user_id: str,
        bucket: TokenBucket | None,
        tutor_room: str | None = None,
        *,
        origin: Origin = UNKNOWN_ORIGIN,
        may_act: Callable[[], bool] = always,
    ) -> SocketConnection:
        return SocketConnection(
            connection_id,
            user_id,
            push=partial(self._server.send, namespace, [connection_id]),
            cut=partial(self._server.cut, namespace, connection_id),
            bucket=bucket,
            tutor_room=tutor_room,
            origin=origin,
            may_act=may_act,
        )

    def _ready(self, namespace: str, connection_id: str) -> None:
        user_id = self._connections.users.user_of(connection_id)
        if namespace == LOBBY and user_id is not None:
            self._connections.lobby.add(connection_id, user_id)

    async def _disconnect(self, namespace: str, connection_id: str, _reason: str = "") -> None:
        connections, rooms = self._connections, self._rooms
        if connections.workers.drop(connection_id) is not None:
            self._agents.gone(connection_id)
        user_id = connections.users.drop(connection_id)
        connections.lobby.drop(connection_id)
        connection = connections.rooms.drop(connection_id)
        if connection is not None:
            connection.is_closed = True
        if user_id is not None:
            if namespace == LOBBY:
                self._hidden.leave(user_id)
            if connection is None or connection.tutor_room is None:
                rooms.online.departed(user_id)
            rooms.connection_lost(connection_id)

    # Events

    async def _event(self, namespace: str, connection_id: str, data: Any, ack: Ack) -> None:
        worker = self._connections.workers.get(connection_id) if namespace == AGENTS else None
        if worker is not None:
            await self._agent_dispatcher.handle(worker, data, ack)
            return
        connection = self._connections.rooms.get(connection_id) if namespace == ROOMS else None
        if connection is not None and connection.is_signed_out:
            return
        if connection is None:
            ack({"error": InvalidRequest("This namespace takes no events.", errors=[]).problem()})
            return
        await self._dispatcher.handle(connection, data, ack)
        # During a join the connection closed, or its session ended: what it may have got must too.
        if connection.is_signed_out:
            self._rooms.signed_out(connection.user_id, {connection_id})
        if connection.is_closed:
            self._rooms.connection_lost(connection_id)

    async def _reap(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_REAP_EVERY_S):
                    await self._server.wake_reaper.wait()
            except TimeoutError:
                pass
            self._server.wake_reaper.clear()
            await self._server.reap(self._options.handshake_s, self._options.unread_s)


def _no_tutor(_token: str) -> None:
    return None


def _limiter(options: SignallingOptions) -> KeyedLimiter | None:
    factor = options.rate_limit
    return KeyedLimiter(1.0 * factor, 20.0 * factor) if factor else None


def _event_bucket(options: SignallingOptions) -> TokenBucket | None:
    factor = options.rate_limit
    return TokenBucket(10.0 * factor, 60.0 * factor) if factor else None
