"""The open connections of all namespaces; the rooms and the tutor service send their events to them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from aiohttp import web

from server.common.token_bucket import TokenBucket
from server.protocol.base import Outbound
from server.protocol.lobby import LOBBY_EVENTS, LobbyNotices, LobbyStanding, Online, PeopleChanged
from server.protocol.notices import NoticesPart
from server.protocol.rooms import SERVER_EVENTS, RoomNotices, RoomStanding, SeqEvent
from server.rooms.lobby_seen import lobby_event_without, named_in
from server.rooms.model import UNKNOWN_ORIGIN, Origin
from server.signalling.options import SignallingOptions
from server.signalling.socket_server import SocketServer

ROOMS, LOBBY, AGENTS = "/rooms", "/lobby", "/agents"
Push = Callable[[str, dict[str, Any]], None]
OriginAllowed = Callable[[str, web.Request], bool]
Hidden = Mapping[str, frozenset[str]]
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
        self.pages = PersonPages(self.users, self.lobby, self.rooms)


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
    """Implements `rooms.ports.LobbySink`. A connection that is added is sent at once who is online.

    `hidden`: for each user who is kept apart from anybody, from whom. Their events are without these; all
    others share one. The composition root sets it.
    """

    def __init__(self, send: SendLobby) -> None:
        self.hidden: Callable[[], Hidden] = dict
        self._send = send
        self._users: dict[str, str] = {}
        self._of_user: dict[str, set[str]] = {}
        self._online: Online | None = None

    def has(self, connection_id: str) -> bool:
        return connection_id in self._users

    def add(self, connection_id: str, user_id: str) -> None:
        self._users[connection_id] = user_id
        self._of_user.setdefault(user_id, set()).add(connection_id)
        if self._online is not None:
            self._send_as_seen([connection_id], user_id, self._online)

    def drop(self, connection_id: str) -> None:
        user_id = self._users.pop(connection_id, None)
        if user_id is not None:
            self._of_user[user_id].discard(connection_id)
            if not self._of_user[user_id]:
                del self._of_user[user_id]

    def send(self, event: Outbound) -> None:
        if isinstance(event, Online):
            self._online = event
        apart, named = set[str](), named_in(event)
        for user_id, hidden in self.hidden().items():
            ids = self._of_user.get(user_id)
            if ids and not hidden.isdisjoint(named):
                apart |= ids
                self._send_as_seen(ids, user_id, event)
        others = self._users.keys() - apart
        if others:
            self.send_to(others, event)

    def send_to(self, connection_ids: Iterable[str], event: Outbound) -> None:
        """To some of the connections."""
        self._send(connection_ids, _LOBBY_NAMES[type(event)], event.wire())

    def show_again(self, user_id: str, rooms: Sequence[Outbound]) -> None:
        """The user is kept apart from somebody since now, or not any more. `rooms`: those that show them."""
        ids = self._of_user.get(user_id)
        if ids:
            for event in (*rooms, *([] if self._online is None else [self._online])):
                self._send_as_seen(ids, user_id, event)

    def _send_as_seen(self, ids: Iterable[str], user_id: str, event: Outbound) -> None:
        self.send_to(list(ids), lobby_event_without(event, self.hidden().get(user_id, ())))


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
        self._of_user: dict[str, set[str]] = {}
        self._sessions: dict[str, set[str]] = {}
        self._session_of: dict[str, str] = {}
        self._origins: dict[str, Origin] = {}
        self._ended: deque[str] = deque(maxlen=_ENDED_KEPT)

    def count(self, user_id: str) -> int:
        return len(self._of_user.get(user_id, ()))

    def of_user(self, user_id: str) -> frozenset[str]:
        return frozenset(self._of_user.get(user_id, ()))

    def of_session(self, session_digest: str) -> frozenset[str]:
        return frozenset(self._sessions.get(session_digest, ()))

    def user_of(self, connection_id: str) -> str | None:
        return self._users.get(connection_id)

    def origin_of(self, connection_id: str) -> Origin:
        return self._origins.get(connection_id, UNKNOWN_ORIGIN)

    def add(
        self,
        connection_id: str,
        user_id: str,
        session_digest: str | None,
        origin: Origin = UNKNOWN_ORIGIN,
    ) -> None:
        self._users[connection_id] = user_id
        self._origins[connection_id] = origin
        self._of_user.setdefault(user_id, set()).add(connection_id)
        if session_digest is not None:
            self._session_of[connection_id] = session_digest
            self._sessions.setdefault(session_digest, set()).add(connection_id)

    def end(self, session_digest: str) -> frozenset[str]:
        """The session has ended. Returns its open connections."""
        self._ended.append(session_digest)
        return self.of_session(session_digest)

    def has_ended(self, session_digest: str) -> bool:
        """Whether the session ended a moment ago, perhaps after a handshake read it from the store."""
        return session_digest in self._ended

    def drop(self, connection_id: str) -> str | None:
        """Returns the user whose connection it was."""
        session_digest = self._session_of.pop(connection_id, None)
        if session_digest is not None:
            self._sessions[session_digest].discard(connection_id)
            if not self._sessions[session_digest]:
                del self._sessions[session_digest]
        self._origins.pop(connection_id, None)
        user_id = self._users.pop(connection_id, None)
        if user_id is not None:
            self._of_user[user_id].discard(connection_id)
            if not self._of_user[user_id]:
                del self._of_user[user_id]
        return user_id


class PersonPages:
    """Implements `notices.ports.Pages`: the connections of one person, over both namespaces for people."""

    def __init__(self, users: UserConnections, lobby: LobbyConnections, rooms: RoomConnections) -> None:
        self._users = users
        self._lobby = lobby
        self._rooms = rooms

    def show(self, user_id: str, notices: NoticesPart) -> None:
        ids = self._users.of_user(user_id)
        given = NoticesPart.fields_of(notices)
        watching = [connection_id for connection_id in ids if self._lobby.has(connection_id)]
        if watching:
            self._lobby.send_to(watching, LobbyNotices(**given))
        self._rooms.send(ids, RoomNotices(**given))

    def show_people(self, user_id: str) -> None:
        """Their lists of people have changed. In a room no page shows these for long."""
        watching = [one for one in self._users.of_user(user_id) if self._lobby.has(one)]
        if watching:
            self._lobby.send_to(watching, PeopleChanged())

    def show_standing(self, user_id: str) -> None:
        """They ask again what moderators have decided."""
        ids = self._users.of_user(user_id)
        watching = [connection_id for connection_id in ids if self._lobby.has(connection_id)]
        if watching:
            self._lobby.send_to(watching, LobbyStanding())
        self._rooms.send(ids, RoomStanding())


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
