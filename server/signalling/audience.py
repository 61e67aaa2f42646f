"""The open connections of both namespaces, and what the rooms tell them: the domain's event sinks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from server.protocol import lobby as wire
from server.protocol.base import Outbound
from server.rooms.audience import OnlineView
from server.rooms.events import RoomEvent
from server.rooms.views import RoomView
from server.signalling.connection import Connection
from server.signalling.encode import IceServersFor, encode
from server.wire import online_to_wire, room_to_wire

SendLobby = Callable[[Iterable[str], str, object], None]


class RoomConnections:
    """Implements `rooms.audience.EventSink`."""

    def __init__(self, ice_servers: IceServersFor) -> None:
        self._ice_servers = ice_servers
        self._connections: dict[str, Connection] = {}

    def __len__(self) -> int:
        return len(self._connections)

    def ids(self) -> list[str]:
        return list(self._connections)

    def add(self, connection: Connection) -> None:
        self._connections[connection.id] = connection

    def get(self, connection_id: str) -> Connection | None:
        return self._connections.get(connection_id)

    def drop(self, connection_id: str) -> Connection | None:
        return self._connections.pop(connection_id, None)

    def send(self, connection_ids: Iterable[str], event: RoomEvent) -> None:
        listeners = [c for c in map(self._connections.get, connection_ids) if c is not None]
        if not listeners:
            return
        name, payload = encode(event, self._ice_servers)
        for connection in listeners:
            connection.send(name, payload)

    def mark(self, connection_id: str) -> int:
        connection = self._connections.get(connection_id)
        return connection.mark() if connection is not None else 0


class LobbyWatchers:
    """Implements `rooms.audience.LobbySink`."""

    def __init__(self, send: SendLobby) -> None:
        self._send = send
        self._ids: set[str] = set()
        self._online: wire.Online | None = None

    def add(self, connection_id: str) -> None:
        """It is told at once who is online."""
        self._ids.add(connection_id)
        if self._online is not None:
            self._send([connection_id], "online", self._online.wire())

    def drop(self, connection_id: str) -> None:
        self._ids.discard(connection_id)

    def ids(self) -> list[str]:
        return list(self._ids)

    def room_added(self, room: RoomView) -> None:
        self._tell("room_added", wire.RoomAdded(room=room_to_wire(room)))

    def room_updated(self, room: RoomView) -> None:
        self._tell("room_updated", wire.RoomChanged(room=room_to_wire(room)))

    def room_removed(self, room_id: str) -> None:
        self._tell("room_removed", wire.RoomGone(room_id=room_id))

    def online(self, online: OnlineView) -> None:
        self._online = online_to_wire(online)
        self._tell("online", self._online)

    def draining(self) -> None:
        self._tell("server_draining", wire.LobbyDraining())

    def _tell(self, name: str, message: Outbound) -> None:
        if self._ids:
            self._send(list(self._ids), name, message.wire())


class UserConnections:
    """How many connections each user has, over both namespaces."""

    def __init__(self) -> None:
        self._users: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def count(self, user_id: str) -> int:
        return self._counts[user_id]

    def add(self, connection_id: str, user_id: str) -> None:
        self._users[connection_id] = user_id
        self._counts[user_id] += 1

    def drop(self, connection_id: str) -> str | None:
        """The user whose connection it was."""
        user_id = self._users.pop(connection_id, None)
        if user_id is not None:
            self._counts[user_id] -= 1
            if not self._counts[user_id]:
                del self._counts[user_id]
        return user_id
