"""The open connections of all namespaces; the rooms and the tutor service send their events to them."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

from aiohttp import web

from server.common.token_bucket import TokenBucket
from server.protocol.base import Outbound
from server.protocol.lobby import LOBBY_EVENTS, Online
from server.protocol.rooms import SERVER_EVENTS, SeqEvent
from server.rooms.model import UNKNOWN_ORIGIN, Origin
from server.signalling.options import SignallingOptions
from server.signalling.socket_server import SocketServer

ROOMS, LOBBY, AGENTS = "/rooms", "/lobby", "/agents"
Push = Callable[[str, dict[str, Any]], None]
OriginAllowed = Callable[[str, web.Request], bool]
SendLobby = Callable[[Iterable[str], str, object], None]

_MAX_CORKED = 512
"""Events that may be held back for an ack; beyond, the client is disconnected."""
_ENDED_KEPT = 1_000
"""Sessions that ended last. They matter only during a handshake, which takes seconds at most."""
_ROOM_NAMES = {message: name for name, message in SERVER_EVENTS.items()}
_LOBBY_NAMES = {message: name for name, message in LOBBY_EVENTS.items()}


def always() -> bool:
    return True


def same_origin(origin: str, request: web.Request) -> bool:
    """Whether the page was served by the host that the request goes to."""
    return origin.partition("://")[2] == request.host


def _peer(request: web.Request) -> str:
    return request.remote or ""


class Connections:
    """Build it first: the RoomsService sends to `rooms` and `lobby`, the tutor service to `workers`.

    `origin_allowed` is asked about every request with an Origin header. `client_ip` knows trusted proxies.
    """

    def __init__(
        self,
        options: SignallingOptions,
        *,
        origin_allowed: OriginAllowed = same_origin,
        client_ip: Callable[[web.Request], str] = _peer,
    ) -> None:
        self.server = _socket_server(options, origin_allowed, client_ip)
        self.rooms = RoomConnections()
        self.lobby = LobbyConnections(partial(self.server.send, LOBBY))
        self.workers = WorkerConnections()
        self.users = UserConnections()


class SocketConnection:
    """Numbers its events and keeps their order relative to acks.

    Between `mark` and `uncork` events are held back: an ack with a snapshot is being made, and events that
    happened after the snapshot must arrive after it. A connection with a `tutor_room` may join only that
    room, as its tutor, and only while `may_act`: the token of its job is void once the job is another's or
    has ended. `is_signed_out`: its session has ended, and it is about to be closed.
    """

    def __init__(
        self,
        id_: str,
        user_id: str,
        push: Push,
        cut: Callable[[], None],
        bucket: TokenBucket | None,
        tutor_room: str | None = None,
        *,
        origin: Origin = UNKNOWN_ORIGIN,
        may_act: Callable[[], bool] = always,
    ) -> None:
        self.id = id_
        self.may_act = may_act
        self.origin = origin
        self.user_id = user_id
        self.push = push
        self.cut = cut
        self.tutor_room = tutor_room
        self.bucket = bucket
        self.turn = asyncio.Lock()
        self.waiting = 0
        self.is_closed = False
        self.is_signed_out = False
        self._seq = 0
        self._corked: list[tuple[str, dict[str, Any]]] | None = None

    def send(self, name: str, body: dict[str, Any]) -> None:
        """Send the event with the next `seq`. `body` is not changed: other connections send it too."""
        self._seq += 1
        payload = {**body, "seq": self._seq}
        if self._corked is None:
            self.push(name, payload)
        elif len(self._corked) < _MAX_CORKED:
            self._corked.append((name, payload))
        else:
            self.cut()

    def mark(self) -> int:
        """The `seq` of the last event. Later events wait for `uncork`."""
        if self._corked is None:
            self._corked = []
        return self._seq

    def uncork(self) -> None:
        kept, self._corked = self._corked, None
        for name, payload in kept or ():
            self.push(name, payload)


Handler = Callable[[SocketConnection, Any], Awaitable[Outbound]]
"""Handles one event; takes the payload that the protocol declares for it and returns the ack."""


class RoomConnections:
    """Implements `rooms.ports.EventSink`."""

    def __init__(self) -> None:
        self._connections: dict[str, SocketConnection] = {}

    def __len__(self) -> int:
        return len(self._connections)

    def ids(self) -> list[str]:
        return list(self._connections)

    def add(self, connection: SocketConnection) -> None:
        self._connections[connection.id] = connection

    def get(self, connection_id: str) -> SocketConnection | None:
        return self._connections.get(connection_id)

    def drop(self, connection_id: str) -> SocketConnection | None:
        return self._connections.pop(connection_id, None)

    def send(self, connection_ids: Iterable[str], event: SeqEvent) -> None:
        """The event is encoded once; each connection puts its own `seq` into it."""
        receivers = [c for c in map(self._connections.get, connection_ids) if c is not None]
        if not receivers:
            return
        name, body = _ROOM_NAMES[type(event)], event.wire()
        for connection in receivers:
            connection.send(name, body)

    def mark(self, connection_id: str) -> int:
        connection = self._connections.get(connection_id)
        return connection.mark() if connection is not None else 0


class LobbyConnections:
    """Implements `rooms.ports.LobbySink`. A connection that is added is sent at once who is online."""

    def __init__(self, send: SendLobby) -> None:
        self._send = send
        self._ids: set[str] = set()
        self._online: Online | None = None

    def add(self, connection_id: str) -> None:
        self._ids.add(connection_id)
        if self._online is not None:
            self._send([connection_id], "online", self._online.wire())

    def drop(self, connection_id: str) -> None:
        self._ids.discard(connection_id)

    def send(self, event: Outbound) -> None:
        if isinstance(event, Online):
            self._online = event
        if self._ids:
            self._send(list(self._ids), _LOBBY_NAMES[type(event)], event.wire())


class WorkerConnections:
    """Implements `tutor.dispatcher.Workers`. A worker is named by its connection."""

    def __init__(self) -> None:
        self._connections: dict[str, SocketConnection] = {}

    def add(self, connection: SocketConnection) -> None:
        self._connections[connection.id] = connection

    def get(self, connection_id: str) -> SocketConnection | None:
        return self._connections.get(connection_id)

    def drop(self, connection_id: str) -> SocketConnection | None:
        return self._connections.pop(connection_id, None)

    def send(self, worker_id: str, event: str, message: Outbound) -> None:
        connection = self._connections.get(worker_id)
        if connection is not None:
            connection.push(event, message.wire())

    def cut(self, worker_id: str) -> None:
        connection = self._connections.get(worker_id)
        if connection is not None:
            connection.cut()


class UserConnections:
    """The connections of each user and session, over both namespaces for people.

    The tutor's connections have no session.
    """

    def __init__(self) -> None:
        self._users: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._sessions: dict[str, set[str]] = {}
        self._session_of: dict[str, str] = {}
        self._ended: deque[str] = deque(maxlen=_ENDED_KEPT)

    def count(self, user_id: str) -> int:
        return self._counts[user_id]

    def add(self, connection_id: str, user_id: str, session_id: str | None) -> None:
        self._users[connection_id] = user_id
        self._counts[user_id] += 1
        if session_id is not None:
            self._session_of[connection_id] = session_id
            self._sessions.setdefault(session_id, set()).add(connection_id)

    def end(self, session_id: str) -> frozenset[str]:
        """The session has ended. Returns its open connections."""
        self._ended.append(session_id)
        return frozenset(self._sessions.get(session_id, ()))

    def has_ended(self, session_id: str) -> bool:
        """Whether the session ended a moment ago, perhaps after a handshake read it from the store."""
        return session_id in self._ended

    def drop(self, connection_id: str) -> str | None:
        """Returns the user whose connection it was."""
        session_id = self._session_of.pop(connection_id, None)
        if session_id is not None:
            self._sessions[session_id].discard(connection_id)
            if not self._sessions[session_id]:
                del self._sessions[session_id]
        user_id = self._users.pop(connection_id, None)
        if user_id is not None:
            self._counts[user_id] -= 1
            if not self._counts[user_id]:
                del self._counts[user_id]
        return user_id


def _socket_server(
    options: SignallingOptions, origin_allowed: OriginAllowed, client_ip: Callable[[web.Request], str]
) -> SocketServer:
    def is_allowed(origin: str | None, environ: dict[str, Any]) -> bool:
        # The library also asks about requests without an Origin, which all clients but browsers send.
        return origin is None or origin_allowed(origin, environ["aiohttp.request"])

    return SocketServer(
        client_ip=client_ip,
        max_sockets=options.max_sockets if options.rate_limit else 0,
        max_per_address=options.max_sockets_per_address if options.rate_limit else 0,
        max_queued=options.max_queued,
        max_queued_bytes=options.max_queued_bytes,
        flood_factor=options.rate_limit,
        upgrade_s=options.handshake_s,
        cors_allowed_origins=is_allowed,
        max_http_buffer_size=options.max_message_bytes,
        ping_interval=options.ping_interval_s,
        ping_timeout=options.ping_timeout_s,
        namespaces=[ROOMS, LOBBY, AGENTS],
    )
