"""Who is online: everyone with an open connection, on any node."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from server.rooms.audience import LobbySink, OnlineView
from server.rooms.model import User
from server.rooms.ports import Bus, Clock

TOPIC = "lobby.online"
SHOWN = 24
_STALE_AFTER_S = 30.0
_REPEAT_EVERY_S = 10.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Present:
    user: User
    connections: int


@dataclass(frozen=True, slots=True)
class _Node:
    count: int
    users: Sequence[User]
    heard_at: float


class Online:
    """Call `flush` about as often as `interval_s`: it publishes changes no faster than that, and repeats the
    state now and then, so that a node that is gone is forgotten by the others."""

    def __init__(self, bus: Bus, node_id: str, clock: Clock, interval_s: float) -> None:
        self._bus = bus
        self._clock = clock
        self._node_id = node_id
        self._interval = interval_s
        self._here: dict[str, _Present] = {}
        self._nodes: dict[str, _Node] = {}
        self._published_at = float("-inf")
        self._is_dirty = False
        self._told: OnlineView | None = None
        self._sink: LobbySink | None = None
        self._unsubscribe = bus.subscribe(TOPIC, self._receive)

    def watch(self, sink: LobbySink) -> None:
        self._sink = sink

    def arrived(self, user: User) -> None:
        """A connection of the user has opened."""
        present = self._here.pop(user.id, None)
        self._here[user.id] = _Present(user, 1 + (present.connections if present else 0))
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
            present.user = user
            self._is_dirty = True

    def view(self) -> OnlineView:
        """This node as it is, the others as they last said."""
        others = [n for key, n in self._nodes.items() if key != self._node_id]
        users = {u.id: u for n in others for u in n.users}
        users.update((u.id, u) for u in reversed(self._newest_here()))
        newest = list(users.values())[::-1][:SHOWN]
        return OnlineView(len(self._here) + sum(n.count for n in others), newest)

    def count(self) -> int:
        """Of everyone, as `view` says."""
        return self.view().count

    def flush(self, now: float) -> None:
        for key in [k for k, n in self._nodes.items() if now - n.heard_at > _STALE_AFTER_S]:
            del self._nodes[key]
        since = now - self._published_at
        if (self._is_dirty and since >= self._interval) or since >= _REPEAT_EVERY_S:
            self._publish(now)
        self._tell()

    def close(self) -> None:
        self._unsubscribe()

    def _publish(self, now: float) -> None:
        self._published_at = now
        self._is_dirty = False
        users = [asdict(u) for u in self._newest_here()]
        self._bus.publish(TOPIC, {"node": self._node_id, "count": len(self._here), "users": users})

    def _newest_here(self) -> list[User]:
        return [p.user for p in list(self._here.values())[: -SHOWN - 1 : -1]]

    def _receive(self, payload: Mapping[str, object]) -> None:
        try:
            users = [User(**u) for u in cast("Sequence[dict[str, Any]]", payload["users"])]
            node = _Node(int(cast("int", payload["count"])), users, self._clock())
            self._nodes[str(payload["node"])] = node
        except (KeyError, TypeError, ValueError) as error:
            _log.warning("a presence message of another version was ignored: %r", error)

    def _tell(self) -> None:
        """At most once a flush, and only what was published: throttled with it."""
        if self._is_dirty or self._sink is None:
            return
        view = self.view()
        if view != self._told:
            self._told = view
            self._sink.online(view)
