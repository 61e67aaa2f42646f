"""Counts the rooms, or the tutors, of all servers by account and address, for the limits on both."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from server.rooms.model import Claim
from server.rooms.ports import HELLO_TOPIC, Bus

CLAIM_TOPICS = ("claims.rooms", "claims.tutors")
_NOT_YET = float("-inf")
_STALE_AFTER_S = 30.0
_REPEAT_EVERY_S = 10.0
_Sent = tuple[str, str]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    """A claim as the server `node` published it: account and address."""

    node: str
    user_id: str
    address: str


class SharedClaims:
    """Publishes this server's claims by room, and counts those of the others.

    Changes are published by `publish`, and everything every 10 s and after a hello, since messages may be
    lost. Claims of a server that was silent for 30 s are dropped. Between two servers a limit may be passed
    by what comes within the time of a message.
    """

    def __init__(self, bus: Bus, topic: str, node_id: str) -> None:
        self._bus = bus
        self._topic = topic
        self._node_id = node_id
        self._sent: dict[str, _Sent] = {}
        self._others: dict[str, _Known] = {}
        self._of_user: Counter[str] = Counter()
        self._of_address: Counter[str] = Counter()
        self._heard_at: dict[str, float] = {}
        self._now = _NOT_YET
        self._repeated_at = float("-inf")
        self._unsubscribe = (bus.subscribe(topic, self._receive), bus.subscribe(HELLO_TOPIC, self._hello))

    def of_user(self, user_id: str) -> int:
        """The number that the other servers have for the account."""
        return self._of_user[user_id]

    def of_address(self, address: str) -> int:
        """As `of_user`, for an address as in `Claim`."""
        return self._of_address[address]

    def publish(self, own: Mapping[str, Claim], now: float) -> None:
        """`own`: this server's claims by room id. Call it often: it publishes what has changed."""
        if self._now == _NOT_YET:  # messages that came before the first call count as of now
            self._heard_at = dict.fromkeys(self._heard_at, now)
        self._now = now
        present = {room_id: (claim.user_id, claim.address) for room_id, claim in own.items()}
        if now - self._repeated_at >= _REPEAT_EVERY_S:
            self._repeated_at = now
            self._bus.publish(self._topic, {"node": self._node_id, "all": present})
        else:
            put = {room_id: sent for room_id, sent in present.items() if self._sent.get(room_id) != sent}
            gone = [room_id for room_id in self._sent if room_id not in present]
            if put or gone:
                self._bus.publish(self._topic, {"node": self._node_id, "put": put, "gone": gone})
        self._sent = present
        for node in [n for n, at in self._heard_at.items() if now - at > _STALE_AFTER_S]:
            del self._heard_at[node]
            self._keep_only(node, ())

    def close(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _hello(self, _payload: Mapping[str, object]) -> None:
        self._repeated_at = float("-inf")

    def _receive(self, payload: Mapping[str, object]) -> None:
        try:
            node = str(payload["node"])
            if node == self._node_id:
                return
            put = _claims_in(payload.get("all", payload.get("put")))
            gone = [str(room_id) for room_id in cast("list[Any]", payload.get("gone", []))]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            _log.warning("ignored a message about claims of another version: %r", error)
            return
        self._heard_at[node] = self._now
        if "all" in payload:
            self._keep_only(node, put)
        for room_id in gone:
            self._drop(room_id, node)
        for room_id, (user_id, address) in put.items():
            self._drop(room_id)
            self._others[room_id] = _Known(node, user_id, address)
            self._count(user_id, address, 1)

    def _keep_only(self, node: str, room_ids: Mapping[str, _Sent] | tuple[()]) -> None:
        for room_id in [r for r, known in self._others.items() if known.node == node and r not in room_ids]:
            self._drop(room_id, node)

    def _drop(self, room_id: str, node: str | None = None) -> None:
        """Only if it is the node's, where one is given: the room may have moved since."""
        known = self._others.get(room_id)
        if known is not None and node in (None, known.node):
            del self._others[room_id]
            self._count(known.user_id, known.address, -1)

    def _count(self, user_id: str, address: str, change: int) -> None:
        for counter, key in ((self._of_user, user_id), (self._of_address, address)):
            counter[key] += change
            if counter[key] <= 0:
                del counter[key]


def _claims_in(value: object) -> dict[str, _Sent]:
    """Raises AttributeError, TypeError, ValueError."""
    pairs = cast("Mapping[str, Any]", value or {}).items()
    return {str(room_id): (str(user_id), str(address)) for room_id, (user_id, address) in pairs}
