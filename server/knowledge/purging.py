"""Removes the words of deleted documents from the index that searches use.

SQLite's index keeps a deleted word until the parts of the index that have it are merged, and merging all of
them writes the whole index again. So that is done some time after a deletion, once for all deletions until
then, and in steps that other writers wait little for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from server.common.durations import DAY_S
from server.common.tasks import Ticker
from server.errors import ParlorError

EVERY_S = 600.0
PAUSE_S = 0.05
"""Between two steps, for other writers: SQLite has one at a time."""
_log = logging.getLogger(__name__)


class PurgedStore(Protocol):
    async def purge_step(self, *, is_first: bool) -> bool:
        """Merge a part of the index. Returns whether there is more to merge. Raises Unavailable."""
        ...


class IndexPurge:
    """`clock` is seconds since the epoch. Call `start`, then `aclose`."""

    def __init__(self, store: PurgedStore, clock: Callable[[], float], pause_s: float = PAUSE_S) -> None:
        self._store = store
        self._clock = clock
        self._pause_s = pause_s
        # A server that was killed may have left words.
        self._is_due = True
        self._done_at = float("-inf")
        self._ticker = Ticker("words of deleted documents", EVERY_S, self.tick, at_start=True)

    def start(self) -> None:
        self._ticker.start()

    async def aclose(self) -> None:
        """Parts that are not merged yet are merged after the next start. Idempotent."""
        await self._ticker.aclose()

    def ask(self) -> None:
        """Documents have been deleted: their words go within `EVERY_S`."""
        self._is_due = True

    async def tick(self) -> None:
        """Purge if that was asked for, or once a day: the documents of guests go without a word. The ticker
        calls this, as do tests."""
        now = self._clock()
        if not self._is_due and 0 <= now - self._done_at < DAY_S:
            return
        self._is_due = False  # at first: a deletion meanwhile asks for the next purge
        try:
            is_first = True
            while await self._store.purge_step(is_first=is_first):
                is_first = False
                await asyncio.sleep(self._pause_s)
            self._done_at = now
        except ParlorError as error:
            self._is_due = True
            _log.warning(
                "words of deleted documents stay in the index until the next try", extra={"code": error.code}
            )
