"""Lets the open pages of people know, at any server, that their lists of people have changed.

The message says no more than that: the pages ask again, and what they may see is decided there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from server.rooms.ports import Bus

PEOPLE_TOPIC = "people.changed"
"""Payload: `users`, ids of people whose lists have changed."""
_ON_A_MESSAGE = 1_000


class PeopleChanges:
    """`show` is called with a person whose pages may be open at this server."""

    def __init__(self, bus: Bus, show: Callable[[str], None]) -> None:
        self._bus = bus
        self._show = show
        self._unsubscribe = bus.subscribe(PEOPLE_TOPIC, self._receive)

    def publish(self, user_ids: Collection[str]) -> None:
        ids = sorted(user_ids)
        for at in range(0, len(ids), _ON_A_MESSAGE):
            self._bus.publish(PEOPLE_TOPIC, {"users": ids[at : at + _ON_A_MESSAGE]})

    def close(self) -> None:
        self._unsubscribe()

    def _receive(self, payload: Mapping[str, object]) -> None:
        users = payload.get("users")
        for user_id in users if isinstance(users, list) else ():
            self._show(str(user_id))
