"""The bus of a server that is alone."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping

Handler = Callable[[Mapping[str, object]], None]
_log = logging.getLogger(__name__)


class MemoryBus:
    """Implements `rooms.ports.Bus` within one process. Delivers before `publish` returns, except to what is
    published by a handler: that waits until the message being delivered has reached everyone, so that all
    subscribers see one order."""

    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = {}
        self._queue: deque[tuple[str, Mapping[str, object]]] = deque()
        self._is_delivering = False

    def publish(self, topic: str, payload: Mapping[str, object]) -> None:
        self._queue.append((topic, payload))
        if self._is_delivering:
            return
        self._is_delivering = True
        try:
            while self._queue:
                self._deliver(*self._queue.popleft())
        finally:
            self._is_delivering = False

    def subscribe(self, topic: str, handler: Handler) -> Callable[[], None]:
        handlers = self._handlers.setdefault(topic, [])
        handlers.append(handler)

        def unsubscribe() -> None:
            if handler in handlers:
                handlers.remove(handler)

        return unsubscribe

    def _deliver(self, topic: str, payload: Mapping[str, object]) -> None:
        for handler in list(self._handlers.get(topic, ())):
            try:
                handler(payload)
            except Exception:  # noqa: BLE001 - whatever it was, the others must be told
                _log.exception("a subscriber of %s failed; the others are told all the same", topic)
