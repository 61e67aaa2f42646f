"""People who let friends see that they are online, on all servers, and in which public room they are.

Nothing of anybody else is in memory or on the bus. Each server publishes what has changed among its own
people, and every 10 s how many messages it has sent: another server that has missed one asks for all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from server.common.tasks import TaskSet, Ticker
from server.errors import ParlorError
from server.people.changes import PeopleChanges
from server.people.ports import FollowStore, Online
from server.rooms.ports import HELLO_TOPIC, Bus, Clock

PRESENCE_TOPIC = "people.presence"
"""Payload: `node`, `version`, and `online` with the room of each person, `gone`; or `all` in place of
both."""
ASK_TOPIC = "people.presence.ask"
"""Somebody has missed a message: every server publishes all of its people."""
EVERY_S = 2.0
_BEAT_EVERY_S = 10.0
_STALE_AFTER_S = 30.0
_LINGER_S = 10.0
"""A reload of the page, or a change of network, does not show somebody as gone and back."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Server:
    heard_at: float
    version: int = 0
    online: dict[str, str | None] = field(default_factory=dict)


class FriendPresence:
    """`here`: the people of this server who let friends see that they are online. `clock` is monotonic."""

    def __init__(
        self,
        bus: Bus,
        node_id: str,
        here: Callable[[], Online],
        follows: FollowStore,
        changes: PeopleChanges,
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._node_id = node_id
        self._here = here
        self._follows = follows
        self._changes = changes
        self._clock = clock
        self._own: dict[str, str | None] = {}
        self._seen_at: dict[str, float] = {}
        self._version = 0
        self._beat_at = float("-inf")
        self._is_asked = False
        self._servers: dict[str, _Server] = {}
        self._all: dict[str, str | None] = {}
        self._tasks = TaskSet()
        self._ticker = Ticker("presence of friends", EVERY_S, self.tick)
        self._unsubscribe = (
            bus.subscribe(PRESENCE_TOPIC, self._receive),
            bus.subscribe(ASK_TOPIC, self._asked),
            bus.subscribe(HELLO_TOPIC, self._asked),
        )

    def all(self) -> Online:
        return self._all

    def start(self) -> None:
        self._ticker.start()

    def tick(self) -> None:
        """Publish what has changed here. The ticker calls this, as do tests that own the clock."""
        now = self._clock()
        online, gone = self._changes_here(now)
        if self._is_asked:
            self._is_asked = False
            self._publish(now, all=self._own)
        elif online or gone:
            self._publish(now, online=online, gone=gone)
        elif now - self._beat_at >= _BEAT_EVERY_S:
            self._publish(now)
        self._drop_silent(now)
        changed = {*online, *gone}
        if changed:
            self._tasks.spawn(self._show(changed), "presence shown to friends")

    def hide(self, user_id: str) -> None:
        """The person does not let friends see it any more: at once, not as after a lost connection."""
        self._seen_at.pop(user_id, None)

    async def settled(self) -> None:
        """Wait until friends have been told."""
        await self._tasks.wait()

    async def aclose(self) -> None:
        """Idempotent."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        await self._ticker.aclose()
        await self._tasks.aclose()

    def _changes_here(self, now: float) -> tuple[dict[str, str | None], list[str]]:
        here = self._here()
        self._seen_at.update(dict.fromkeys(here, now))
        online = {
            user_id: room_id
            for user_id, room_id in here.items()
            if user_id not in self._own or self._own[user_id] != room_id
        }
        left = [user_id for user_id in self._own if user_id not in here]
        gone = [u for u in left if now - self._seen_at.get(u, float("-inf")) >= _LINGER_S]
        for user_id in left:  # the room they have left is not shown while they may come back
            if user_id not in gone and self._own[user_id] is not None:
                online[user_id] = None
        self._own.update(online)
        for user_id in gone:
            del self._own[user_id]
            self._seen_at.pop(user_id, None)
        return online, gone

    def _publish(self, now: float, **content: object) -> None:
        self._beat_at = now
        self._version += bool(content)
        self._bus.publish(PRESENCE_TOPIC, {"node": self._node_id, "version": self._version, **content})

    def _asked(self, _payload: Mapping[str, object]) -> None:
        self._is_asked = True

    def _receive(self, payload: Mapping[str, object]) -> None:
        node, version = str(payload.get("node", "")), payload.get("version")
        if not node or not isinstance(version, int):
            return
        known = self._servers.get(node) or _Server(self._clock())
        self._servers[node] = known
        known.heard_at = self._clock()
        whole = payload.get("all")
        expected = known.version + (1 if "online" in payload else 0)
        if isinstance(whole, dict):
            known.online = _rooms(whole)
        elif version == expected:
            known.online |= _rooms(payload.get("online"))
            for user_id in _ids(payload.get("gone")):
                known.online.pop(user_id, None)
        elif node != self._node_id:
            self._bus.publish(ASK_TOPIC, {"node": self._node_id})
        known.version = version
        if "online" in payload or "all" in payload:
            self._merge()

    def _drop_silent(self, now: float) -> None:
        silent = [node for node, one in self._servers.items() if now - one.heard_at > _STALE_AFTER_S]
        for node in silent:
            del self._servers[node]
        if silent:
            self._merge()

    def _merge(self) -> None:
        """Somebody may have pages at two servers; a room is told before none."""
        merged: dict[str, str | None] = {}
        for server in self._servers.values():
            for user_id, room_id in server.online.items():
                merged[user_id] = room_id or merged.get(user_id)
        self._all = merged

    async def _show(self, user_ids: Collection[str]) -> None:
        try:
            self._changes.publish(await self._follows.friends_of(user_ids))
        except ParlorError as error:  # pages ask again by themselves, every minute
            _log.warning("friends were not told who is online: %s", error.code)


def _rooms(value: object) -> dict[str, str | None]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {str(user_id): room if isinstance(room, str) else None for user_id, room in pairs}


def _ids(value: object) -> list[str]:
    return [str(user_id) for user_id in value] if isinstance(value, list) else []
