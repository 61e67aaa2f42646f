"""The list of open public rooms and of people online, over all nodes, and the events of `/lobby`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from server.protocol import entities, lobby
from server.protocol.entities import Presence, RoomType
from server.rooms.listing import Listed
from server.rooms.model import User
from server.rooms.ports import HELLO_TOPIC, Bus, Clock, LobbySink
from server.rooms.room import Room
from server.rooms.views import listed_view, online_user

ROOMS_TOPIC = "lobby.rooms"
ONLINE_TOPIC = "lobby.online"
SHOWN = 24
_NOT_YET = float("-inf")
_STALE_AFTER_S = 30.0
_REPEAT_EVERY_S = 10.0
_ASK_EVERY_S = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    """A room as the server `node` published it last, which had claimed it as the `epoch`-th owner."""

    node: str
    epoch: int
    listed: Listed


class Lobby:
    """The public rooms of every node.

    A room's first change is published at once, further ones at most every `interval_s`. `flush` publishes the
    delayed ones, so it must be called at least that often.

    Messages may be lost, so every 10 s each node publishes the ids of all its rooms. A node that misses one
    asks with a hello, upon which all nodes publish all their rooms. Rooms of a node that was silent for 30 s
    are dropped. `epoch_of`: this node's epoch of a room. What a node publishes of a room is ignored once
    another has claimed it. If two publish a room with one epoch, each repeats its own.
    """

    def __init__(
        self,
        bus: Bus,
        sink: LobbySink,
        interval_s: float,
        node_id: str = "local",
        epoch_of: Callable[[str], int] = lambda _room_id: 0,
    ) -> None:
        self._bus = bus
        self._sink = sink
        self._interval = interval_s
        self._node_id = node_id
        self._epoch_of = epoch_of
        self._own: dict[str, Room] = {}
        self._published: dict[str, float] = {}
        self._sent: dict[str, tuple[int, entities.ListedRoom]] = {}
        self._pending: dict[str, Room] = {}
        self._rooms: dict[str, _Known] = {}
        self._heard_at: dict[str, float] = {}
        self._now = _NOT_YET
        self._repeated_at = float("-inf")
        self._asked_at = float("-inf")
        self._is_asked = False
        self._misses = False
        self._unsubscribe = (
            bus.subscribe(ROOMS_TOPIC, self._receive),
            bus.subscribe(HELLO_TOPIC, self._hello),
        )

    @property
    def rooms(self) -> Iterable[Listed]:
        """This node's rooms as they are, even if not yet published; other nodes' rooms as last received."""
        fresh = {r.id: Listed.of(listed_view(r.view())) for r in self._pending.values()}
        return {**{room_id: known.listed for room_id, known in self._rooms.items()}, **fresh}.values()

    def rooms_with(self, user_ids: Collection[str]) -> list[lobby.RoomChanged]:
        """The listed rooms that show one of these users, as they are known here."""
        return [
            lobby.RoomChanged(room=known.listed.room, search_text=known.listed.text)
            for known in self._rooms.values()
            if any(p.user_id in user_ids for p in known.listed.room.participants)
        ]

    def changed(self, room: Room, now: float) -> None:
        if room.info.type is not RoomType.PUBLIC:
            return
        if now - self._published.get(room.id, float("-inf")) >= self._interval:
            self._publish(room, now)
        else:
            self._pending[room.id] = room

    def gone(self, room_id: str) -> None:
        self._sent.pop(room_id, None)
        self._pending.pop(room_id, None)
        self._own.pop(room_id, None)
        if self._published.pop(room_id, None) is not None:
            self._bus.publish(ROOMS_TOPIC, {"node": self._node_id, "gone": room_id})

    def flush(self, now: float) -> None:
        if self._now == _NOT_YET:  # messages that came before the first flush count as of now
            self._heard_at = dict.fromkeys(self._heard_at, now)
        self._now = now
        if self._is_asked:
            self._is_asked = False
            self._sent.clear()
            self._pending |= self._own
            self._repeated_at = float("-inf")
        due = [r for r in self._pending.values() if now - self._published[r.id] >= self._interval]
        for room in due:
            del self._pending[room.id]
            self._publish(room, now)
        if now - self._repeated_at >= _REPEAT_EVERY_S:
            self._repeated_at = now
            self._bus.publish(ROOMS_TOPIC, {"node": self._node_id, "all": list(self._own)})
        if self._misses and now - self._asked_at >= _ASK_EVERY_S:
            self._misses, self._asked_at = False, now
            self._bus.publish(HELLO_TOPIC, {"node": self._node_id})
        self._drop_silent(now)

    def draining(self) -> None:
        """Notify the connections of this node only: the other nodes keep running."""
        self._sink.send(lobby.LobbyDraining())

    def close(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _publish(self, room: Room, now: float) -> None:
        """Unless the list shows nothing of what has changed."""
        self._own[room.id] = room
        epoch, view = self._epoch_of(room.id), listed_view(room.view())
        if self._sent.get(room.id) == (epoch, view):
            return
        self._published[room.id] = now
        self._sent[room.id] = epoch, view
        self._bus.publish(ROOMS_TOPIC, {"node": self._node_id, "epoch": epoch, "room": view.wire()})

    def _hello(self, _payload: Mapping[str, object]) -> None:
        self._is_asked = True

    def _receive(self, payload: Mapping[str, object]) -> None:
        node = str(payload.get("node", ""))
        try:
            if "gone" in payload:
                self._remove(str(payload["gone"]), node)
            elif "all" in payload:
                self._compare(node, {str(i) for i in cast("Sequence[Any]", payload["all"])})
            else:
                epoch = int(cast("int", payload["epoch"]))
                self._put(node, epoch, entities.ListedRoom.model_validate(payload["room"]))
        except (KeyError, TypeError, ValueError) as error:
            _log.warning("ignored a lobby message of another version: %r", error)

    def _put(self, node: str, epoch: int, room: entities.ListedRoom) -> None:
        known = self._rooms.get(room.id)
        if known is not None and epoch < known.epoch:
            return  # of a node that does not know yet that it has lost the room
        if node != self._node_id and room.id in self._own:
            if epoch == self._epoch_of(room.id):
                # One of the two has lost it, and will find out.
                self._pending[room.id] = self._own[room.id]
                self._sent.pop(room.id, None)
                return
            del self._own[room.id]
            self._pending.pop(room.id, None)
            self._sent.pop(room.id, None)
        if node != self._node_id:
            self._heard_at[node] = self._now
        listed = Listed.of(room)
        self._rooms[room.id] = _Known(node, epoch, listed)
        if known is None:
            self._sink.send(lobby.RoomAdded(room=room, search_text=listed.text))
        elif known.listed.room != room:
            self._sink.send(lobby.RoomChanged(room=room, search_text=listed.text))

    def _compare(self, node: str, ids: set[str]) -> None:
        """`ids`: all public rooms of the node."""
        if node == self._node_id:
            return
        self._heard_at[node] = self._now
        own_as_known = {room_id for room_id, known in self._rooms.items() if known.node == node}
        for room_id in own_as_known - ids:
            self._remove(room_id, node)
        if ids - own_as_known - self._own.keys():
            self._misses = True

    def _drop_silent(self, now: float) -> None:
        for node in [n for n, at in self._heard_at.items() if now - at > _STALE_AFTER_S]:
            del self._heard_at[node]
            for room_id in [room_id for room_id, known in self._rooms.items() if known.node == node]:
                self._remove(room_id, node)

    def _remove(self, room_id: str, node: str) -> None:
        """A room that another node has published since stays."""
        known = self._rooms.get(room_id)
        if known is not None and known.node == node:
            del self._rooms[room_id]
            self._sink.send(lobby.RoomGone(room_id=room_id))


@dataclass(slots=True)
class _Present:
    user: lobby.OnlineUser
    connections: int
    is_hidden: bool
    presence: Presence


@dataclass(frozen=True, slots=True)
class _Node:
    count: int
    users: Sequence[lobby.OnlineUser]
    received_at: float


class OnlineUsers:
    """People with an open connection to any node. Those who hide their profile are counted, not shown.

    Call `flush` about as often as `interval_s`. It publishes changes no faster than that, and repeats the
    state every 10 s: a node that has not been heard of for 30 s is dropped.
    """

    def __init__(self, bus: Bus, sink: LobbySink, node_id: str, clock: Clock, interval_s: float) -> None:
        self._bus = bus
        self._sink = sink
        self._clock = clock
        self._node_id = node_id
        self._interval = interval_s
        self._here: dict[str, _Present] = {}
        self._nodes: dict[str, _Node] = {}
        self._published_at = float("-inf")
        self._is_dirty = False
        self._sent: lobby.Online | None = None
        self._unsubscribe = (
            bus.subscribe(ONLINE_TOPIC, self._receive),
            bus.subscribe(HELLO_TOPIC, self._hello),
        )

    def arrived(self, user: User) -> None:
        """A connection of the user has opened."""
        present = self._here.pop(user.id, None)
        connections = 1 + (present.connections if present else 0)
        self._here[user.id] = _Present(online_user(user), connections, user.is_hidden, user.presence)
        self._is_dirty = True

    def departed(self, user_id: str) -> None:
        present = self._here.get(user_id)
        if present is None:
            return
        present.connections -= 1
        if present.connections == 0:
            del self._here[user_id]
        self._is_dirty = True

    def user_changed(self, user: User) -> None:
        present = self._here.get(user.id)
        if present is not None:
            present.user, present.is_hidden = online_user(user), user.is_hidden
            present.presence = user.presence
            self._is_dirty = True

    def view(self) -> lobby.Online:
        """This node's present state, and the other nodes' as last received."""
        others = [n for key, n in self._nodes.items() if key != self._node_id]
        users = {u.id: u for n in others for u in n.users}
        users.update((u.id, u) for u in reversed(self._newest_here()))
        newest = list(users.values())[::-1][:SHOWN]
        return lobby.Online(count=len(self._here) + sum(n.count for n in others), users=newest)

    def shown_to_friends(self) -> Sequence[str]:
        """Ids of the people with a connection to this node who let friends see that they are online."""
        return [i for i, present in self._here.items() if present.presence is not Presence.NOBODY]

    def count(self) -> int:
        """People online on all nodes."""
        return self.view().count

    def flush(self, now: float) -> None:
        for key in [k for k, n in self._nodes.items() if now - n.received_at > _STALE_AFTER_S]:
            del self._nodes[key]
        since = now - self._published_at
        if (self._is_dirty and since >= self._interval) or since >= _REPEAT_EVERY_S:
            self._publish(now)
        self._notify()

    def close(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _hello(self, _payload: Mapping[str, object]) -> None:
        self._is_dirty = True

    def _publish(self, now: float) -> None:
        self._published_at = now
        self._is_dirty = False
        users = [u.wire() for u in self._newest_here()]
        self._bus.publish(ONLINE_TOPIC, {"node": self._node_id, "count": len(self._here), "users": users})

    def _newest_here(self) -> list[lobby.OnlineUser]:
        newest = (present.user for present in reversed(self._here.values()) if not present.is_hidden)
        return list(islice(newest, SHOWN))

    def _receive(self, payload: Mapping[str, object]) -> None:
        try:
            users = [lobby.OnlineUser.model_validate(u) for u in cast("Sequence[Any]", payload["users"])]
            node = _Node(int(cast("int", payload["count"])), users, self._clock())
            self._nodes[str(payload["node"])] = node
        except (KeyError, TypeError, ValueError) as error:
            _log.warning("ignored a presence message of another version: %r", error)

    def _notify(self) -> None:
        """Notify watchers at most once a flush, and only of published state, so that the same rate limit
        applies."""
        if self._is_dirty:
            return
        online = self.view()
        if online != self._sent:
            self._sent = online
            self._sink.send(online)
