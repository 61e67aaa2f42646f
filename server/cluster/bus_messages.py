"""Messages of the bus as texts in Redis: signed, numbered and dated. No I/O.

A program that can write to Redis could otherwise sign people out or change lists. It can still repeat what a
server wrote: so each server numbers its messages, and a receiver takes none twice, and none that is old. The
clocks of servers may differ by some minutes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.cluster.signatures import derived_key, signed, verified

FRESH_FOR_S = 600.0
"""A message whose date is further from this server's clock is dropped."""


class Dropped(StrEnum):
    """Why a message was not delivered. `unsigned`: no server with this secret wrote it. `dated`: its date is
    too far from this server's clock. `repeated`: it came before, or a later one did. `unreadable`: it is of
    another version."""

    UNSIGNED = "unsigned"
    DATED = "dated"
    REPEATED = "repeated"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Message:
    """`number` grows with each message of the server `node`. `date`: seconds since the epoch by its clock."""

    node: str
    number: int
    date: float
    topic: str
    payload: Mapping[str, object]


class Seal:
    """Writes this server's messages and reads those of all. `wall_clock` gives seconds since the epoch."""

    def __init__(self, secret: str, node_id: str, wall_clock: Callable[[], float]) -> None:
        self._key = derived_key(secret, "messages of the bus")
        self._node_id = node_id
        self._wall_clock = wall_clock
        self._last: dict[str, tuple[int, float]] = {}

    def write(self, number: int, topic: str, payload: str) -> str:
        """The message with the date of now. `payload` is a JSON object."""
        head = json.dumps([self._node_id, number, round(self._wall_clock(), 3), topic], separators=(",", ":"))
        return signed(f"{head[:-1]},{payload}]", self._key)

    def read(self, text: str) -> Message | Dropped:
        content, is_signed = verified(text, self._key)
        if not is_signed:
            return Dropped.UNSIGNED
        message = _parsed(content)
        if message is None:
            return Dropped.UNREADABLE
        now = self._wall_clock()
        if abs(now - message.date) > FRESH_FOR_S:
            return Dropped.DATED
        if message.number <= self._last.get(message.node, (0, 0.0))[0]:
            return Dropped.REPEATED
        self._forget(now)
        self._last[message.node] = message.number, max(now, message.date)
        return message

    def _forget(self, now: float) -> None:
        """Drop the numbers of servers whose every message would be refused by its date."""
        for node in [n for n, (_, at) in self._last.items() if now - at > 2 * FRESH_FOR_S]:
            del self._last[node]


def _parsed(content: str) -> Message | None:
    try:
        node, number, date, topic, payload = json.loads(content)
    except (ValueError, TypeError, RecursionError):
        return None
    types = ((node, str), (number, int), (date, float | int), (topic, str), (payload, dict))
    if not all(isinstance(value, kind) for value, kind in types):
        return None
    return Message(node, number, float(date), topic, payload)
