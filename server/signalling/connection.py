"""One client's connection to `/rooms`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from server.common.token_bucket import TokenBucket
from server.protocol.base import Outbound

Push = Callable[[str, dict[str, Any]], None]
_MAX_CORKED = 512


class Connection:
    """Numbers its events and keeps their order against acks.

    Between `mark` and `uncork` events are kept back: an ack that holds a snapshot is being made, and what
    happened after the snapshot must arrive after it. `tutor_room`: it may play the tutor of that room, and
    nothing else.
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
        self.tutor_room = tutor_room
        self.bucket = bucket
        self.turn = asyncio.Lock()
        self.waiting = 0
        self.is_closed = False
        self._push = push
        self._cut = cut
        self._seq = 0
        self._corked: list[tuple[str, dict[str, Any]]] | None = None

    def send(self, name: str, payload: dict[str, Any]) -> None:
        self._seq += 1
        numbered = {**payload, "seq": self._seq}
        if self._corked is None:
            self._push(name, numbered)
        elif len(self._corked) < _MAX_CORKED:
            self._corked.append((name, numbered))
        else:
            self._cut()

    def mark(self) -> int:
        """The number of the last event; later ones wait for `uncork`."""
        if self._corked is None:
            self._corked = []
        return self._seq

    def uncork(self) -> None:
        kept, self._corked = self._corked, None
        for name, payload in kept or ():
            self._push(name, payload)


Handler = Callable[[Connection, Any], Awaitable[Outbound]]
"""Does what one event asks for; gets the payload that the protocol declares for it."""
