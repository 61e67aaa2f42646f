"""The list of open public rooms, of every node, and the telling of its changes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from server.protocol.tutor import TutorState
from server.rooms.audience import LobbySink
from server.rooms.listing import Listed
from server.rooms.ports import Bus
from server.rooms.room import Room
from server.rooms.views import RoomView, view_from_json, view_to_json

TOPIC = "lobby.rooms"
_log = logging.getLogger(__name__)


class Lobby:
    """What this node's rooms publish, and what it knows of everyone's.

    A change is published at once, further ones of the same room at most every `interval_s`; `flush` brings
    what was kept back, so it must be called at least that often.
    """

    def __init__(self, bus: Bus, interval_s: float) -> None:
        self._bus = bus
        self._interval = interval_s
        self._published: dict[str, float] = {}
        self._pending: dict[str, Room] = {}
        self._rooms: dict[str, Listed] = {}
        self._sink: LobbySink | None = None
        self._unsubscribe = bus.subscribe(TOPIC, self._receive)

    @property
    def rooms(self) -> Iterable[Listed]:
        """Of this node as they are, though the telling of it is kept back; of others as they last said."""
        fresh = {r.id: Listed.of(_at_rest(r.view())) for r in self._pending.values()}
        return {**self._rooms, **fresh}.values()

    def watch(self, sink: LobbySink) -> None:
        self._sink = sink

    def changed(self, room: Room, now: float) -> None:
        if not room.view().is_listed:
            return
        if now - self._published.get(room.id, float("-inf")) >= self._interval:
            self._publish(room, now)
        else:
            self._pending[room.id] = room

    def gone(self, room_id: str) -> None:
        self._pending.pop(room_id, None)
        if self._published.pop(room_id, None) is not None:
            self._bus.publish(TOPIC, {"gone": room_id})

    def flush(self, now: float) -> None:
        due = [r for r in self._pending.values() if now - self._published[r.id] >= self._interval]
        for room in due:
            del self._pending[room.id]
            self._publish(room, now)

    def draining(self) -> None:
        """For those who watch on this node: the others go on."""
        if self._sink is not None:
            self._sink.draining()

    def close(self) -> None:
        self._unsubscribe()

    def _publish(self, room: Room, now: float) -> None:
        self._published[room.id] = now
        self._bus.publish(TOPIC, {"room": view_to_json(_at_rest(room.view()))})

    def _receive(self, payload: Mapping[str, object]) -> None:
        if "gone" in payload:
            self._remove(str(payload["gone"]))
            return
        try:
            view = view_from_json(cast("Mapping[str, Any]", payload["room"]))
        except (KeyError, TypeError, ValueError) as error:
            _log.warning("a lobby message of another version was ignored: %r", error)
            return
        self._put(view)

    def _put(self, view: RoomView) -> None:
        known = self._rooms.get(view.id)
        self._rooms[view.id] = Listed.of(view)
        if self._sink is None or (known is not None and known.view == view):
            return
        if known is None:
            self._sink.room_added(view)
        else:
            self._sink.room_updated(view)

    def _remove(self, room_id: str) -> None:
        if self._rooms.pop(room_id, None) is not None and self._sink is not None:
            self._sink.room_removed(room_id)


def _at_rest(view: RoomView) -> RoomView:
    """Who speaks changes too often for a list, and is not told there: so nobody is shown speaking."""
    people = tuple(replace(p, is_speaking=False) for p in view.participants)
    tutor = replace(view.tutor, state=TutorState.IDLE) if view.tutor else None
    return replace(view, participants=people, tutor=tutor)
