"""One client's connection to a namespace that takes events."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from server.common.token_bucket import TokenBucket
from server.protocol.base import Outbound

Push = Callable[[str, dict[str, Any]], None]
_MAX_CORKED = 512


class Connection:
    """Numbers its events and keeps their order relative to acks.

    Between `mark` and `uncork` events are held back: an ack with a snapshot is being made, and events that
    happened after the snapshot must arrive after it. A connection with a `tutor_room` may join only that
    room, as its tutor.
    """

    def __init__(
        self,
        id_: str,
        user_id: str,
        push: Push,
        cut: Callable[[], None],
        bucket: TokenBucket | None,
        tutor_room: str | None = None,
    ) -> None:
        self.id = id_
        self.user_id = user_id
        self.push = push
        self.cut = cut
        self.tutor_room = tutor_room
        self.bucket = bucket
        self.turn = asyncio.Lock()
        self.waiting = 0
        self.is_closed = False
        self._seq = 0
        self._corked: list[tuple[str, dict[str, Any]]] | None = None

    def send(self, name: str, body: dict[str, Any]) -> None:
        """Send the event with the next `seq`. `body` is not changed: other connections send it too."""
        self._seq += 1
        payload = {**body, "seq": self._seq}
        if self._corked is None:
            self.push(name, payload)
        elif len(self._corked) < _MAX_CORKED:
            self._corked.append((name, payload))
        else:
            self.cut()

    def mark(self) -> int:
        """The `seq` of the last event. Later events wait for `uncork`."""
        if self._corked is None:
            self._corked = []
        return self._seq

    def uncork(self) -> None:
        kept, self._corked = self._corked, None
        for name, payload in kept or ():
            self.push(name, payload)


Handler = Callable[[Connection, Any], Awaitable[Outbound]]
"""Handles one event; takes the payload that the protocol declares for it and returns the ack."""
