"""The list of open public rooms and of people online, over all nodes, and the events of `/lobby`."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from server.protocol import entities, lobby
from server.protocol.entities import RoomType
from server.protocol.tutor import TutorState
from server.rooms.listing import Listed
from server.rooms.model import User
from server.rooms.ports import Bus, Clock, LobbySink
from server.rooms.room import Room
from server.rooms.views import online_user

ROOMS_TOPIC = "lobby.rooms"
ONLINE_TOPIC = "lobby.online"
SHOWN = 24
_STALE_AFTER_S = 30.0
_REPEAT_EVERY_S = 10.0
_log = logging.getLogger(__name__)


class Lobby:
    """The public rooms of every node.

    A room's first change is published at once, further ones at most every `interval_s`. `flush` publishes the
    delayed ones, so it must be called at least that often.
    """

    def __init__(self, bus: Bus, sink: LobbySink, interval_s: float) -> None:
        self._bus = bus
        self._sink = sink
        self._interval = interval_s
        self._published: dict[str, float] = {}
        self._pending: dict[str, Room] = {}
        self._rooms: dict[str, Listed] = {}
        self._unsubscribe = bus.subscribe(ROOMS_TOPIC, self._receive)

    @property
    def rooms(self) -> Iterable[Listed]:
        """This node's rooms as they are, even if not yet published; other nodes' rooms as last received."""
        fresh = {r.id: Listed.of(_without_activity(r.view())) for r in self._pending.values()}
        return {**self._rooms, **fresh}.values()

    def changed(self, room: Room, now: float) -> None:
        if room.info.type is not RoomType.PUBLIC:
            return
        if now - self._published.get(room.id, float("-inf")) >= self._interval:
            self._publish(room, now)
        else:
            self._pending[room.id] = room

    def gone(self, room_id: str) -> None:
        self._pending.pop(room_id, None)
        if self._published.pop(room_id, None) is not None:
            self._bus.publish(ROOMS_TOPIC, {"gone": room_id})

    def flush(self, now: float) -> None:
        due = [r for r in self._pending.values() if now - self._published[r.id] >= self._interval]
        for room in due:
            del self._pending[room.id]
            self._publish(room, now)

    def draining(self) -> None:
        """Notify the connections of this node only: the other nodes keep running."""
        self._sink.send(lobby.LobbyDraining())

    def close(self) -> None:
        self._unsubscribe()

    def _publish(self, room: Room, now: float) -> None:
        self._published[room.id] = now
        self._bus.publish(ROOMS_TOPIC, {"room": _without_activity(room.view()).wire()})

    def _receive(self, payload: Mapping[str, object]) -> None:
        if "gone" in payload:
            self._remove(str(payload["gone"]))
            return
        try:
            room = entities.Room.model_validate(payload["room"])
        except (KeyError, ValueError) as error:
            _log.warning("ignored a lobby message of another version: %r", error)
            return
        self._put(room)

    def _put(self, room: entities.Room) -> None:
        known = self._rooms.get(room.id)
        listed = self._rooms[room.id] = Listed.of(room)
        if known is None:
            self._sink.send(lobby.RoomAdded(room=room, search_text=listed.text))
        elif known.room != room:
            self._sink.send(lobby.RoomChanged(room=room, search_text=listed.text))

    def _remove(self, room_id: str) -> None:
        if self._rooms.pop(room_id, None) is not None:
            self._sink.send(lobby.RoomGone(room_id=room_id))


def _without_activity(room: entities.Room) -> entities.Room:
    """A listed room shows nobody as speaking, because that changes too often for a list."""
    people = [p.model_copy(update={"is_speaking": False}) for p in room.participants]
    tutor = room.tutor and room.tutor.model_copy(update={"state": TutorState.IDLE})
    return room.model_copy(update={"participants": people, "tutor": tutor})


@dataclass(slots=True)
class _Present:
    user: lobby.OnlineUser
    connections: int


@dataclass(frozen=True, slots=True)
class _Node:
    count: int
    users: Sequence[lobby.OnlineUser]
    received_at: float


class OnlineUsers:
    """People with an open connection to any node.

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
        self._unsubscribe = bus.subscribe(ONLINE_TOPIC, self._receive)

    def arrived(self, user: User) -> None:
        """A connection of the user has opened."""
        present = self._here.pop(user.id, None)
        self._here[user.id] = _Present(online_user(user), 1 + (present.connections if present else 0))
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
            present.user = online_user(user)
            self._is_dirty = True

    def view(self) -> lobby.Online:
        """This node's present state, and the other nodes' as last received."""
        others = [n for key, n in self._nodes.items() if key != self._node_id]
        users = {u.id: u for n in others for u in n.users}
        users.update((u.id, u) for u in reversed(self._newest_here()))
        newest = list(users.values())[::-1][:SHOWN]
        return lobby.Online(count=len(self._here) + sum(n.count for n in others), users=newest)

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
        self._unsubscribe()

    def _publish(self, now: float) -> None:
        self._published_at = now
        self._is_dirty = False
        users = [u.wire() for u in self._newest_here()]
        self._bus.publish(ONLINE_TOPIC, {"node": self._node_id, "count": len(self._here), "users": users})

    def _newest_here(self) -> list[lobby.OnlineUser]:
        return [p.user for p in list(self._here.values())[: -SHOWN - 1 : -1]]

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
