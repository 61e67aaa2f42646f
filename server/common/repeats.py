"""Counts repetitions, so that what clients can cause without limit is logged a bounded number of times.

The caller passes the time; any monotonic clock in seconds will do.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Repeats(Generic[Key]):
    """Within a period of `period_s`, `is_shown` is true for the first `shown` of each key, and for no key
    beyond the first `max_keys`. `ended` yields how many of each key were not shown, None for all further
    keys."""

    def __init__(self, *, period_s: float, max_keys: int) -> None:
        self._period_s = period_s
        self._max_keys = max_keys
        self._started = 0.0
        self._seen: dict[Key, int] = {}
        self._hidden: dict[Key | None, int] = {}

    def is_shown(self, key: Key, shown: int) -> bool:
        seen = self._seen.get(key, 0)
        if seen == 0 and len(self._seen) >= self._max_keys:
            self._hide(None)
            return False
        if seen >= shown:
            self._hide(key)
            return False
        self._seen[key] = seen + 1
        return True

    def ended(self, now: float) -> Iterator[tuple[Key | None, int]]:
        """Call it before `is_shown`, and whenever a late summary would be missed. Starts a new period if the
        last has ended."""
        if now - self._started < self._period_s:
            return
        hidden = self._hidden
        self._started, self._seen, self._hidden = now, {}, {}
        yield from hidden.items()

    def _hide(self, key: Key | None) -> None:
        self._hidden[key] = self._hidden.get(key, 0) + 1
