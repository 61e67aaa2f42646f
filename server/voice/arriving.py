"""The memory of what voice clients send, all connections together: of messages that are still arriving, and
of those that no worker has yet.

Each message is small enough alone, but a client may leave its message unfinished for as long as it likes. So
there is a budget for all of them. When it is used up, the connection that holds most is ended, among those of
the network, address and account that hold most together.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from server.rooms.greedy import greediest
from server.rooms.model import Claim

MAX_ARRIVING_BYTES = 256 << 20
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Sender:
    """One connection. `end`: called when it must make room; it must drop what it holds."""

    claim: Claim
    end: Callable[[], None]
    size: int = 0


class Arriving:
    def __init__(self, max_bytes: int = MAX_ARRIVING_BYTES) -> None:
        self._max_bytes = max_bytes
        self._senders: dict[Sender, None] = {}
        self.total = 0

    def add(self, sender: Sender) -> None:
        self._senders[sender] = None

    def hold(self, sender: Sender, size: int) -> None:
        """So many bytes are held for the connection now. Those of one that has ended do not count."""
        if sender not in self._senders:
            return
        self.total += size - sender.size
        sender.size = size
        while self.total > self._max_bytes:
            greedy = max(greediest(self._senders), key=lambda one: one.size)
            _log.warning("voice connection ended: too many bytes are arriving", extra={"bytes": self.total})
            self.drop(greedy)
            greedy.end()

    def drop(self, sender: Sender) -> None:
        """Idempotent."""
        if sender in self._senders:
            del self._senders[sender]
            self.total -= sender.size
            sender.size = 0
