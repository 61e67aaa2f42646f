"""The bus of a single server process."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping

Handler = Callable[[Mapping[str, object]], None]
_log = logging.getLogger(__name__)


class MemoryBus:
    """Implements `rooms.ports.Bus` within one process.

    `publish` returns after delivery, except inside a handler: then the message waits until the present one
    has reached all subscribers, so that all see the same order.
    """

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
            except Exception:  # noqa: BLE001 - one failure must not keep the message from others
                _log.exception("subscriber of %s failed", topic)
